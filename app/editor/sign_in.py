"""Coming in and going out: the sign-in page, signing out, and the link that sets a password once."""

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.editor.cookies import session_cookie
from app.editor.entry import CurrentPerson
from app.editor.frame import Html, bare_shell, screen, see_other
from app.editor.local import local_path, query, sign_in_address
from app.editor.views.access import SetPassword, SignIn
from app.errors import Invalid, LimitReached, NotFound, Unauthenticated
from app.identity.people import SignedIn
from app.identity.repository import has_customers
from app.web.context import AnyRequest, find_person, services_of, visitor_of
from app.web.forms import read_form
from app.web.problems import headers_of

# What a new installation lacks before anybody can sign in.
FIRST_COMMANDS = (
    'agoat customer create acme --name "Acme"',
    'agoat site create acme --customer acme --name "Acme"',
    'agoat person create you@example.org --name "You" --customer acme --role owner',
)


@get("/sign-in")
async def sign_in_page(request: AnyRequest) -> Html | Redirect:
    """The sign-in page; whoever is signed in already is led on."""
    asked = request.query_params
    next_path = local_path(asked.get("next", ""))
    if isinstance(await find_person(request), SignedIn) and not asked.get("held"):
        return see_other(request, next_path)
    view = SignIn(next=asked.get("next", ""), held=asked.get("held", ""), commands=await missing_commands(request))
    return screen(request, "sign-in.html", bare_shell(request, "Sign in"), view)


async def missing_commands(request: AnyRequest) -> tuple[str, ...]:
    """What to type on the server when the installation has no customer yet."""
    return () if await services_of(request).directory.read(has_customers) else FIRST_COMMANDS


@post("/sign-in", status_code=303)
async def sign_in(request: AnyRequest) -> Html | Redirect:
    """Sign in: a session with a new token, in the place of the one that this browser had."""
    form = await read_form(request)
    people = services_of(request).people
    before = await find_person(request)
    try:
        token, _ = await people.sign_in(form.text("email"), form.raw("password"), visitor_of(request))
    except (Unauthenticated, LimitReached) as error:
        is_refused = isinstance(error, Unauthenticated)
        view = SignIn(email=form.text("email"), problem=error.detail, next=form.text("next"), held=form.text("held"))
        headers = {} if is_refused else headers_of(error)
        return screen(request, "sign-in.html", bare_shell(request, "Sign in"), view, status=422 if is_refused else 429, headers=headers)
    if isinstance(before, SignedIn):
        await people.end_sessions(before.user_id, only=before.session_id)
    path, held = local_path(form.text("next")), form.text("held")
    response = see_other(request, path + (query(held=held) if held and "?" not in path else ""))
    response.set_cookie(session_cookie(request, token))
    return response


@post("/sign-out", status_code=303)
async def sign_out(request: AnyRequest, person: CurrentPerson) -> Redirect:
    """End this session, here and in the database."""
    await read_form(request)
    await services_of(request).people.end_sessions(person.user_id, only=person.session_id)
    response = see_other(request, sign_in_address(""))
    response.set_cookie(session_cookie(request, ""))
    return response


@get("/set-password/{token:str}")
async def set_password_page(request: AnyRequest, token: FromPath[str]) -> Html:
    """The form of a single-use link, or that the link is spent."""
    try:
        user = await services_of(request).people.link_owner(token)
    except NotFound:
        return spent(request)
    view = SetPassword(email=user.email, is_reset=user.password_hash is not None)
    return screen(request, "set-password.html", bare_shell(request, "Choose a password"), view)


@post("/set-password/{token:str}", status_code=303)
async def set_password(request: AnyRequest, token: FromPath[str]) -> Html | Redirect:
    """Set the password of the link's owner, who is then signed in with it."""
    form = await read_form(request)
    people = services_of(request).people
    try:
        owner = await people.link_owner(token)
        user = await people.use_link(token, form.raw("password"))
    except NotFound:
        return spent(request)
    except Invalid as error:
        view = SetPassword(email=owner.email, is_reset=owner.password_hash is not None, errors=error.fields)
        return screen(request, "set-password.html", bare_shell(request, "Choose a password"), view, status=422)
    try:
        new_session, _ = await people.sign_in(user.email, form.raw("password"), visitor_of(request))
    except (Unauthenticated, LimitReached):
        return see_other(request, "/sign-in")
    response = see_other(request, "/c/")
    response.set_cookie(session_cookie(request, new_session))
    return response


def spent(request: AnyRequest) -> Html:
    """What a used, old or invented link shows: always the same."""
    return screen(request, "set-password.html", bare_shell(request, "This link no longer works"), SetPassword(is_spent=True), status=404)


ROUTER = Router(path="/", route_handlers=[sign_in_page, sign_in, sign_out, set_password_page, set_password])
