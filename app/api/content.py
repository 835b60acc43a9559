"""Posts and pages: read, written, published and brought back."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from app.actor import Actor
from app.api.operations import BASE, Answer, Call, Operation, item_answer, plain_answer
from app.api.paging import CURSOR, LIMIT, SITE, asked_page, page_answer, site_filter
from app.api.post_items import new_post, patched_post, post_item, post_revision, post_summary, revision, whole_post
from app.api.schemas import (
    NewPost,
    Nothing,
    Page,
    PostInput,
    PostItem,
    PostPatch,
    PostRevision,
    PostSummary,
    Receipt,
    RestorePost,
    Revision,
)
from app.api.writing import write
from app.content.actions import bring_back_post, publish_post, restore_version, save_post, trash_post, unpublish_post
from app.content.models import Post
from app.content.repository import (
    POSTS,
    PostRow,
    last_version_of_post,
    posts_page,
    row_of_post,
    tags_of_posts,
    version_of_post,
    versions_of_post,
)
from app.content.requests import Kind, Published, Saved
from app.db.functions import NO_ID
from app.db.work import Reading, Work
from app.errors import Invalid, NotFound
from app.identity.access import Act
from app.tenancy.repository import SITES

Run = Callable[[Call], Awaitable[Answer]]
Simple = Callable[[Work, Actor, UUID, int | None], Awaitable[Saved | Published]]
READ = (Act.READ_CONTENT,)
WRITE = {"post": (Act.WRITE_POST,), "page": (Act.WRITE_PAGE,)}
PUBLISH = {"post": (Act.PUBLISH_POST,), "page": (Act.PUBLISH_PAGE,)}


async def list_posts(kind: Kind, call: Call) -> Answer:
    """Posts or pages by id, those in the trash left out."""
    asked, site_id = asked_page(call, UUID), site_filter(call)

    async def read(reading: Reading) -> Answer:
        rows = await posts_page(reading, kind=kind, site_id=site_id, after=asked.after or NO_ID, limit=asked.one_more)
        tags = await tags_of_posts(reading, [row.post.id for row in rows])
        return page_answer(call, asked, rows, lambda row: row.post.id, lambda row: post_summary(row, tags[row.post.id]))

    return await call.database.read(read)


async def show(kind: Kind, call: Call) -> Answer:
    """One post or page, also from the trash."""
    return await call.database.read(lambda reading: _answer(reading, kind, call))


async def _answer(reading: Reading, kind: Kind, call: Call, post_id: UUID | None = None, *, status: int = 200) -> Answer:
    """A post as it stands; a key that may not read is told its version only. Raises NotFound, also for the other kind."""
    row: PostRow = await row_of_post(reading, post_id or call.thing_id)
    if row.post.kind != kind:
        raise NotFound()
    location = f"{BASE}/{kind}s/{row.post.id}" if status == 201 else None
    if not call.may(Act.READ_CONTENT):
        receipt = Receipt(id=row.post.id, version=row.post.version, slug=row.post.slug)
        return item_answer(receipt, row.post.version, status=status, location=location)
    tags = (await tags_of_posts(reading, [row.post.id]))[row.post.id]
    return item_answer(post_item(row, tags), row.post.version, status=status, location=location)


async def create(kind: Kind, call: Call) -> Answer:
    """A new post or page, as a draft."""
    request: NewPost = call.body

    async def act(work: Work) -> Answer:
        site = await SITES.find(work, request.site_id)
        if site is None:
            raise Invalid({"site_id": "There is no such site. /api/v1/sites lists them."})
        saved = await save_post(work, call.actor, new_post(kind, request, site.lang))
        return await _answer(work, kind, call, saved.id, status=201)

    return await write(call, f"create {kind}", act)


async def _present(work: Work, kind: Kind, call: Call) -> Post:
    """The post that is to be changed. Raises NotFound, also for the other kind."""
    post = await POSTS.get(work, call.thing_id)
    if post.kind != kind:
        raise NotFound()
    return post


async def replace(kind: Kind, call: Call) -> Answer:
    """A post or page made whole anew."""

    async def act(work: Work) -> Answer:
        post = await _present(work, kind, call)
        await save_post(work, call.actor, whole_post(post, call.body, call.expect))
        return await _answer(work, kind, call)

    return await write(call, f"save {kind}", act)


async def patch(kind: Kind, call: Call) -> Answer:
    """Some fields of a post or page."""

    async def act(work: Work) -> Answer:
        post = await _present(work, kind, call)
        tags = (await tags_of_posts(work, [post.id]))[post.id]
        await save_post(work, call.actor, patched_post(post, tags, call.body, call.expect))
        return await _answer(work, kind, call)

    return await write(call, f"save {kind}", act)


async def do(kind: Kind, verb: str, action: Simple, call: Call) -> Answer:
    """An act on a post or page that needs nothing but the thing."""

    async def act(work: Work) -> Answer:
        await _present(work, kind, call)
        await action(work, call.actor, call.thing_id, call.expect)
        return await _answer(work, kind, call)

    return await write(call, f"{verb} {kind}", act)


async def restore(kind: Kind, call: Call) -> Answer:
    """An old version made the working copy again; what is in the trash or deleted comes back as a draft."""
    request: RestorePost = call.body

    async def act(work: Work) -> Answer:
        post, expect, slug = await _past(work, kind, call.thing_id), call.expect, request.slug
        if post is not None and post.state == "trashed":
            await bring_back_post(work, call.actor, call.thing_id, expect, slug)
            expect = None
        await restore_version(work, call.actor, call.thing_id, request.version, expect, slug)
        return await _answer(work, kind, call)

    return await write(call, f"restore {kind}", act)


async def _past(reading: Reading, kind: Kind, post_id: UUID) -> Post | None:
    """The post of this kind, None when it was deleted. Raises NotFound for what never was."""
    post = await POSTS.find(reading, post_id)
    known = post.kind if post is not None else (await last_version_of_post(reading, post_id)).payload["kind"]
    if known != kind:
        raise NotFound()
    return post


async def list_versions(kind: Kind, call: Call) -> Answer:
    """The versions of a post or page, also of a deleted one, newest first."""
    asked = asked_page(call, int)

    async def read(reading: Reading) -> Answer:
        await _past(reading, kind, call.thing_id)
        rows = await versions_of_post(reading, call.thing_id, before=asked.after, limit=asked.one_more)
        return page_answer(call, asked, rows, lambda row: row.version, lambda row: Revision(**revision(row)))

    return await call.database.read(read)


async def show_version(kind: Kind, call: Call) -> Answer:
    """One version of a post or page with its whole text."""

    async def read(reading: Reading) -> Answer:
        row = await version_of_post(reading, call.thing_id, call.number)
        if row.payload["kind"] != kind:
            raise NotFound()
        return plain_answer(post_revision(row))

    return await call.database.read(read)


def content_operations(kind: Kind) -> list[Operation]:
    """Everything that can be done with posts, or with pages."""
    many, one, names = f"/{kind}s", f"/{kind}s/{{id}}", f"{kind}s"
    written, writes, publishes = (PostItem, Receipt), WRITE[kind], PUBLISH[kind]

    def operation(name: str, method: str, path: str, summary: str, acts: tuple[Act, ...], run: Run, **said: Any) -> Operation:
        return Operation(id=name, method=method, path=path, summary=summary, tag=names, acts=acts, run=run, **said)

    return [
        operation(f"list_{names}", "GET", many, f"List {names} by id, without those in the trash", READ, partial(list_posts, kind),
                  answers=(Page[PostSummary],), query=(CURSOR, LIMIT, SITE)),
        operation(f"create_{kind}", "POST", many, f"Make a {kind}, as a draft", writes, partial(create, kind),
                  answers=written, body=NewPost, status=201),
        operation(f"read_{kind}", "GET", one, f"Read one {kind}", READ, partial(show, kind), answers=(PostItem,)),
        operation(f"replace_{kind}", "PUT", one, f"Replace a whole {kind}", writes, partial(replace, kind),
                  answers=written, body=PostInput, changes=True),
        operation(f"change_{kind}", "PATCH", one, f"Change some fields of a {kind}", writes, partial(patch, kind),
                  answers=written, body=PostPatch, changes=True),
        operation(f"trash_{kind}", "DELETE", one, f"Move a {kind} to the trash; a live one also needs the scope to publish", writes,
                  partial(do, kind, "trash", trash_post), answers=written, changes=True),
        operation(f"list_{kind}_versions", "GET", f"{one}/versions", f"List the versions of a {kind}, newest first", READ,
                  partial(list_versions, kind), answers=(Page[Revision],), query=(CURSOR, LIMIT)),
        operation(f"read_{kind}_version", "GET", f"{one}/versions/{{n}}", f"Read one version of a {kind}", READ,
                  partial(show_version, kind), answers=(PostRevision,)),
        operation(f"publish_{kind}", "POST", f"{one}/publish", f"Show the working copy of a {kind} to visitors", publishes,
                  partial(do, kind, "publish", publish_post), answers=written, body=Nothing, changes=True),
        operation(f"unpublish_{kind}", "POST", f"{one}/unpublish", f"Take a {kind} from its site", publishes,
                  partial(do, kind, "unpublish", unpublish_post), answers=written, body=Nothing, changes=True),
        operation(f"restore_{kind}", "POST", f"{one}/restore", f"Make an old version of a {kind} its working copy, as a new version",
                  writes, partial(restore, kind), answers=written, body=RestorePost, changes=True),
    ]  # fmt: skip
