"""Undoing an act from the audit log: first what would happen, thing by thing, then the act itself."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.actor import ActorKind
from app.audit.repository import Act as Done
from app.audit.repository import act_by_id, places_of_posts, products_present
from app.audit.undo import Item, Plan, UndoRefused, plan_undo, undo_act
from app.db.work import Reading
from app.editor.entry import CurrentHere
from app.editor.frame import Html, screen, see_other, shell_at_customer
from app.editor.render import plural
from app.editor.views.shell import Link, Toast, Who
from app.editor.views.undo import UndoAct, UndoRow
from app.editor.wording import did
from app.errors import Conflict
from app.identity.access import Act, require
from app.web.context import AnyRequest, Here, services_of
from app.web.forms import read_form

# A page shows so many things, and waits for an undo of so many.
SHOWN, MOST = 100, 500
REASON_CHARACTERS = 500
WHAT = {"remove": "is removed", "change": "becomes what it was", "return": "comes back"}
KINDS = {"api_key": "key", "author": "byline", "media": "picture", "field": "custom field", "theme": "theme settings"}
Links = dict[UUID, str]


@get("/")
async def undo_page(request: AnyRequest, here: CurrentHere, act_id: FromPath[UUID]) -> Html:
    """What the undo would do. Nothing is changed by looking."""
    require(here.actor, Act.UNDO)
    return await undo_screen(request, here, act_id)


@post("/", status_code=303)
async def undo(request: AnyRequest, here: CurrentHere, act_id: FromPath[UUID]) -> Html | Redirect:
    """Undo the act; with conflicts only where the person has chosen to leave them alone."""
    require(here.actor, Act.UNDO)
    form = await read_form(request)
    reason, skips = form.text("reason"), form.text("skip") == "1"
    if len(reason) > REASON_CHARACTERS:
        wrong = {"reason": f"Shorten this to {REASON_CHARACTERS} characters or fewer."}
        return await undo_screen(request, here, act_id, reason=reason, errors=wrong, status=422)
    plan = await planned(request, here, act_id)
    if len(plan.steps) > MOST:
        return await undo_screen(request, here, act_id, reason=reason, status=409)
    try:
        done = await undo_act(
            here.database, here.actor, act_id, skip_conflicts=skips, reason=reason or None, directory=services_of(request).directory
        )  # fmt: skip
    except UndoRefused as refused:
        errors = {"skip": "Tick this to undo the rest."} if refused.plan.steps and not skips else {}
        return await undo_screen(request, here, act_id, reason=reason, problem=refused.detail, errors=errors, status=409)
    except Conflict as conflict:
        return await undo_screen(request, here, act_id, reason=reason, problem=conflict.detail, status=409)
    log = f"/c/{here.customer.customer_slug}/audit"
    left = f" {plural(len(done.left), 'thing')} left alone." if done.left else ""
    link = Link(text="Open the act that did it", href=f"{log}/{done.change_set_id}")
    return see_other(request, f"{log}/{act_id}", Toast(text=f"Undone: {plural(len(done.undone), 'thing')}.{left}", link=link))


async def planned(request: AnyRequest, here: Here, act_id: UUID) -> Plan:
    """What the undo would do. Raises NotFound."""
    return await plan_undo(here.database.read, act_id, directory=services_of(request).directory)


async def undo_screen(
    request: AnyRequest,
    here: Here,
    act_id: UUID,
    *,
    reason: str = "",
    problem: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Html:
    """The page with what would happen, and with what has just gone wrong."""
    plan = await planned(request, here, act_id)

    async def read(reading: Reading) -> tuple[Done, Links]:
        return await act_by_id(reading, act_id), await links_of(reading, here, [*plan.steps[:SHOWN], *plan.conflicts[:SHOWN]])

    act, links = await here.database.read(read)
    view = undo_view(here, act, plan, links, reason=reason, problem=problem, errors=errors or {})
    return screen(request, "undo.html", await shell_at_customer(request, here, "Undo this act", "audit"), view, status=status)


def undo_view(here: Here, act: Done, plan: Plan, links: Links, *, reason: str, problem: str, errors: dict[str, str]) -> UndoAct:
    """The page of a plan."""
    slug = here.customer.customer_slug
    undoer = next((undoer for undoer, marks in plan.undoers.items() if "undone" not in marks), None)
    return UndoAct(
        id=act.id,
        at=act.at,
        by=Who(name=act.actor_name, kind=cast(ActorKind, act.actor_kind), is_you=act.actor_id == here.person.user_id),
        said=did(act.verb, is_named=False),
        steps=len(plan.steps),
        left=len(plan.conflicts),
        rows=tuple(undo_row(item, links) for item in plan.steps[:SHOWN]),
        conflicts=tuple(undo_row(item, links) for item in plan.conflicts[:SHOWN]),
        done=len(plan.done),
        notes=plan.notes,
        reason=reason,
        problem=problem,
        undoer_href=f"/c/{slug}/audit/{undoer}" if undoer else "",
        command=f"agoat audit undo {act.id} --customer {slug}" if len(plan.steps) > MOST else "",
        is_unfinished=plan.unfinished is not None,
        errors=errors,
    )


def undo_row(item: Item, links: Links) -> UndoRow:
    """One thing in words."""
    kind = KINDS.get(item.thing_type, item.thing_type.replace("_", " "))
    return UndoRow(thing=item.label, kind=kind, what=WHAT[item.what], href=links.get(item.thing_id), conflict=item.conflict)


async def links_of(reading: Reading, here: Here, items: Sequence[Item]) -> Links:
    """The screens of those things that have one."""
    start = f"/c/{here.customer.customer_slug}"
    posts = await places_of_posts(reading, {item.thing_id for item in items if item.thing_type == "post"})
    products = await products_present(reading, {item.thing_id for item in items if item.thing_type == "product"})
    found = {post_id: f"{start}/s/{place.site_slug}/{place.kind}s/{post_id}" for post_id, place in posts.items()}
    return found | {product_id: f"{start}/products/{product_id}" for product_id in products}


ROUTER = Router(path="/c/{customer:str}/audit/{act_id:uuid}/undo", route_handlers=[undo_page, undo])
