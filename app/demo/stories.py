"""The demonstration content as files hold it, with all dates moved so that the newest post is of yesterday."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

HERE = Path(__file__).resolve().parent
KEYS = ("acme", "globex")
FILES = ("site", "posts", "pages", "products", "media")
# A reduced price that would only begin later begins three days ago, so that there is one to be seen.
SALE_SINCE = timedelta(days=3)


class Story(Struct, frozen=True):
    """One demonstration customer as its files tell of it; `pictures` is the folder of its renditions."""

    key: str
    site: dict[str, Any]
    posts: list[dict[str, Any]]
    pages: list[dict[str, Any]]
    products: list[dict[str, Any]]
    media: dict[str, dict[str, Any]]
    pictures: Path


def read_story(key: str) -> Story:
    """The files of one customer."""
    parts = {name: msgspec.json.decode((HERE / "content" / key / f"{name}.json").read_bytes()) for name in FILES}
    lists = {name: parts[name][name] for name in ("posts", "pages", "products", "media")}
    return Story(key=key, site=parts["site"], pictures=HERE / "media" / key, **lists)


class Calendar(Struct, frozen=True):
    """Moves every date of the files by the same number of days. `now` is aware."""

    now: datetime
    shift: timedelta

    def at(self, text: str) -> datetime:
        """A moment of the files, moved."""
        return datetime.fromisoformat(text) + self.shift

    def day(self, text: str | None) -> date | None:
        """A day of the files, moved."""
        return date.fromisoformat(text) + self.shift if text else None

    def period(self, since: str, until: str) -> tuple[datetime, datetime]:
        """The period of a reduced price, moved, and begun in any case."""
        begin, end = self.at(since), self.at(until)
        early = timedelta(days=(begin.date() - (self.now - SALE_SINCE).date()).days) if begin > self.now else timedelta()
        return begin - early, end - early


def calendar_of(stories: list[Story], now: datetime) -> Calendar:
    """The calendar by which the newest post of all stories is of yesterday."""
    newest = max(datetime.fromisoformat(post["published_at"]) for story in stories for post in story.posts)
    return Calendar(now, timedelta(days=(now.date() - timedelta(days=1) - newest.astimezone(UTC).date()).days))
