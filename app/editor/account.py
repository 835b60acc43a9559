"""A person's own matters: name, password, sessions and appearance. They belong to no customer."""

import re
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.editor.cookies import theme_cookie
from app.editor.entry import CurrentPerson
from app.editor.frame import Html, bare_shell, screen, see_other
from app.editor.local import local_path
from app.editor.views.people import Account, SessionRow
from app.editor.views.shell import Toast
from app.errors import Invalid, NotFound
from app.identity.models import Session
from app.identity.people import SignedIn
from app.identity.repository import belongings
from app.web.context import AnyRequest, services_of
from app.web.forms import read_form

# In the order in which browsers pretend to be one another.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_FIELDS = {"present_password": "current_password", "password": "new_password"}


@get("/account")
async def account_page(request: AnyRequest, person: CurrentPerson) -> Html:
    """The account of the person who is signed in."""
    return await account_screen(request, person)


async def account_screen(request: AnyRequest, person: SignedIn, errors: dict[str, str] | None = None, name: str | None = None) -> Html:
    """The account, with what was refused of its forms."""
    services = services_of(request)
    customers = await services.directory.read(lambda session: belongings(session, person.user_id))
    sessions = await services.people.sessions(person.user_id)
    view = Account(
        name=person.name if name is None else name,
        email=person.email,
        customers=tuple(customer.customer_name for customer in customers),
        sessions=tuple(session_row(row, person) for row in sessions),
        errors=errors or {},
    )
    return screen(request, "account.html", bare_shell(request, "Account", person), view, status=422 if errors else 200)


def session_row(row: Session, person: SignedIn) -> SessionRow:
    """One browser in which the person is signed in."""
    return SessionRow(
        id=row.id, device=device_of(row.agent), since=row.created_at, seen_at=row.seen_at, is_current=row.id == person.session_id
    )


def device_of(agent: str) -> str:
    """A browser's own name in plain words: "Firefox on Linux"."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in agent), None)
    if browser is None:
        program = re.match(r"[\w .-]{1,40}", agent)
        browser = program[0].strip() if program else "An unknown browser"
    return f"{browser} on {system}" if system else browser


@post("/account", status_code=303)
async def save_name(request: AnyRequest, person: CurrentPerson) -> Html | Redirect:
    """Change one's own name."""
    form = await read_form(request)
    try:
        await services_of(request).people.rename(person.user_id, form.text("name"))
    except Invalid as error:
        return await account_screen(request, person, error.fields, form.text("name"))
    return see_other(request, "/account", Toast(text="Name saved."))


@post("/account/password", status_code=303)
async def change_password(request: AnyRequest, person: CurrentPerson) -> Html | Redirect:
    """Change one's own password."""
    form = await read_form(request)
    try:
        await services_of(request).people.change_password(person.user_id, form.raw("current_password"), form.raw("new_password"))
    except Invalid as error:
        return await account_screen(request, person, {_FIELDS.get(field, field): text for field, text in error.fields.items()})
    return see_other(request, "/account", Toast(text="Password changed. Other browsers stay signed in until you sign them out below."))


@post("/account/sessions/end", status_code=303)
async def end_other_sessions(request: AnyRequest, person: CurrentPerson) -> Redirect:
    """Sign out everywhere but here."""
    await read_form(request)
    ended = await services_of(request).people.end_sessions(person.user_id, keep=person.session_id)
    return see_other(request, "/account", Toast(text=f"Signed out in {ended} other {'browser' if ended == 1 else 'browsers'}."))


@post("/account/sessions/{session_id:uuid}/end", status_code=303)
async def end_session(request: AnyRequest, person: CurrentPerson, session_id: FromPath[UUID]) -> Redirect:
    """Sign out in one browser. Raises NotFound for a session that is over or somebody else's."""
    await read_form(request)
    if not await services_of(request).people.end_sessions(person.user_id, only=session_id):
        raise NotFound()
    return see_other(request, "/account", Toast(text="Signed out in that browser."))


@post("/account/appearance", status_code=303)
async def choose_appearance(request: AnyRequest, person: CurrentPerson) -> Redirect:
    """Remember light or dark in this browser, and go back to where the switch was."""
    form = await read_form(request)
    response = see_other(request, local_path(form.text("next"), "/account"))
    response.set_cookie(theme_cookie(request, form.text("theme")))
    return response


ROUTER = Router(path="/", route_handlers=[account_page, save_name, change_password, end_other_sessions, end_session, choose_appearance])
