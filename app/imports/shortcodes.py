"""WordPress shortcodes (`[caption]…[/caption]`) replaced by what a callback makes of them. Pure, in linear time."""

import re
from collections.abc import Callable

# Those that WordPress itself brings; those of plug-ins mean nothing without the plug-in and stay as text.
_NAMES = "caption|wp_caption|gallery|playlist|audio|video|embed"
_ENCLOSING = frozenset(("caption", "wp_caption", "audio", "video", "embed"))
_SHORTCODE = re.compile(rf"""\[(\[?)(/?)({_NAMES})(?![\w-])((?:[^\]\["']++|"[^"]*+"|'[^']*+')*+)\](\]?)""")
_ATTRIBUTE = re.compile(r"""(?<![\w-])([a-zA-Z_]\w*+)\s*+=\s*("[^"]*"|'[^']*'|[^\s"'\]]+)""")
# The oldest form, `[audio https://…]`, has no name before the address.
_BARE_ADDRESS = re.compile(r"""(?:^|\s)(https?://[^\s"'|\]]+)""")
_FOREIGN = re.compile(r"""\[([a-z][\w-]{2,40})(?:\s+\w+=(?:"[^"\]]*"|'[^'\]]*'))+\s*/?\]""")

# Name, attributes, and the text between it and its end, None where it has no end.
Make = Callable[[str, dict[str, str], str | None], str]


def expand(text: str, make: Make) -> str:
    """The text with every core shortcode replaced. `[[gallery]]` is the escaped form and becomes `[gallery]`."""
    done, at = [], 0
    ends: dict[str, int] = {}
    while match := _SHORTCODE.search(text, at):
        done.append(text[at : match.start()])
        at = match.end()
        is_escaped, is_end, name, attributes, after = match.groups()
        if is_escaped and after:
            done.append(match[0][1:-1])
            continue
        at -= len(after)
        done.append(is_escaped)
        if is_end:
            continue
        content, at = _content(text, name, at, ends) if name in _ENCLOSING else (None, at)
        done.append(make(name, _attributes(attributes), content))
    return "".join([*done, text[at:]])


def foreign(text: str) -> list[str]:
    """The names of shortcodes with attributes that are not WordPress's own, each once, in order."""
    known = _NAMES.split("|")
    return list(dict.fromkeys(match[1] for match in _FOREIGN.finditer(text) if match[1] not in known))


def _content(text: str, name: str, at: int, ends: dict[str, int]) -> tuple[str | None, int]:
    """What stands between a shortcode and its end, and where to go on. `ends` keeps where the next end of a name is, -1 for nowhere."""
    if 0 <= ends.get(name, 0) < at:
        ends[name] = text.find(f"[/{name}]", at)
    end = ends[name]
    # Another beginning before the end says that this one has none, as in `[audio …] text [audio …][/audio]`.
    if end < 0 or text.find(f"[{name}", at, end) >= 0:
        return None, at
    return text[at:end], end + len(name) + 3


def _attributes(text: str) -> dict[str, str]:
    named = {match[1].lower(): match[2].strip("\"'") for match in _ATTRIBUTE.finditer(text)}
    address = _BARE_ADDRESS.search(text)
    return {"src": address[1], **named} if address else named
