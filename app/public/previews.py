"""Previews: a site as it would be with one version of one post, for whoever has the address, until it expires."""

from datetime import UTC, datetime

from litestar.handlers import route
from litestar.response.base import ASGIResponse

from app.errors import NotFound
from app.public.answers import METHODS, answer, answer_missing
from app.public.asking import AnyRequest, database_of, host_of, path_of, press_of, services_of, wish
from app.publishing.pages import find_page
from app.publishing.visits import Page, PreviewOf
from app.web.previews import PREFIX, read_preview
from app.web.tokens import BadToken

HEADERS = {"cache-control": "private, no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}


@route("/-/preview/{path:path}", http_method=METHODS)
async def show_preview(request: AnyRequest) -> ASGIResponse:
    """A page of the site inside a preview. An expired or altered address is like one that never was."""
    token, slash, path = path_of(request).removeprefix(PREFIX).partition("/")
    host = host_of(request)
    try:
        allowed = read_preview(services_of(request), host.customer_id, host.site_id, token, datetime.now(UTC))
        preview = PreviewOf(post_id=allowed.post_id, version=allowed.version, expires_at=allowed.expires_at, base=PREFIX + token)
        asked = wish(request, slash + path, preview)
        page = await find_page(press_of(request), database_of(request), host.site_id, asked)
    except (BadToken, NotFound):
        return await answer_missing(request)
    return answer_preview(page)


def answer_preview(page: Page) -> ASGIResponse:
    """A page that nobody keeps, finds or tells others where it is."""
    place = {"location": page.location} if page.location is not None else {}
    return answer(page.body, status=page.status, headers={**HEADERS, **place, "content-type": page.media_type})
