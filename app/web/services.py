"""What the HTTP doors are given to work with. Made once a process by the composition root."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.db.database import Shared, Tenancy
from app.identity.people import People
from app.media.storage import Storage
from app.publishing.themes import Themes
from app.settings import Settings, signing_keys


@dataclass(frozen=True)
class Services:
    """The parts of the house that a request may need. `is_demo` opens the redirects of the demonstration."""

    settings: Settings
    tenancy: Tenancy
    directory: Shared
    people: People
    storage: Storage
    themes: Themes
    close: Callable[[], Awaitable[None]]
    is_demo: bool = False

    @property
    def console_origin(self) -> str:
        """Scheme, host and port of the console, as browsers write it in Origin."""
        return str(self.settings.console_url)

    @property
    def session_cookie(self) -> str:
        """The name of the session's cookie; the prefix binds it to the host and needs TLS."""
        return "__Host-agoat_session" if self.settings.console_url.is_secure else "agoat_session"

    def keys(self, purpose: str) -> tuple[bytes, ...]:
        """Signing keys for one purpose, the present one first, then the one that still verifies."""
        return signing_keys(self.settings, purpose)
