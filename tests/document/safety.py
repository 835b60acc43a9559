"""A third reader of HTML, which shares nothing with ours, to find what cleaning must never let through."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from app.document.policy import ELEMENTS

ADDRESSES = {"href", "src", "cite"}


class _Inspector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.findings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.findings.append(f"<{tag}>")
            return
        allowed = {attribute.name for attribute in ELEMENTS[tag].attributes}
        for name, value in attrs:
            if name not in allowed or name.startswith("on") or name == "style":
                self.findings.append(f"{name} of <{tag}>")
            if name in ADDRESSES and urlsplit((value or "").strip()).scheme not in {"", "http", "https", "mailto", "tel"}:
                self.findings.append(f"{value} of <{tag}>")

    def handle_comment(self, data: str) -> None:
        self.findings.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.findings.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.findings.append(f"<?{data}>")


def dangers(html: str) -> list[str]:
    """What clean HTML may not hold."""
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.findings
