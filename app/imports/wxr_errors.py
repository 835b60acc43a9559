"""Why an XML file cannot be read, in words and with the line. Pure but for looking at the bytes around the fault."""

from pathlib import Path
from xml.parsers.expat import errors

from app.imports.plan import BrokenFile

_CODES: dict[str, int] = errors.codes
_CUT_OFF = {
    _CODES[errors.XML_ERROR_NO_ELEMENTS],
    _CODES[errors.XML_ERROR_UNCLOSED_TOKEN],
    _CODES[errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    _CODES[errors.XML_ERROR_PARTIAL_CHAR],
}
_REASONS = {
    errors.XML_ERROR_UNDEFINED_ENTITY: "It uses a named character such as &nbsp; that XML does not know. Write the character itself.",
    errors.XML_ERROR_UNBOUND_PREFIX: "A tag has a prefix that the file never declares. Export it again.",
    errors.XML_ERROR_BAD_CHAR_REF: "It refers to a character by a number that XML does not allow. Remove the reference.",
    errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "Something follows after the end of the export. Remove what comes after </rss>.",
}


def refuse_other_formats(first: bytes) -> None:
    """Raises BrokenFile when the first bytes of a file show that it is empty or packed."""
    if not first.strip():
        raise BrokenFile(1, "The file is empty.")
    if first.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise BrokenFile(1, "This is a packed file. Unpack it and import the .xml file inside.")


def explained(code: int, line: int, path: Path, index: int, still_open: list[tuple[str, int]]) -> BrokenFile:
    """An error of expat in our words. `index` is the byte of the fault, `still_open` the tags that were open there with their lines."""
    tag, begun = still_open[-1] if still_open else ("", 0)
    if code in _CUT_OFF:
        inside = f" inside <{tag}>, which begins on line {begun}" if tag else ""
        return BrokenFile(line, f"The file ends{inside}: it was cut off. Export it again.")
    if code == _CODES[errors.XML_ERROR_TAG_MISMATCH]:
        return BrokenFile(line, f"A tag is closed here although <{tag}> of line {begun} is still open. Export the file again.")
    if code == _CODES[errors.XML_ERROR_INVALID_TOKEN]:
        return BrokenFile(line, _stray(path, index))
    message = errors.messages[code]
    return BrokenFile(line, _REASONS.get(message, f"The XML is not well-formed ({message}). Export the file again."))


def _stray(path: Path, index: int) -> str:
    """What stands where XML allows nothing of the kind."""
    with path.open("rb") as file:
        encoding_mark = file.read(2)
        file.seek(index)
        found = file.read(4)
    if encoding_mark not in (b"\xff\xfe", b"\xfe\xff"):
        if found[:1] < b" " or found[:3] in (b"\xef\xbf\xbe", b"\xef\xbf\xbf"):
            number = found[0] if found[:1] < b" " else ord(found[:3].decode())
            return f"The control character U+{number:04X} may not stand in XML. Remove it and try again."
        if found[0] >= 0x80:
            return "The bytes here are no text in the encoding that the file claims. Save the file as UTF-8."
    return "The XML is not well-formed: a character stands where none may. Export the file again."
