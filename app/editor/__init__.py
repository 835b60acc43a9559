"""DOOR: the console in the browser, one file per kind of screen.

Owns forms and screens. May use web and the rooms; never imports sqlalchemy, and exists on the console's host only.
"""

from app.editor.app import console_app

__all__ = ["console_app"]
