"""The JSON Feed 1.1 of a site in one language: full text, absolute addresses, identities that outlive slug, title and domain."""

from collections.abc import Sequence

from msgspec import Struct, json

from app.publishing.body import absolute_body
from app.publishing.chrome import FEED_TYPE, Edition
from app.publishing.links import absolute, safe_link
from app.publishing.post_views import post_card
from app.publishing.snapshots import PostSnapshot

MEDIA_TYPE = f"{FEED_TYPE}; charset=utf-8"
# Readers refuse larger feeds; older posts give way.
MOST_BYTES = 250_000


class FeedAuthor(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who wrote an item."""

    name: str
    avatar: str | None = None


class FeedItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post. `id` is made from the post's own id only."""

    id: str
    url: str
    title: str
    content_html: str
    date_published: str
    date_modified: str
    language: str
    summary: str | None = None
    image: str | None = None
    authors: list[FeedAuthor] = []
    tags: list[str] = []


class FeedDocument(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The feed itself."""

    version: str
    title: str
    home_page_url: str
    feed_url: str
    language: str
    items: list[FeedItem]
    description: str | None = None
    icon: str | None = None
    next_url: str | None = None


def json_feed(edition: Edition, posts: Sequence[PostSnapshot], next_url: str | None = None) -> bytes:
    """The newest posts of a language, given with their bodies and newest first. `next_url` leads to older ones, None at the end.

    It is left out when not all posts fit, because the ones between would be lost to a reader that follows it.
    """
    site, links = edition.site, edition.links
    feed_url = absolute(site.origin, links.feed(edition.lang))
    icon = safe_link(site.icon_png)
    items = _fitting([_item(edition, post) for post in posts])
    has_all = len(items) == len(posts)
    document = FeedDocument(
        version="https://jsonfeed.org/version/1.1",
        title=site.name,
        home_page_url=absolute(site.origin, links.home(edition.lang)),
        feed_url=feed_url,
        language=edition.lang,
        items=items,
        description=edition.said.description or None,
        icon=absolute(site.origin, icon) if icon else None,
        next_url=absolute(site.origin, next_url) if next_url and has_all else None,
    )
    return json.encode(document)


def _item(edition: Edition, post: PostSnapshot) -> FeedItem:
    origin, card, local = edition.site.origin, post_card(edition, post), edition.wording.local
    url = absolute(origin, card.url)
    author = card.author
    avatar = absolute(origin, author.image.url) if author and author.image else None
    return FeedItem(
        id=f"urn:uuid:{post.id}",
        url=url,
        title=post.title,
        content_html=absolute_body(post.html, origin, url),
        date_published=local(post.published_at).isoformat(),
        date_modified=local(post.updated_at).isoformat(),
        language=post.lang,
        summary=card.summary,
        image=absolute(origin, card.cover.url) if card.cover else None,
        authors=[FeedAuthor(name=author.name, avatar=avatar)] if author else [],
        tags=[tag.label for tag in card.tags],
    )


def _fitting(items: list[FeedItem]) -> list[FeedItem]:
    """As many of the newest items as a reader accepts, but always the newest one."""
    kept: list[FeedItem] = []
    room = MOST_BYTES
    for item in items:
        room -= len(json.encode(item)) + 1
        if kept and room < 0:
            break
        kept.append(item)
    return kept
