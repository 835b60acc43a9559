"""From a request of the framework to what publishing understands: the site, the exact address, the query and the moment."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from litestar import Request

from app.db.database import TenantDatabase
from app.publishing.targets import address_of
from app.publishing.visits import PageRequest, Press, PreviewOf
from app.tenancy.repository import HostEntry
from app.web.services import Services

AnyRequest = Request[Any, Any, Any]


def services_of(request: AnyRequest) -> Services:
    """What the composition root made for this process."""
    found: Services = request.app.state.services
    return found


def press_of(request: AnyRequest) -> Press:
    """What this door makes pages with."""
    found: Press = request.app.state.press
    return found


def host_of(request: AnyRequest) -> HostEntry:
    """Whose site was asked for; the outermost callable has found it."""
    found: HostEntry = request.scope["state"]["host"]
    return found


def database_of(request: AnyRequest) -> TenantDatabase:
    """The database as the site's customer sees it."""
    return services_of(request).tenancy.of(host_of(request).customer_id)


def path_of(request: AnyRequest) -> str:
    """The path exactly as it was sent, still encoded; the framework's own has lost the slash at its end."""
    scope: Mapping[str, Any] = request.scope
    return str(scope["raw_path"], "utf-8", "replace")


def wish(request: AnyRequest, path: str, preview: PreviewOf | None = None) -> PageRequest:
    """The wish for the page at an encoded path, now."""
    query = parse_qs(str(request.scope["query_string"], "latin-1"), keep_blank_values=True)
    return PageRequest(host=host_of(request).host, address=address_of(path), now=datetime.now(UTC), query=query, preview=preview)
