"""Posts, authors and tags as templates see them."""

from datetime import timedelta

from msgspec import structs

from app.publishing.body import page_body, toc_view
from app.publishing.chrome import Edition
from app.publishing.pictures import image_view
from app.publishing.snapshots import AuthorSnapshot, AuthorTexts, PostSnapshot, Reference, TagSnapshot
from app.publishing.views import Author, Link, Post, PostCard, ProductCard, Tag

# A correction of a typing error within the first hour is not worth a second date.
_SETTLING = timedelta(hours=1)


def author_view(edition: Edition, author: AuthorSnapshot | None) -> Author | None:
    """A byline in the page's language. Authors have no page yet, so none has an address."""
    if not author:
        return None
    texts = author.texts.get(edition.lang) or author.texts.get(edition.wording.lang.split("-")[0]) or AuthorTexts()
    return Author(
        name=texts.name or author.name,
        role=texts.role or author.role,
        bio=texts.bio or author.bio,
        url=None,
        image=image_view(author.image, edition.lang),
    )


def tag_view(edition: Edition, tag: TagSnapshot, lang: str | None = None) -> Tag:
    """A tag in a language, by default the page's, and the list of posts that have it in that language."""
    lang = lang or edition.lang
    base = lang.split("-")[0]
    own_summary = tag.summaries.get(lang) or tag.summaries.get(base)
    return Tag(
        slug=tag.slug,
        label=tag.labels.get(lang) or tag.labels.get(base) or tag.label,
        summary=own_summary or (tag.summary if lang == edition.site.locale else None),
        url=edition.links.tag(lang, tag.slug),
    )


def post_card(edition: Edition, post: PostSnapshot) -> PostCard:
    """A post in a list or beside a product."""
    return PostCard(
        title=post.title,
        summary=post.summary or None,
        url=edition.links.of_post(post),
        lang=post.lang,
        lang_attrs=edition.wording.lang_attrs(post.lang),
        cover=image_view(post.cover, post.lang),
        author=author_view(edition, post.author),
        published_at=post.published_at,
        tags=tuple(tag_view(edition, tag, post.lang) for tag in post.tags),
        minutes=max(1, post.minutes),
    )


def post_view(
    edition: Edition, post: PostSnapshot, previous: Link | None, following: Link | None, products: tuple[ProductCard, ...]
) -> Post:
    """A post on its own page, between its neighbours and above the products it is about."""
    return Post(
        **structs.asdict(post_card(edition, post)),
        body=page_body(post.html, edition.links),
        toc=toc_view(post.toc),
        words=post.words,
        updated_at=post.updated_at,
        is_updated=post.updated_at - post.published_at > _SETTLING,
        fields=tuple(edition.wording.field(x) for x in post.fields),
        previous=previous,
        next=following,
        products=products,
    )


def post_link(edition: Edition, reference: Reference | None) -> Link | None:
    """A link to another post."""
    return _link(edition, reference, edition.links.post(reference.lang, reference.slug)) if reference else None


def page_link(edition: Edition, reference: Reference | None) -> Link | None:
    """A link to another page."""
    return _link(edition, reference, edition.links.page(reference.lang, reference.slug)) if reference else None


def _link(edition: Edition, reference: Reference, url: str) -> Link:
    return Link(title=reference.title, url=url, summary=reference.summary or None, lang_attrs=edition.wording.lang_attrs(reference.lang))
