"""What browsers and machines ask of every site beside its pages: stylesheets, the icon, robots.txt and whether it lives."""

from litestar.handlers import route
from litestar.response.base import ASGIResponse

from app.public.answers import IMMUTABLE, METHODS, answer, answer_file, answer_missing, answer_redirect
from app.public.asking import AnyRequest, database_of, host_of, path_of, press_of
from app.publishing.pages import find_icon, find_style

PLAIN = "text/plain; charset=utf-8"
ROBOTS = b"User-agent: *\nAllow: /\n"


@route("/-/health", http_method=METHODS)
async def show_health(request: AnyRequest) -> ASGIResponse:
    """That this host leads to a site, and that its database could say so."""
    return answer(b"ok\n", headers={"content-type": PLAIN, "cache-control": "no-store"})


@route("/-/{path:path}", http_method=METHODS)
async def show_style(request: AnyRequest) -> ASGIResponse:
    """A stylesheet of the site, under the hash of its content."""
    host = host_of(request)
    style = await find_style(press_of(request), database_of(request), host.site_id, host.host, path_of(request))
    if style is None:
        return await answer_missing(request)
    return answer_file(request, style.body, style.media_type, cache=IMMUTABLE)


@route("/robots.txt", http_method=METHODS)
async def show_robots(request: AnyRequest) -> ASGIResponse:
    """What crawlers may read: everything."""
    return answer_file(request, ROBOTS, PLAIN)


@route("/favicon.ico", http_method=METHODS)
async def show_icon(request: AnyRequest) -> ASGIResponse:
    """The way to the site's icon, for browsers that look for it here."""
    host = host_of(request)
    url = await find_icon(press_of(request), database_of(request), host.site_id, host.host)
    if url is None:
        return await answer_missing(request)
    return answer_redirect(302, url)
