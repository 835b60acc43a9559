"""Lists of posts and pages, and the screens around one text."""

from typing import Any
from uuid import UUID

import msgspec

from app.editor.views.parts import Filter, Option, Pager, Piece, Tab
from app.editor.views.posts import PostList, PostRow
from app.editor.views.shell import Link, Toast, Who
from app.editor.views.writing import (
    Choice,
    Conflict,
    DiffBlock,
    Editor,
    History,
    PostFields,
    Problem,
    Publish,
    Unchanged,
    VersionDay,
    VersionRow,
)
from tests.editor.samples.frame import ALICE, BOB, CHANGES, ERP, ID, LIVE, NOW, TITLE, UNDO, Sample, ago, at_customer, shell, small

TAGS = Filter(
    name="tag", label="Tag", options=(Option(value="", label="Any tag"), Option(value="origins", label="Origins")), chosen="origins"
)

ORDER = Filter(
    name="order", label="Order", options=(Option(value="edited", label="Last edited first"), Option(value="title", label="Title A to Z"))
)

TABS = (
    Tab(label="All", href="/c/acme/s/journal/posts", is_current=True),
    Tab(label="Drafts", href="?view=drafts", count=6),
    Tab(label="Published", href="?view=live"),
    Tab(label="Edits not published", href="?view=waiting", count=1),
    Tab(label="Trash", href="?view=trash"),
)


def row(number: int, title: str, status: str, **more: Any) -> PostRow:
    usual: dict[str, Any] = {
        "path": f"/posts/{number}/",
        "edited_at": ago(minutes=4 + number**4),
        "edited_by": BOB if number % 2 else ALICE,
    }
    return PostRow(**{**usual, "id": UUID(int=number), "version": number, "title": title, "status": status, "can_edit": True, **more})


POSTS = (
    row(1, TITLE, "changed", tags=("Origins", "New coffees"), live_url="https://journal.acme.example/posts/1/"),
    row(2, "Advent box 2026", "scheduled", tags=("Shop",)),
    row(3, "Brew water, the short version", "published", live_url="https://journal.acme.example/posts/3/"),
    row(4, "What “washed” means, told in one cherry", "draft", edited_by=ERP),
    row(5, "Kaffeezubereitungsempfehlungen für den Handfilter", "draft", lang="de"),
    row(6, "قهوة الصباح في نيروبي", "published", lang="ar"),
    row(7, "Opening hours over Christmas 2025", "off"),
    row(8, "", "draft", can_edit=False),
)

FIELDS = PostFields(
    title=TITLE,
    body="The first bags from Gatomboya arrived on Monday morning.\n\n## What changed this season\n\nRain came late and stopped on time.",
    slug="kenya-nyeri-aa-2026",
    summary="The first bags from Gatomboya are here: blackcurrant, tomato leaf, and perhaps rhubarb.",
    tags="Origins, New coffees",
    byline="ines",
    lang="en-GB",
    cover="nyeri",
    seo_title="Kenya Nyeri AA 2026: tasting notes and recipe",
)

EDITOR = Editor(
    kind="post",
    fields=FIELDS,
    id=ID,
    version=14,
    status="changed",
    saved_at=ago(minutes=4),
    prefix="/posts/",
    old_path="/posts/kenya-nyeri-aa/",
    live=LIVE,
    later_versions=3,
    bylines=(Option(value="ines", label="Ines Calder"), Option(value="tom", label="Tom Okafor")),
    languages=(Option(value="en-GB", label="English"), Option(value="de", label="Deutsch")),
    covers=(Option(value="nyeri", label="nyeri.jpg"), Option(value="pour", label="pour-over.jpg")),
)

PUBLISH = Publish(
    kind="post",
    id=ID,
    version=14,
    title=TITLE,
    lang="en-GB",
    live=LIVE,
    addresses=("https://journal.acme.example/posts/kenya-nyeri-aa-2026/",),
    old_path="/posts/kenya-nyeri-aa/",
    problems=(
        Problem(
            title="One image has no description.",
            text="“cupping-table.jpg”, in the last part.",
            mend=Link(text="Describe it", href=f"/c/acme/s/journal/posts/{ID}"),
        ),
    ),
    changes=CHANGES,
)

REFUSED = msgspec.structs.replace(
    PUBLISH, live=None, changes=(), old_path="", refusals=(Problem(title="The address is taken.", text="“Decaf” has it. Choose another."),)
)

CONFLICT = Conflict(
    kind="post",
    id=ID,
    title=TITLE,
    lang="en-GB",
    theirs=BOB,
    theirs_version=15,
    theirs_at=ago(minutes=7),
    mine_at=ago(minutes=5),
    fields=(
        Choice(
            name="title",
            label="Title",
            mine=(Piece(text="Kenya is back, and it is "), Piece(text="brighter", op="mark")),
            theirs=(Piece(text="Kenya is back, and it is "), Piece(text="sweeter", op="mark")),
            chosen="mine",
        ),
    ),
    passages=(
        Unchanged(passages=("The first bags arrived on Monday.", "We opened one.", "Blackcurrant.")),
        Choice(
            name="p4",
            label="Paragraph under “What changed this season”",
            mine=(Piece(text="Rain came late. "), Piece(text="You taste it: more sugar and a cleaner finish.", op="mark")),
            theirs=(Piece(text="Rain came late. "), Piece(text="Gatomboya paid its farmers 128 shillings a kilo.", op="mark")),
            can_keep_both=True,
            is_new=True,
        ),
        Choice(name="p5", label="Paragraph at the end", mine=(Piece(text="We roast it a touch lighter.", op="mark"),)),
    ),
    kept=(("title", "Kenya is back, and it is brighter"), ("body", "Rain came late.\nYou taste it.")),
    my_text="Rain came late.\nYou taste it.",
    their_text="Rain came late.\nGatomboya paid.",
)


def made(number: int, days: float, by: Who, **more: Any) -> VersionRow:
    return VersionRow(number=number, at=ago(days=days), by=by, **more)


HISTORY = History(
    kind="post",
    id=ID,
    version=14,
    title=TITLE,
    lang="en-GB",
    from_version=11,
    to_version=14,
    restorable=11,
    fields=CHANGES,
    words_added=84,
    words_removed=31,
    blocks=(
        DiffBlock(
            pieces=(
                Piece(text="The first bags arrived "),
                Piece(text="on time", op="del"),
                Piece(text=" "),
                Piece(text="a week early", op="ins"),
            )
        ),
        DiffBlock(op="folded", note="1 image and 1 heading unchanged"),
        DiffBlock(op="del", pieces=(Piece(text="Prices follow next week.", op="del"),)),
        DiffBlock(op="ins", pieces=(Piece(text="We roast it a touch lighter than last year.", op="ins"),)),
    ),
    days=(
        VersionDay(
            at=ago(hours=1), versions=(made(14, 0.01, ALICE, note="text", is_newest=True), made(13, 0.05, ALICE, note="title, address"))
        ),
        VersionDay(at=ago(days=1), versions=(made(12, 1, BOB, note="text", reason="typo in the caption"),)),
        VersionDay(at=ago(days=16), versions=(made(11, 16, ALICE, note="published", is_live=True), made(1, 16.1, ERP, door="api"))),
    ),
    older="?before=1",
)

FIRST = History(
    kind="product",
    id=ID,
    version=1,
    title="Stoneware mug, oat",
    to_version=1,
    days=(VersionDay(at=ago(days=400), versions=(made(1, 400, ALICE, is_newest=True),)),),
)

MINIMAL = {
    "posts-empty": Sample("posts.html", small("Posts", "posts"), PostList(kind="post", can_write=True)),
    "pages-empty": Sample("posts.html", small("Pages", "pages"), PostList(kind="page")),
    "posts-no-match": Sample(
        "posts.html",
        shell("Posts", "posts"),
        PostList(kind="post", q="kenia", is_filtered=True, tabs=TABS, filters=(TAGS,), can_write=True),
    ),
    "posts-no-drafts": Sample("posts.html", shell("Posts", "posts"), PostList(kind="post", view="drafts", tabs=TABS)),
    "trash-empty": Sample("posts.html", shell("Trash", "posts"), PostList(kind="post", view="trash", tabs=TABS)),
    "post-new": Sample("editor.html", shell("New post", "posts"), Editor(kind="post", fields=PostFields())),
    "publish-first": Sample("publish.html", shell("Publish", "posts"), Publish(kind="page", id=ID, version=1, title="About us")),
    "publish-unchanged": Sample(
        "publish.html", shell("Publish", "posts"), Publish(kind="post", id=ID, version=11, title=TITLE, live=LIVE, has_changes=False)
    ),
    "conflict-bare": Sample(
        "conflict.html",
        shell("Two versions of one post", "posts"),
        Conflict(kind="page", id=ID, title="", theirs=ALICE, theirs_version=2, theirs_at=NOW, mine_at=NOW),
    ),
    "history-first": Sample("history.html", at_customer("History", "products"), FIRST),
}


FULL = {
    "posts": Sample(
        "posts.html",
        shell("Posts", "posts", theme="dark", toast=Toast(text="Moved to the trash.", undo=UNDO)),
        PostList(
            kind="post",
            tabs=TABS,
            q="coffee",
            filters=(TAGS, ORDER),
            is_filtered=True,
            rows=POSTS,
            pager=Pager(text="8 posts, last edited first", newer="?before=a", older="?after=b"),
            can_write=True,
        ),
    ),
    "pages": Sample("posts.html", shell("Pages", "pages"), PostList(kind="page", rows=POSTS[2:5], tabs=TABS, can_write=True)),
    "trash": Sample(
        "posts.html",
        shell("Trash", "posts"),
        PostList(
            kind="post",
            view="trash",
            tabs=TABS,
            rows=(row(1, TITLE, "trash", trashed_at=ago(days=2)), row(2, "Advent box", "trash", trashed_at=NOW, can_edit=False)),
        ),
    ),
    "editor": Sample(
        "editor.html",
        shell(
            TITLE,
            "posts",
            toast=Toast(text="Published. Live at", link=Link(text="journal.acme.example", href="https://journal.acme.example/"), undo=UNDO),
        ),
        EDITOR,
    ),
    "editor-refused": Sample(
        "editor.html",
        shell(TITLE, "posts"),
        msgspec.structs.replace(
            EDITOR,
            errors={
                "title": "Write a title",
                "slug": "“Decaf without regret” already has this address. Choose another.",
                "seo_title": "Up to 500 characters",
                "body": "This text is 1.2 MB; up to 1 MB can be saved.",
                "version": "Open this post again",
            },
        ),
    ),
    "editor-returned": Sample("editor.html", shell(TITLE, "posts"), msgspec.structs.replace(EDITOR, returned="signed-in", live=None)),
    "editor-away": Sample("editor.html", shell(TITLE, "posts"), msgspec.structs.replace(EDITOR, returned="away")),
    "editor-unknown": Sample("editor.html", shell(TITLE, "posts"), msgspec.structs.replace(EDITOR, returned="unknown")),
    "editor-trashed": Sample("editor.html", shell(TITLE, "posts"), msgspec.structs.replace(EDITOR, status="trash", live=None, old_path="")),
    "editor-reader": Sample(
        "editor.html",
        small(TITLE, "pages"),
        msgspec.structs.replace(EDITOR, kind="page", can_edit=False, can_publish=False, needs="editor or owner"),
    ),
    "editor-html": Sample(
        "editor.html",
        shell("New page", "pages"),
        msgspec.structs.replace(
            EDITOR,
            id=None,
            version=None,
            live=None,
            kind="page",
            prefix="/",
            fields=msgspec.structs.replace(FIELDS, body="<p>About <em>us</em></p>", body_format="html"),
        ),
    ),
    "publish": Sample("publish.html", shell("Publish", "posts"), PUBLISH),
    "publish-refused": Sample("publish.html", shell("Publish", "posts"), REFUSED),
    "publish-product": Sample(
        "publish.html",
        at_customer("Publish", "products"),
        msgspec.structs.replace(
            PUBLISH, kind="product", addresses=("https://shop.acme.example/products/kenya/", "https://journal.acme.example/products/kenya/")
        ),
    ),
    "conflict": Sample("conflict.html", shell("Two versions of one post", "posts"), CONFLICT),
    "conflict-other-tab": Sample(
        "conflict.html", shell("Two versions", "posts"), msgspec.structs.replace(CONFLICT, theirs=ALICE, kind="product")
    ),
    "history": Sample("history.html", shell("History", "posts"), HISTORY),
}
