"""One request to the API, from its head to its answer. Whatever goes wrong on the way is answered as problem details."""

from collections.abc import Mapping
from urllib.parse import parse_qsl
from uuid import UUID

from litestar import Response
from msgspec import Struct

from app.actor import Actor
from app.api.conditions import expected
from app.api.decoding import JSON, check_media_type, decode
from app.api.operations import Answer, Call, Operation
from app.api.problems import BadRequest, MethodUnknown, UnsupportedMedia, api_status, problem_bytes, problem_headers
from app.api.schemas import Nothing
from app.api.writing import idempotency_key
from app.errors import NotFound
from app.identity.access import allows, require
from app.logs import logger
from app.web.context import AnyRequest, provide_program, services_of
from app.web.etags import is_unchanged

LOG = logger(__name__)
Methods = Mapping[str, Operation]
NO_THING = UUID(int=0)


async def serve(operations: Methods, request: AnyRequest) -> Response[bytes]:
    """The answer of one address, which knows these methods."""
    try:
        answer = await find_answer(operations, request)
    except Exception as error:
        answer = problem_answer(error)
    return response(answer)


def problem_answer(error: Exception) -> Answer:
    """An error as an answer; an unforeseen one is written down, and nothing of it is told."""
    status = api_status(error)
    if status >= 500:
        LOG.error("api.failed", status=status, error=type(error).__name__, exc_info=error if status == 500 else None)
    return Answer(status, problem_bytes(error), problem_headers(error))


def response(answer: Answer) -> Response[bytes]:
    """The answer as the framework sends it."""
    headers = {"content-type": JSON, "cache-control": "no-store", **answer.headers}
    if answer.status in (204, 304):
        return Response(b"", status_code=answer.status, headers={k: v for k, v in headers.items() if k != "content-type"})
    headers["content-length"] = str(len(answer.body))
    return Response(answer.body, status_code=answer.status, headers=headers, media_type=headers["content-type"])


async def find_answer(operations: Methods, request: AnyRequest) -> Answer:
    """Let the request in, run its operation, and answer 304 where the client already has what it asks for."""
    operation = operations.get(request.method)
    if operation is None:
        return refuse_method(operations, request.method)
    call = await let_in(operation, request)
    answer = await operation.run(call)
    etag = answer.headers.get("etag")
    if operation.is_safe and etag and is_unchanged(request.headers.get("if-none-match"), etag):
        return Answer(304, b"", answer.headers)
    return answer


def refuse_method(operations: Methods, method: str) -> Answer:
    """What OPTIONS asks for: the methods. Raises MethodUnknown for any other method."""
    known = sorted({*operations, "OPTIONS"} | ({"HEAD"} if "GET" in operations else set()))
    if method != "OPTIONS":
        raise MethodUnknown(known)
    return Answer(204, b"", {"allow": ", ".join(known)})


async def let_in(operation: Operation, request: AnyRequest) -> Call:
    """The request as a call. Raises, in this order, what is wrong with key, scope, address, parameters, headers and body."""
    program = await provide_program(request)
    require_scope(program.actor, operation)
    thing_id, number = path_values(request)
    query = read_query(operation, request)
    key = None if operation.is_safe else idempotency_key(request.headers.getall("idempotency-key", []))
    version = expected(request.headers.get("if-match")) if operation.changes else None
    raw, body = await read_body(operation, request)
    return Call(
        services=services_of(request), program=program, method=operation.method, path=request.url.path, query=query, thing_id=thing_id,
        number=number, body=body, raw=raw, expect=version, idempotency_key=key,
    )  # fmt: skip


def require_scope(actor: Actor, operation: Operation) -> None:
    """Raise Forbidden, naming the scope, unless the key may do one of the operation's acts."""
    if not any(allows(actor, act) for act in operation.acts):
        require(actor, operation.acts[0])


def path_values(request: AnyRequest) -> tuple[UUID, int]:
    """The id and the number in the address. Raises NotFound: what cannot be an id names nothing."""
    text, number = request.path_params.get("id"), str(request.path_params.get("n", 0))
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise NotFound()
    try:
        return (UUID(text) if text is not None else NO_THING), int(number)
    except ValueError:
        raise NotFound() from None


def read_query(operation: Operation, request: AnyRequest) -> dict[str, str]:
    """The parameters, each known and given once. Raises BadRequest."""
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="strict")
    known, query = [parameter.name for parameter in operation.query], dict(pairs)
    for name in query:
        if name not in known:
            offered = f"It knows {', '.join(known)}." if known else "It takes none."
            raise BadRequest(f"This address does not know the parameter `{name[:100]}`. {offered}")
    if len(query) != len(pairs):
        raise BadRequest("A parameter is given twice. Give each once.")
    return query


async def read_body(operation: Operation, request: AnyRequest) -> tuple[bytes, Struct | None]:
    """The body as bytes and as what the operation takes. Raises UnsupportedMedia, BadRequest, Invalid, BodyTooLarge, BodyTooSlow."""
    if operation.is_safe:
        return b"", None
    raw = await request.body()
    kind = operation.body or Nothing
    if not raw and kind is Nothing:
        return raw, Nothing()
    check_media_type(request.headers.get("content-type", ""), is_patch=operation.method == "PATCH")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("Send the body without Content-Encoding.")
    found: Struct = decode(raw, kind)
    return raw, found
