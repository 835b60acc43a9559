"""API keys: making one, which is shown once, and revoking."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.editor.entry import CurrentHere
from app.editor.frame import Html, screen, see_other, shell_at_customer
from app.editor.held import held_fields
from app.editor.views.parts import Option
from app.editor.views.people import KeyRow, Keys, Scope
from app.editor.views.shell import Toast
from app.editor.wording import SCOPES
from app.errors import Invalid
from app.identity import access
from app.identity.access import Act, require
from app.identity.actions import CreateKey, NewKey, create_key, revoke_key
from app.identity.models import ApiKey
from app.identity.repository import keys_of_customer
from app.web.context import AnyRequest, Here
from app.web.forms import Form, read_form

ENDS = (
    Option(value="30", label="in 30 days"),
    Option(value="90", label="in 90 days"),
    Option(value="365", label="in 1 year"),
    Option(value="", label="never"),
)
USUAL_END = "365"
_NAMES = {"scopes": "scope", "expires_at": "ends"}


@get("/")
async def keys_page(request: AnyRequest, here: CurrentHere) -> Html:
    """The keys that work, and the form for another one."""
    require(here.actor, Act.MANAGE_KEYS)
    return await keys_screen(request, here, await held_fields(request, here))


async def keys_screen(
    request: AnyRequest, here: Here, form: Form | None = None, *, made: NewKey | None = None, errors: dict[str, str] | None = None
) -> Html:
    """The screen of the keys; a new secret stands only in the answer to the request that made it."""
    rows = [row for row in await here.database.read(keys_of_customer) if row.revoked_at is None]
    chosen = form.all("scope") if form else []
    asked = request.query_params.get("revoke", "")
    view = Keys(
        keys=tuple(map(key_row, rows)),
        scopes=tuple(Scope(value=scope, label=SCOPES[scope], is_chosen=scope in chosen) for scope in access.SCOPES),
        ends=ENDS,
        chosen_end=form.text("ends") if form else USUAL_END,
        name=form.text("name") if form else "",
        secret=made.secret if made else "",
        revoking=next((key_row(row) for row in rows if str(row.id) == asked), None),
        errors=errors or {},
    )
    return screen(request, "keys.html", await shell_at_customer(request, here, "Keys", "keys"), view, status=422 if errors else 200)


def key_row(row: ApiKey) -> KeyRow:
    """One key, known by its beginning and end."""
    return KeyRow(id=row.id, name=row.name, prefix=f"{row.prefix}…{row.last_four}", scopes=tuple(row.scopes), ends_at=row.expires_at)


@post("/", status_code=200)
async def create(request: AnyRequest, here: CurrentHere) -> Html:
    """Make a key and show its secret, this once."""
    form = await read_form(request)
    try:
        wanted = CreateKey(name=form.text("name"), scopes=tuple(form.all("scope")), expires_at=end_in(form))
        made = await here.database.run(here.actor, "create key", lambda work: create_key(work, here.actor, wanted))
    except Invalid as error:
        return await keys_screen(request, here, form, errors={_NAMES.get(name, name): text for name, text in error.fields.items()})
    return await keys_screen(request, here, made=made)


def end_in(form: Form) -> datetime | None:
    """When the new key ends. Raises Invalid for what is no choice."""
    text = form.text("ends")
    if text not in [option.value for option in ENDS]:
        raise Invalid({"ends": "Choose when the key ends."})
    return datetime.now(UTC) + timedelta(days=int(text)) if text else None


@post("/{key_id:uuid}/revoke", status_code=303)
async def revoke(request: AnyRequest, here: CurrentHere, key_id: FromPath[UUID]) -> Redirect:
    """Revoke a key at once."""
    await read_form(request)
    row = await here.database.run(here.actor, "revoke key", lambda work: revoke_key(work, here.actor, key_id))
    return see_other(
        request, f"/c/{here.customer.customer_slug}/keys", Toast(text=f"Revoked “{row.name[:80]}”. Nothing can use it any more.")
    )


ROUTER = Router(path="/c/{customer:str}/keys", route_handlers=[keys_page, create, revoke])
