"""The audit log: every act for a customer, and one of them with all its changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath

from app.actor import ActorKind
from app.audit.repository import Act as Done
from app.audit.repository import PostPlace, Touched, act_by_id, acts_page, places_of_posts, products_present
from app.audit.undo.repository import undoers
from app.db.record.seals import end_of
from app.db.work import Reading
from app.editor.entry import CurrentHere
from app.editor.frame import Html, screen, shell_at_customer
from app.editor.paging import ROWS, cut, pager, place_in
from app.editor.render import plural
from app.editor.timeline import by_day
from app.editor.views.parts import Door, Pager
from app.editor.views.people import AuditLog, ChangeSetDay, ChangeSetRow, EventRow
from app.editor.views.shell import Who
from app.editor.wording import VERSION_KINDS, did, fields_in_words
from app.identity.access import Act, allows, require
from app.web.context import AnyRequest, Here

# In a list an act shows the beginning of what it did; alone it shows as much as is read.
SHOWN_IN_LIST = 20


class Found(NamedTuple):
    """Acts, and which of the things they touched still have a screen."""

    acts: Sequence[Done]
    posts: dict[UUID, PostPlace]
    products: set[UUID]


@get("/")
async def audit_page(request: AnyRequest, here: CurrentHere) -> Html:
    """Every act, newest first."""
    require(here.actor, Act.READ_AUDIT)
    place = place_in(request, f"{here.customer.customer_id}:audit")

    async def read(reading: Reading) -> tuple[Found, bool, datetime | None]:
        acts, has_older = cut(await acts_page(reading, edge=place.edge, limit=ROWS + 1))
        return await with_places(reading, acts), has_older, (await end_of(reading.session, reading.customer_id)).at

    found, has_older, sealed_until = await here.database.read(read)
    last = found.acts[-1] if found.acts and has_older else None
    end = pager(request, place, f"{plural(len(found.acts), 'act')}, newest first", (last.at, last.id) if last else None)
    return await log_screen(request, here, found, end=end, sealed_until=sealed_until)


@get("/{act_id:uuid}")
async def act_page(request: AnyRequest, here: CurrentHere, act_id: FromPath[UUID]) -> Html:
    """One act with everything it touched."""
    require(here.actor, Act.READ_AUDIT)

    async def read(reading: Reading) -> tuple[Found, UUID | None]:
        found = await with_places(reading, [await act_by_id(reading, act_id)])
        return found, next((undoer for undoer, marks in (await undoers(reading, act_id)).items() if "undone" not in marks), None)

    found, undoer = await here.database.read(read)
    return await log_screen(request, here, found, is_single=True, undoer=undoer)


async def with_places(reading: Reading, acts: Sequence[Done]) -> Found:
    """The acts with the places of what they touched, as far as it will be shown."""
    touched = [thing for act in acts for thing in (act.touched if len(acts) == 1 else act.touched[:SHOWN_IN_LIST])]
    posts = {thing.thing_id for thing in touched if thing.thing_type == "post"}
    products = {thing.thing_id for thing in touched if thing.thing_type == "product"}
    return Found(acts, await places_of_posts(reading, posts), await products_present(reading, products))


async def log_screen(
    request: AnyRequest,
    here: Here,
    found: Found,
    *,
    end: Pager | None = None,
    is_single: bool = False,
    undoer: UUID | None = None,
    sealed_until: datetime | None = None,
) -> Html:
    """The screen of the log."""
    shell = await shell_at_customer(request, here, "One act" if is_single else "Audit log", "audit")
    days = [
        ChangeSetDay(at=at, change_sets=tuple(act_row(here, found, act, is_single=is_single) for act in acts))
        for at, acts in by_day(found.acts, lambda act: act.at, shell.zone)
    ]
    log = f"/c/{here.customer.customer_slug}/audit"
    can_undo = is_single and allows(here.actor, Act.UNDO) and any(act.touched for act in found.acts)
    view = AuditLog(
        days=tuple(days),
        pager=end,
        is_single=is_single,
        undo_href=f"{log}/{found.acts[0].id}/undo" if can_undo else "",
        undoer_href=f"{log}/{undoer}" if undoer else "",
        sealed_until=sealed_until,
    )
    return screen(request, "audit.html", shell, view)


def act_row(here: Here, found: Found, act: Done, *, is_single: bool) -> ChangeSetRow:
    """One act in words."""
    first = act.touched[0] if act.touched else None
    things = list(dict.fromkeys(thing.thing_id for thing in act.touched))
    label = first.label if first else ""
    shown = act.touched if is_single else act.touched[:SHOWN_IN_LIST]
    return ChangeSetRow(
        id=act.id,
        at=act.at,
        by=Who(name=act.actor_name, kind=cast(ActorKind, act.actor_kind), is_you=act.actor_id == here.person.user_id),
        did=did(act.verb, is_named=bool(label)),
        thing=label,
        thing_href=href_of(here, found, first) if first else None,
        others=max(0, len(things) - 1),
        door=cast(Door, act.door),
        reason=act.reason or "",
        request_id=act.request_id or "",
        events=tuple(event_row(here, found, thing) for thing in shown),
        changes=len(act.touched),
        href=f"/c/{here.customer.customer_slug}/audit/{act.id}",
    )


def event_row(here: Here, found: Found, thing: Touched) -> EventRow:
    """What an act did to one thing."""
    is_gone = thing.kind == "deleted"
    is_new = thing.from_version == 0
    words = () if is_new or is_gone else fields_in_words(thing.fields)
    note = VERSION_KINDS.get(thing.kind, thing.kind)
    return EventRow(
        thing=thing.label or thing.thing_type.replace("_", " "),
        href=href_of(here, found, thing),
        fields=("new",) if is_new else (*([note] if note else []), *(word for word in words if word != "publication")),
        from_version=None if is_new else thing.from_version,
        to_version=None if is_gone else thing.version,
    )


def href_of(here: Here, found: Found, thing: Touched) -> str | None:
    """The screen of a thing, None where it has none (any more)."""
    start = f"/c/{here.customer.customer_slug}"
    if thing.thing_type == "product" and thing.thing_id in found.products:
        return f"{start}/products/{thing.thing_id}"
    place = found.posts.get(thing.thing_id)
    return f"{start}/s/{place.site_slug}/{place.kind}s/{thing.thing_id}" if place else None


ROUTER = Router(path="/c/{customer:str}/audit", route_handlers=[audit_page, act_page])
