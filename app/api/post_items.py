"""From rows of posts to the contract, and from requests of the contract to those of the room."""

from typing import Any

from msgspec import UNSET, Struct, structs

from app.api.moments import checked_moment, utc
from app.api.schemas import NewPost, PostInput, PostItem, PostPatch, PostRevision, PostSummary
from app.api.schemas.content import PastPost, PostText
from app.content.history import PostState, state_in
from app.content.models import Post, PostVersion, Tag
from app.content.repository import PostRow
from app.content.requests import Kind, SavePost

MOMENTS = ("published_at", "created_at", "updated_at")
COPIED = [name for name in PostText.__struct_fields__ if name not in ("tags", *MOMENTS)]
# What a patch takes over from the present post. Tags come apart; `published_at` stays when the room is told nothing.
PRESENT = [name for name in PostPatch.__struct_fields__ if name not in ("tags", "published_at")]
REVISION = ("version", "kind", "title", "actor_kind", "actor_name", "door", "change_set_id")


def post_text(post: Post | PostState, tags: tuple[str, ...]) -> dict[str, Any]:
    """What lists, single posts and versions have in common."""
    times = {name: utc(getattr(post, name)) for name in MOMENTS}
    return {name: getattr(post, name) for name in COPIED} | times | {"tags": tags}


def post_summary(row: PostRow, tags: list[Tag]) -> PostSummary:
    """A post in a list."""
    return PostSummary(**_summary(row, tags))


def post_item(row: PostRow, tags: list[Tag]) -> PostItem:
    """A post with its body."""
    return PostItem(**_summary(row, tags), body_source=row.post.body_source, body_format=row.post.body_format)


def _summary(row: PostRow, tags: list[Tag]) -> dict[str, Any]:
    post = row.post
    said = {"id": post.id, "version": post.version, "status": row.status, "live_version": row.live_version}
    said |= {"edited_at": utc(row.edited_at), "edited_by": row.editor}
    return post_text(post, tuple(tag.slug for tag in tags)) | said


def post_revision(row: PostVersion) -> PostRevision:
    """A version with its text. Tags have the names that they had then."""
    state = state_in(row.payload)
    text = post_text(state, tuple(tag.slug for tag in state.tags))
    post = PastPost(**text, state=state.state, body_source=state.body_source, body_format=state.body_format)
    return PostRevision(**revision(row), post=post)


def revision(row: Any) -> dict[str, Any]:
    """What a version of anything says of itself in a list."""
    return {name: getattr(row, name) for name in REVISION} | {"at": utc(row.at)}


def given(request: Struct) -> dict[str, Any]:
    """What a request says; what it leaves out is missing."""
    return {name: value for name, value in structs.asdict(request).items() if value is not UNSET}


def new_post(kind: Kind, request: NewPost, lang: str) -> SavePost:
    """The request for a new post; `lang` is the first language of its site."""
    return _save({"lang": lang} | given(request) | {"kind": kind})


def whole_post(post: Post, request: PostInput, expect: int | None) -> SavePost:
    """The request that replaces a post."""
    return _save({"lang": post.lang} | given(request) | _known(post, expect))


def patched_post(post: Post, tags: list[Tag], request: PostPatch, expect: int | None) -> SavePost:
    """The request that changes some fields of a post."""
    present = {name: getattr(post, name) for name in PRESENT} | {"tags": tuple(tag.slug for tag in tags)}
    return _save(present | given(request) | _known(post, expect))


def _known(post: Post, expect: int | None) -> dict[str, Any]:
    return {"id": post.id, "expect": expect, "site_id": post.site_id, "kind": post.kind}


def _save(said: dict[str, Any]) -> SavePost:
    checked_moment(said.get("published_at"), "published_at")
    return SavePost(**said)
