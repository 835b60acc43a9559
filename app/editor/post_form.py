"""The form of a post or page: from what is stored to its fields, and from what was typed to a request. Pure."""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

import msgspec

from app.content.history import PostState
from app.content.models import Post
from app.content.requests import SavePost
from app.editor.entry import Shelf
from app.editor.views.writing import PostFields
from app.errors import Invalid
from app.web.forms import Form

# The names of the fields in the form, where the room calls them otherwise.
_NAMES = {"body_source": "body", "body_format": "format", "author_id": "byline", "cover_id": "cover"}
# What is shown side by side in a conflict and in the history, before the text.
COMPARED = {
    "title": "Title",
    "slug": "Address",
    "summary": "Excerpt",
    "tags": "Tags",
    "byline": "Author",
    "lang": "Language",
    "cover": "Cover image",
    "seo_title": "Title in search results",
}


def stored_fields(state: PostState) -> PostFields:
    """The fields of a stored state."""
    return PostFields(
        title=state.title,
        body=state.body_source,
        body_format=state.body_format,
        slug=state.slug,
        summary=state.summary,
        tags=", ".join(tag.label for tag in state.tags),
        byline=str(state.author_id or ""),
        lang=state.lang,
        cover=str(state.cover_id or ""),
        seo_title=state.seo_title,
    )


def typed_fields(form: Form, stored: PostFields) -> PostFields:
    """The fields as they were typed; what the form did not have is as stored. The format of a stored text stays."""
    typed = {name: form.raw(name) for name in PostFields.__struct_fields__ if name in form.fields and name != "body_format"}
    if form.text("format") in ("html", "markdown"):
        typed["body_format"] = form.text("format")
    return msgspec.structs.replace(stored, **typed)


def form_of(fields: PostFields) -> Form:
    """A form that would have been sent with these fields."""
    return Form({name: [str(getattr(fields, name))] for name in PostFields.__struct_fields__ if name != "body_format"})


def expected_version(form: Form) -> int:
    """The version that was opened. Raises Invalid for a form without one."""
    version = form.number("version")
    if version is None:
        raise Invalid({"version": "This form does not say which version it was made for. Open the page again."})
    return version


def has_text(form: Form) -> bool:
    """Whether the whole editor was sent, and not only a button of a list."""
    return "body" in form.fields and "title" in form.fields


def save_request(shelf: Shelf, fields: PostFields, post: Post | None, expect: int | None) -> SavePost:
    """The request that the fields make; what they do not name stays as it is. Raises Invalid."""
    kept = {name: getattr(post, name) for name in ("translation_key", "fields", "is_featured", "position")} if post else {}
    return SavePost(
        site_id=shelf.at.site.id,
        kind=shelf.kind,
        id=post.id if post else None,
        new_id=None if post else _id(fields.new_id, "version", "This form is not complete. Open the page again."),
        expect=expect,
        title=fields.title,
        lang=fields.lang or shelf.at.site.lang,
        slug=fields.slug,
        summary=fields.summary,
        body_source=fields.body,
        body_format=post.body_format if post else fields.body_format,  # type: ignore[arg-type]
        tags=tuple(fields.tags.split(",")),
        author_id=_id(fields.byline, "byline", "There is no such author. Choose another."),
        cover_id=_id(fields.cover, "cover", "There is no such image. Choose another."),
        seo_title=fields.seo_title,
        **kept,
    )


def _id(text: str, field: str, refusal: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid({field: refusal}) from None


def in_form(errors: Mapping[str, str]) -> dict[str, str]:
    """The room's complaints by the names that the fields have in the form."""
    return {_NAMES.get(name, name): text for name, text in errors.items()}


def tidy(fields: PostFields) -> PostFields:
    """The fields as saving would store them, so that white space alone makes no conflict."""
    tags = [tag.strip() for tag in fields.tags.split(",") if tag.strip()]
    lines = {name: " ".join(getattr(fields, name).split()) for name in ("title", "seo_title")}
    slug = fields.slug.strip().strip("/")
    return msgspec.structs.replace(fields, **lines, slug=slug, summary=fields.summary.strip(), tags=", ".join(tags))


def body_format_of(text: str) -> Literal["html", "markdown"]:
    """A stored format as the type that comparing asks for."""
    return "markdown" if text == "markdown" else "html"
