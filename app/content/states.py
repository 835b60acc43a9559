"""What state a post is in, as one word. Pure: the states are derived, none but `trashed` is stored."""

from typing import Literal

Status = Literal["draft", "live", "waiting", "trashed"]
View = Literal["all", "drafts", "live", "waiting", "trash"]


def status_of(state: str, version: int, live_version: int | None) -> Status:
    """Live means that visitors see the present version, waiting that they see an older one."""
    if state == "trashed":
        return "trashed"
    if live_version is None:
        return "draft"
    return "live" if version == live_version else "waiting"
