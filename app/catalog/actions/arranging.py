"""Categories and custom fields."""

from uuid import uuid4

from app.actor import Actor
from app.catalog import repository
from app.catalog.checks import CODE, SLUG
from app.catalog.models import Category, FieldDefinition
from app.catalog.repository import CATEGORIES, FIELDS
from app.catalog.requests import SaveCategory, Saved, SaveField
from app.db.work import Work
from app.document.input import one_line, one_line_each, storable, too_long, wrong_line, wrong_lines
from app.errors import Invalid, Taken
from app.identity.access import Act, require


async def save_category(work: Work, actor: Actor, request: SaveCategory) -> Saved:
    """Make or change a category; a path that exists is the same category. Raises Forbidden, Invalid, Taken, ChangedElsewhere."""
    require(actor, Act.WRITE_PRODUCT)
    steps = request.slug.strip("/").split("/")
    if not all(SLUG.fullmatch(step) for step in steps) or len(request.slug) > 200:
        raise Invalid({"slug": "Use letters, digits and hyphens, with slashes between levels, for example coffee/filter."})
    labels = checked_labels(request.label, request.labels, request.summary)
    slug, parent = "/".join(steps), "/".join(steps[:-1])
    known = await repository.categories_by_slug(work, [slug, parent])
    if parent and parent not in known:
        raise Invalid({"slug": f"There is no category {parent} to put this one into."})
    values = {
        "slug": slug,
        "label": one_line(request.label),
        "labels": labels,
        "summary": storable(request.summary).strip(),
        "position": request.position,
    }
    row = await CATEGORIES.get(work, request.id) if request.id else known.get(slug)
    if row is not None and slug in known and known[slug].id != row.id:
        raise Taken("slug", f"“{known[slug].label}” already has this path. Choose another.")
    if row is None:
        row = await CATEGORIES.add(work, Category(id=uuid4(), **values))
    elif any(getattr(row, name) != value for name, value in values.items()):
        await CATEGORIES.change(work, row, values, expect=request.expect)
    return Saved(id=row.id, version=row.version, slug=row.slug)


async def save_field(work: Work, actor: Actor, request: SaveField) -> Saved:
    """Make or change the definition of a custom field. Raises Forbidden, Invalid."""
    require(actor, Act.CHANGE_SETTINGS)
    if not CODE.fullmatch(request.code):
        raise Invalid({"code": "Use small letters, digits and underscores, for example made_in."})
    labels = checked_labels(request.label, request.labels)
    values = {"label": one_line(request.label), "labels": labels, "is_facet": request.is_facet, "position": request.position}
    row = await repository.find_field(work, request.thing_type, request.code)
    if row is None:
        row = await FIELDS.add(work, FieldDefinition(id=uuid4(), thing_type=request.thing_type, code=request.code, **values))
    elif any(getattr(row, name) != value for name, value in values.items()):
        await FIELDS.change(work, row, values, expect=None)
    return Saved(id=row.id, version=row.version, slug=row.code)


def checked_labels(label: str, labels: dict[str, str], summary: str = "") -> dict[str, str]:
    """The labels by language as they are stored. Raises Invalid with every field that needs another look."""
    kept = one_line_each(labels)
    found = {"label": wrong_line(one_line(label), "Write a label."), "labels": wrong_lines(kept.values()), "summary": too_long(summary)}
    if wrong := {field: text for field, text in found.items() if text}:
        raise Invalid(wrong)
    return kept
