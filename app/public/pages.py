"""Every page of a site, and its feeds: one route, because the first part of an address may be a language."""

from litestar.handlers import route
from litestar.response.base import ASGIResponse

from app.public.answers import METHODS, answer_page
from app.public.asking import AnyRequest, database_of, host_of, path_of, press_of, wish
from app.publishing.pages import find_page

# What stands under the last three has routes of its own; they themselves are no pages.
PATHS = ["/", "/{path:path}", "/media", "/-", "/-/preview"]


@route(PATHS, http_method=METHODS)
async def show_page(request: AnyRequest) -> ASGIResponse:
    """The page at an address of the site."""
    asked = wish(request, path_of(request))
    return answer_page(request, await find_page(press_of(request), database_of(request), host_of(request).site_id, asked))
