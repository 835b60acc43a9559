"""The two pages about the API that need no key: its OpenAPI document, and the same for people."""

from collections.abc import Sequence

import msgspec
from litestar import Request, Response, route
from litestar.handlers import HTTPRouteHandler

from app.api.docs_page import STYLE, docs_page
from app.api.openapi import document
from app.api.operations import BASE, Answer, Operation
from app.api.problems import MethodUnknown
from app.api.serving import problem_answer, response
from app.web.context import AnyRequest
from app.web.etags import etag_of, is_unchanged

KNOWN = ("GET", "HEAD", "OPTIONS")


def document_routes(operations: Sequence[Operation], origin: str) -> list[HTTPRouteHandler]:
    """The handlers of the document, of the page, and of its style sheet; their contents are made once."""
    said = document(operations, origin)
    kept = [
        (BASE.removeprefix("/api") + "/openapi.json", "application/json", msgspec.json.encode(said)),
        ("/docs", "text/html; charset=utf-8", docs_page(said).encode()),
        ("/docs.css", "text/css; charset=utf-8", STYLE.encode()),
    ]
    return [fixed(path, kind, body) for path, kind, body in kept]


def fixed(path: str, kind: str, body: bytes) -> HTTPRouteHandler:
    """The handler of something that stays the same as long as the process lives."""
    etag = etag_of(body)

    @route(path, http_method=("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"), name=f"api {path}")
    async def handler(request: Request) -> Response[bytes]:  # type: ignore[type-arg]
        return response(answer_of(request, kind, body, etag))

    return handler


def answer_of(request: AnyRequest, kind: str, body: bytes, etag: str) -> Answer:
    """The document, or that the client has it already."""
    if request.method not in KNOWN:
        return problem_answer(MethodUnknown(KNOWN))
    if request.method == "OPTIONS":
        return Answer(204, b"", {"allow": ", ".join(KNOWN)})
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return Answer(304, b"", {"etag": etag})
    return Answer(200, body, {"etag": etag, "content-type": kind})
