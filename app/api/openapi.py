"""The OpenAPI 3.1 document, written from the table of operations and the Structs of the contract. Pure."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec

from app import __version__
from app.api.operations import BASE, Operation
from app.api.problems import PROBLEM_TYPE
from app.api.schemas import Problem
from app.identity.access import RULES, SCOPES, Act
from app.settings import LIMITS

REF = "#/components/schemas/{name}"
ALWAYS, ON_THING = (400, 401, 403, 405, 500, 503), (404,)
ON_BODY, ON_CHANGE = (408, 409, 413, 415, 422), (412, 428)
SAID = {
    400: "A parameter, a header or the syntax of the body cannot be understood.",
    401: "No valid key was sent.",
    403: "The key lacks a scope; `needs` names it.",
    404: "There is no such thing. The things of other customers do not exist either.",
    405: "The address does not know the method; Allow names those it knows.",
    408: "The body did not arrive in time.",
    409: "Another thing has the address or SKU (`free` is one that is not taken), the thing is in another state than the act needs,"
    " or the first request with this Idempotency-Key still runs.",
    410: "These changes are no longer kept. Read the lists anew, then go on after `newest`.",
    412: "The thing has another version than If-Match names; `current_version` is its present one.",
    413: f"The body is larger than {LIMITS.request_bytes:,} bytes.",
    415: "The body is not JSON.",
    422: "Fields need another look; `errors` says which and how. Or: the Idempotency-Key was used with another body.",
    428: "Send If-Match.",
    500: "Something went wrong on our side.",
    503: "A part of the service is away; Retry-After says when to come again.",
}
RETRY = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
HEADERS: dict[str, Any] = {
    "ETag": {"description": "Version and hash of the answer. If-Match compares the version alone.", "schema": {"type": "string"}},
    "Link": {"description": "The address of the next page, with rel next (RFC 8288).", "schema": {"type": "string"}},
    "Location": {"description": "The address of what was made.", "schema": {"type": "string"}},
    "Replayed": {"description": "`true` when the answer is that of an earlier request with the same key.", "schema": {"const": "true"}},
    "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
}
PARAMETERS: dict[str, Any] = {
    "Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
    "Number": {"name": "n", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1, "maximum": 10**17}},
    "IfNoneMatch": {"name": "If-None-Match", "in": "header", "schema": {"type": "string"},
                    "description": "The ETag of what you have; where nothing changed, the answer is 304."},
    "IfMatch": {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"},
                "description": "The ETag of what you read, or * to change whatever is there."},
    "IdempotencyKey": {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": 255},
                       "description": f"Makes a request that is sent twice happen once. Kept for {LIMITS.idempotency.days * 24} hours."},
}  # fmt: skip


def document(operations: Iterable[Operation], origin: str) -> dict[str, Any]:
    """The whole document. `origin` is scheme, host and port of the console."""
    table = list(operations)
    schemas = components(table)
    paths: dict[str, Any] = {}
    for operation in table:
        paths.setdefault(BASE + operation.path, {})[operation.method.lower()] = described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "AGoat Publisher", "version": __version__, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": origin}],
        "tags": [{"name": name} for name in dict.fromkeys(operation.tag for operation in table)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": HEADERS,
            "parameters": PARAMETERS,
            "responses": {response_name(status): problem_description(status) for status in SAID},
            "securitySchemes": {"key": key_scheme()},
        },
    }


def key_scheme() -> dict[str, Any]:
    """How a client says who it is."""
    said = f"An API key of one customer, sent as `Authorization: Bearer agoat_…`. Its scopes are among {', '.join(SCOPES)}."
    return {"type": "http", "scheme": "bearer", "description": said}


def components(operations: list[Operation]) -> dict[str, Any]:
    """The schemas of everything that is sent or comes back."""
    kinds = [Problem, *(part for operation in operations for part in (operation.body, *operation.answers) if part is not None)]
    _, found = msgspec.json.schema_components(list(dict.fromkeys(kinds)), ref_template=REF)
    return dict(sorted(found.items()))


def schema_of(*kinds: Any) -> dict[str, Any]:
    """A reference to the schema of a Struct, or to those of several."""
    schemas, _ = msgspec.json.schema_components(kinds, ref_template=REF)
    return schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}


def described(operation: Operation) -> dict[str, Any]:
    """One operation."""
    said: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": f"Needs {needs(operation)}.",
        "tags": [operation.tag],
        "security": [{"key": sorted(RULES[act].scopes)} for act in operation.acts],
        "parameters": parameters(operation),
        "responses": responses(operation),
    }
    if operation.body is not None:
        is_needed = bool(required_fields(operation.body))
        kinds = ["application/json", *(["application/merge-patch+json"] if operation.method == "PATCH" else [])]
        said["requestBody"] = {"required": is_needed, "content": {kind: {"schema": schema_of(operation.body)} for kind in kinds}}
    return said


def required_fields(body: type[msgspec.Struct]) -> tuple[str, ...]:
    """The names of the fields of a body; a body without fields may be left out."""
    return body.__struct_fields__


def needs(operation: Operation) -> str:
    """The scopes of an operation in words."""
    return " or ".join(scopes_of(act) for act in operation.acts)


def scopes_of(act: Act) -> str:
    """The scopes of an act in words."""
    return " and ".join(f"`{scope}`" for scope in sorted(RULES[act].scopes))


def parameters(operation: Operation) -> list[dict[str, Any]]:
    """The parameters of an operation in address, query and head."""
    names = [name for mark, name in (("{id}", "Id"), ("{n}", "Number")) if mark in operation.path]
    names += ["IfNoneMatch"] if operation.is_safe else ["IdempotencyKey", *(["IfMatch"] if operation.changes else [])]
    queried = [
        {"name": parameter.name, "in": "query", "description": parameter.summary, "schema": parameter.schema}
        for parameter in operation.query
    ]
    return [{"$ref": f"#/components/parameters/{name}"} for name in names] + queried


def responses(operation: Operation) -> dict[str, Any]:
    """What an operation answers, and what can go wrong."""
    statuses = [*ALWAYS, *(ON_THING if "{id}" in operation.path else ())]
    statuses += [] if operation.is_safe else ON_BODY
    statuses += ON_CHANGE if operation.changes else []
    statuses += [410] if operation.id == "list_changes" else []
    said: dict[str, Any] = {str(operation.status): success(operation)}
    if operation.is_safe:
        said["304"] = {"description": "You have this already.", "headers": {"ETag": {"$ref": "#/components/headers/ETag"}}}
    return said | {str(status): {"$ref": f"#/components/responses/{response_name(status)}"} for status in sorted(statuses)}


def success(operation: Operation) -> dict[str, Any]:
    """The answer of an operation that went well."""
    names = {"ETag": "ETag"}
    names |= {"Link": "Link"} if operation.query else {}
    names |= {} if operation.is_safe else {"Idempotency-Replayed": "Replayed"}
    names |= {"Location": "Location"} if operation.status == 201 else {}
    return {
        "description": HTTPStatus(operation.status).phrase,
        "headers": {header: {"$ref": f"#/components/headers/{name}"} for header, name in names.items()},
        "content": {"application/json": {"schema": schema_of(*operation.answers)}},
    }


def problem_description(status: int) -> dict[str, Any]:
    """A response with problem details."""
    said: dict[str, Any] = {"description": SAID[status], "content": {PROBLEM_TYPE: {"schema": {"$ref": REF.format(name="Problem")}}}}
    return said | ({"headers": RETRY} if status in (409, 503) else {})


def response_name(status: int) -> str:
    """The name of a response among the components."""
    return re.sub(r"\W", "", HTTPStatus(status).phrase)
