"""From the bytes of a body to a Struct of the contract, and from what does not fit to words. Pure."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from app.api.problems import BadRequest, UnsupportedMedia
from app.errors import Invalid

JSON = "application/json"
MERGE = "application/merge-patch+json"
ESCAPED_ZERO = rb"\u0000"

WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
    "uuid": "an id",
    "datetime": "a time",
    "date": "a date",
}
Say = Callable[[re.Match[str]], str]
SENTENCES: tuple[tuple[str, Say], ...] = (
    (r"Expected `(.+)`, got `(.+)`", lambda m: f"This must be {in_words(m[1])}, not {in_words(m[2])}."),
    (r"Expected `\w+` of length <= (\d+)", lambda m: f"This is too long. Use {int(m[1]):,} or fewer."),
    (r"Expected `\w+` of length >= (\d+)", lambda m: f"This is too short. Use {int(m[1]):,} or more."),
    (r"Expected `\w+` >= (\S+)", lambda m: f"This must be {m[1]} or more."),
    (r"Expected `\w+` <= (\S+)", lambda m: f"This must be {m[1]} or less."),
    (r"Expected `str` matching regex '(.+)'", lambda m: f"This must match the pattern {m[1]}"),
    (r"Object contains unknown field", lambda m: "This field is not known here. Remove it, or look at its spelling."),
    (r"Object missing required field", lambda m: "This field is needed. Add it."),
    (r"Invalid UUID", lambda m: "This is no id. Ids look like 7f1e0a52-5b1c-4c5e-9a53-0d6f5f4f5a11."),
    (r"Invalid enum value", lambda m: "This value is not among those that are possible; /api/v1/openapi.json lists them."),
    (r"Invalid RFC3339|Expected `datetime` with", lambda m: "Write a time with its zone, for example 2026-11-20T08:00:00+01:00."),
    (r"Number out of range", lambda m: "This number is too large or too small."),
)


def check_media_type(header: str, *, is_patch: bool) -> None:
    """Raise UnsupportedMedia unless a Content-Type is JSON; a patch may also call itself a merge patch."""
    kind = header.partition(";")[0].strip().lower()
    if kind != JSON and not (is_patch and kind == MERGE):
        raise UnsupportedMedia(f"Send the body as {JSON}" + (f" or {MERGE}." if is_patch else "."))


@cache
def decoder(kind: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    """The decoder of one Struct, made once."""
    return msgspec.json.Decoder(kind)


def decode(raw: bytes, kind: type[msgspec.Struct]) -> Any:
    """The Struct in a body. Raises BadRequest for what is no JSON and Invalid, with a pointer, for what does not fit."""
    try:
        found = decoder(kind).decode(raw)
    except msgspec.ValidationError as error:
        name, text = in_sentence(str(error))
        raise Invalid({name: text}) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest("The body is no JSON text in UTF-8. Look at its syntax.") from None
    if ESCAPED_ZERO in raw and has_zero(msgspec.to_builtins(found)):
        raise Invalid({}, "A text contains the character U+0000, which cannot be kept. Remove it.")
    return found


def has_zero(value: Any) -> bool:
    """Whether any text inside a decoded body has a zero character."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(has_zero(part) for pair in value.items() for part in pair)
    return isinstance(value, list | tuple) and any(map(has_zero, value))


def in_sentence(message: str) -> tuple[str, str]:
    """The field that a decoder's message is about, with dots between its steps, and what to do, in words."""
    said, _, place = message.partition(" - at `$")
    steps = re.findall(r"[^.\[\]`]+", place.replace("[...]", ""))
    field = re.search(r"(?:unknown|required) field `(.{0,100})", said)
    if field:
        steps.append(field[1].rstrip("`"))
    for pattern, say in SENTENCES:
        if found := re.match(pattern, said):
            return ".".join(steps), say(found)
    return ".".join(steps), said.replace("`", "") + "."


def in_words(types: str) -> str:
    """`int | null` as people say it."""
    return " or ".join(WORDS.get(name, name) for name in types.split(" | "))
