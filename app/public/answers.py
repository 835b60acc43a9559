"""What visitors are answered: pages and files with their entity tags, and errors that tell nothing."""

from http import HTTPStatus

from litestar import HttpMethod, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.response.base import ASGIResponse
from msgspec.structs import replace

from app.errors import Gone, Unavailable
from app.logs import logger
from app.public.asking import AnyRequest, database_of, host_of, press_of, services_of, wish
from app.publishing.pages import find_page
from app.publishing.visits import HTML, Page
from app.web.etags import etag_of, is_unchanged
from app.web.plain import Answer, host_page, themed_page

ALLOWED = "GET, HEAD"
# Every route knows all of them, so that one place refuses those that could change something.
METHODS = [HttpMethod.GET, HttpMethod.OPTIONS, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE]
IMMUTABLE = "public, max-age=31536000, immutable"
LOG = logger(__name__)


def answer(body: bytes, *, status: int = 200, headers: dict[str, str]) -> ASGIResponse:
    """An answer with a body. `headers` hold its content type."""
    return ASGIResponse(body=body, status_code=status, headers={"content-length": str(len(body)), **headers})


def answer_file(request: AnyRequest, body: bytes, media_type: str, *, cache: str | None = None) -> ASGIResponse:
    """A page or file that exists, or 304 for those who have it already."""
    etag = etag_of(body)
    headers = {"etag": etag, **({"cache-control": cache} if cache else {})}
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return ASGIResponse(status_code=304, headers=headers)
    return answer(body, headers={**headers, "content-type": media_type})


def answer_redirect(status: int, location: str) -> ASGIResponse:
    """The way to another address."""
    return answer(b"", status=status, headers={"location": location, "content-type": HTML})


def answer_page(request: AnyRequest, page: Page) -> ASGIResponse:
    """A page as publishing made it."""
    if page.location is not None:
        return answer_redirect(page.status, page.location)
    if page.status != HTTPStatus.OK:
        return answer(page.body, status=page.status, headers={"content-type": page.media_type})
    return answer_file(request, page.body, page.media_type)


async def answer_missing(request: AnyRequest) -> ASGIResponse:
    """The one answer for everything that does not exist, whatever it was asked as."""
    nowhere = replace(wish(request, "/"), address=None, query={})
    return answer_page(request, await find_page(press_of(request), database_of(request), host_of(request).site_id, nowhere))


def answer_plain(plain: Answer) -> Response[bytes]:
    """One of the answers that need no site."""
    said = {"content-length": str(len(plain.body)), **plain.headers}
    return Response(plain.body, status_code=plain.status, headers=said)


def answer_error(request: AnyRequest, error: Exception) -> Response[bytes]:
    """The answer to what went wrong. Visitors learn neither what nor whose."""
    themes = services_of(request).themes
    if isinstance(error, Unavailable):
        return answer_plain(themed_page(themes, 503, retry_after=error.retry_after))
    if isinstance(error, Gone):
        return answer_plain(host_page(410, "This site is gone", "It has been closed for good."))
    if isinstance(error, MethodNotAllowedException):
        return answer_refused()
    if isinstance(error, HTTPException) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return answer_plain(host_page(error.status_code, HTTPStatus(error.status_code).phrase, "The request cannot be answered."))
    LOG.error("public.failed", exc_info=error)
    return answer_plain(themed_page(themes, 500))


def answer_refused() -> Response[bytes]:
    """The answer to every method but GET and HEAD."""
    plain = host_page(405, "This is a place to read", "Pages of this site can be read, and nothing can be sent to them.")
    return answer_plain(Answer(plain.status, plain.body, {**plain.headers, "allow": ALLOWED}))


def refuse_to_write(request: AnyRequest) -> Response[bytes] | None:
    """Answer a method that could change something, before any handler is asked."""
    return None if request.method == "GET" else answer_refused()
