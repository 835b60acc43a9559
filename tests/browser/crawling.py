"""Following every link of a host over HTTP, as a patient visitor would, to find those that lead nowhere."""

import asyncio
import re
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

import httpx

HERE = "127.0.0.1"
AT_ONCE = 4
# Lists can be narrowed in endless ways; this many of each are tried.
MOST_QUERIES = 6
URL_IN_CSS = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")
PLAIN = ("href", "src", "poster", "data")


class Links(HTMLParser):
    """Everything that a page leads to or loads, and what its forms ask when they are sent by GET as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._action: str | None = None
        self._fields: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.found += [said[name] for name in PLAIN if said.get(name) and tag != "base"]
        if tag == "meta" and said.get("content", "").startswith("http"):
            self.found.append(said["content"])
        for name in ("srcset", "imagesrcset"):
            self.found += [candidate.split()[0] for candidate in said.get(name, "").split(",") if candidate.strip()]
        if tag == "form":
            self._action = said.get("action", "") if said.get("method", "get").lower() == "get" else None
            self._fields = []
        elif tag == "input" and self._action is not None and said.get("name"):
            self._fields.append((said["name"], said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._action is not None:
            self.found.append(f"{self._action}?{urlencode(self._fields)}" if self._fields else self._action)
            self._action = None


def links_of(answer: httpx.Response) -> list[str]:
    """What an answer leads to, as it is written there."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "text/html":
        page = Links()
        page.feed(answer.text)
        return page.found
    if kind == "text/css":
        return URL_IN_CSS.findall(answer.text)
    if kind == "application/feed+json":
        feed = answer.json()
        return [
            said[name]
            for said in (feed, *feed["items"])
            for name in ("home_page_url", "feed_url", "next_url", "url", "image")
            if said.get(name)
        ]
    return []


@dataclass
class Crawl:
    """A walk over every address of the hosts in `inside`, and a look at those of `beside`, whose own links are not followed."""

    port: int
    inside: set[str]
    beside: set[str] = field(default_factory=set)
    cookies: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    queries: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, page: str, link: str) -> None:
        """Note an address for later, unless it was seen, lies elsewhere, or is one list narrowed once more."""
        url = urldefrag(urljoin(page, link.strip()))[0]
        parts = urlsplit(url)
        if parts.scheme != "http" or url in self.seen or parts.netloc not in {f"{host}:{self.port}" for host in self.inside | self.beside}:
            return
        if parts.query:
            known = self.queries[f"{parts.netloc}{parts.path}"]
            if parts.query not in known and len(known) >= MOST_QUERIES and not is_paging(parts.query):
                return
            known.add(parts.query)
        self.seen[url] = page
        self.waiting.append(url)

    async def walk(self, *starts: str) -> None:
        """Follow everything from these addresses on."""
        for start in starts:
            self.add(start, start)
        limits = httpx.Limits(max_connections=AT_ONCE)
        async with httpx.AsyncClient(base_url=f"http://{HERE}:{self.port}", limits=limits, timeout=30) as client:
            while self.waiting:
                batch, self.waiting = self.waiting[:AT_ONCE], self.waiting[AT_ONCE:]
                await asyncio.gather(*(self.visit(client, url) for url in batch))

    async def visit(self, client: httpx.AsyncClient, url: str) -> None:
        """Ask for one address and note where it leads, or that it leads nowhere."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        cookies = self.cookies if host in self.inside else {}
        headers = {"host": parts.netloc, "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        answer = await client.get(parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers)
        if answer.status_code >= 400:
            self.findings.append(f"{answer.status_code} {url}, linked from {self.seen[url]}")
        elif answer.is_redirect:
            self.add(url, answer.headers["location"])
        elif host in self.inside:
            for link in links_of(answer):
                self.add(url, link)


def is_paging(query: str) -> bool:
    """Whether a query only goes on in a list."""
    return [name for name, _ in parse_qsl(query)] in (["after"], ["before"], ["page"])
