"""The door: every operation in one table, and the router that leads to them."""

from collections.abc import Iterable
from functools import partial

from litestar import Request, Response, Router, route
from litestar.handlers import HTTPRouteHandler
from litestar.types import Method

from app.api.content import content_operations
from app.api.operations import BASE, Operation
from app.api.products import product_operations
from app.api.record import record_operations
from app.api.serving import Methods, problem_answer, response, serve
from app.api.showing import document_routes
from app.api.things import thing_operations
from app.errors import NotFound
from app.web.services import Services

ALL_METHODS: tuple[Method, ...] = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
OPERATIONS: tuple[Operation, ...] = (
    *content_operations("post"),
    *content_operations("page"),
    *product_operations(),
    *thing_operations(),
    *record_operations(),
)


def router(services: Services) -> Router:
    """The API at /api. Everything below it, also what does not exist, is answered for programs."""
    addresses = [endpoint(path, methods) for path, methods in by_path(OPERATIONS).items()]
    documents = document_routes(OPERATIONS, services.console_origin)
    return Router(path="/api", route_handlers=[*addresses, *documents, nothing_here], include_in_schema=False)


def by_path(operations: Iterable[Operation]) -> dict[str, dict[str, Operation]]:
    """The operations of each address, by method."""
    found: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        found.setdefault(operation.path, {})[operation.method] = operation
    return found


def endpoint(path: str, methods: Methods) -> HTTPRouteHandler:
    """The handler of one address. It takes every method, so that unknown ones are refused in the API's own words."""
    typed = BASE.removeprefix("/api") + path.replace("{id}", "{id:str}").replace("{n}", "{n:str}")
    answer = partial(serve, methods)

    @route(typed, http_method=ALL_METHODS, name=f"api {path}")
    async def handler(request: Request) -> Response[bytes]:  # type: ignore[type-arg]
        return await answer(request)

    return handler


@route(["/", "/{rest:path}"], http_method=ALL_METHODS, name="api nothing")
async def nothing_here() -> Response[bytes]:
    """No such address."""
    return problem_response(NotFound())


def problem_response(error: Exception) -> Response[bytes]:
    """An error as the API says it, for whoever meets one outside the handlers of this door."""
    return response(problem_answer(error))
