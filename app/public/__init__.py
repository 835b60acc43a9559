"""DOOR: tenants' sites by domain, read only, for visitors.

Owns addresses and answers, not content: what may be seen comes from publishing alone, so it never imports content, catalog or media.
"""

from app.public.app import public_app

__all__ = ["public_app"]
