"""Finds a word in bytes, however it was written there: escaped, encoded, in capitals, in the midst of base 64."""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

import httpx

ESCAPED = re.compile(rb"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")


def readings(raw: bytes) -> Iterator[bytes]:
    """The bytes as they are, and with percent, HTML, JSON and quoted-printable escapes undone."""
    yield raw
    yield unquote_to_bytes(raw.replace(b"+", b" "))
    yield html.unescape(raw.decode("utf-8", "replace")).encode("utf-8", "surrogatepass")
    yield ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)).encode("utf-8", "surrogatepass"), raw)
    yield re.sub(rb"=([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), raw.replace(b"=\r\n", b""))


def encodings(word: str) -> set[bytes]:
    """What is left of a word in base 64, at each of its three alignments and in both alphabets, and in hexadecimal."""
    made: set[bytes] = set()
    for spelling in {word, word.lower(), word.upper(), word.title()}:
        raw = spelling.encode()
        made.add(raw.hex().encode())
        for shift in range(3):
            whole = base64.b64encode(b"\0" * shift + raw + b"\0\0\0")
            core = whole[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
            made |= {core, core.translate(bytes.maketrans(b"+/", b"-_"))}
    return made


class Detector:
    """Looks for words; a number is a word in each way in which people and machines write it."""

    def __init__(self, *words: str) -> None:
        self.words = [word.lower().encode() for word in words]
        self.encoded = {coded for word in words for coded in encodings(word)}

    def finds(self, raw: bytes) -> bool:
        """Whether any of the words stands in the bytes."""
        lowered = raw.lower()
        if any(word in lowered for word in self.words) or any(coded in raw for coded in self.encoded):
            return True
        return any(word in reading.lower() for reading in readings(raw) for word in self.words)

    def where(self, caught: "Catch") -> list[str]:
        """The names of everything in which a word was found."""
        return [name for name, raw in caught.things if self.finds(raw)]


def spellings(minor: int) -> list[str]:
    """An amount in minor units as it may be written: 7391846, 73918.46, 73,918.46, 73.918,46, 73 918.46."""
    whole, cents = divmod(minor, 100)
    return [
        str(minor),
        f"{whole}.{cents:02}",
        f"{whole:,}.{cents:02}",
        f"{whole:,}".replace(",", ".") + f",{cents:02}",
        f"{whole},{cents:02}",
    ]


@dataclass
class Catch:
    """Everything that somebody got, by a name that says from where."""

    things: list[tuple[str, bytes]] = field(default_factory=list)

    def keep(self, name: str, *raw: bytes) -> None:
        """Something that was got."""
        self.things += [(name, part) for part in raw]

    def keep_answer(self, name: str, answer: httpx.Response) -> None:
        """An answer with all of its head."""
        head = "\n".join(f"{key}: {value}" for key, value in answer.headers.multi_items())
        self.keep(f"{name} -> {answer.status_code}", head.encode(), answer.content)

    def keep_json(self, name: str, value: object) -> None:
        """Anything as JSON."""
        self.keep(name, json.dumps(value, default=str).encode())

    def only(self, words: Iterable[str]) -> "Catch":
        """The part whose names hold one of the words."""
        return Catch([(name, raw) for name, raw in self.things if any(word in name for word in words)])
