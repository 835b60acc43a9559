"""A browser without JavaScript: it keeps cookies, follows redirects, reads forms and sends them as browsers do."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from app.actor import Role
from app.db.database import Tenancy
from app.identity.actions import set_role
from app.identity.people import People as Access
from tests.cast import OPERATOR, Cast
from tests.editor.html_rules import Node, tree

CONSOLE = "http://console.localhost:8000"
PASSWORD = "correct horse battery staple"

Fields = dict[str, list[str]]


@dataclass
class Person:
    """Somebody who can sign in."""

    name: str
    email: str
    id: Any
    password: str = PASSWORD


People = dict[str, Person]


async def make_people(access: Access, cast: Cast, backoffice: Tenancy) -> People:
    """Olga, Edda, Aart and Rhea of Acme, Mara of Globex; each sets a password by a link, as people do."""
    roles: dict[str, tuple[Any, Role]] = {
        "Olga": (cast.acme, "owner"),
        "Edda": (cast.acme, "editor"),
        "Aart": (cast.acme, "author"),
        "Rhea": (cast.acme, "reader"),
        "Mara": (cast.globex, "owner"),
    }
    return {name: await make_member(access, backoffice, name, customer, role) for name, (customer, role) in roles.items()}


async def make_member(access: Access, backoffice: Tenancy, name: str, customer: Any, role: Role) -> Person:
    """One person with a password and a membership."""
    user = await access.create_person(f"{name.lower()}@console.example", f"{name} Console")
    await access.use_link(await access.create_link(user.id, "first_password"), PASSWORD)
    await backoffice.of(customer).run(OPERATOR, "add member", lambda work: set_role(work, OPERATOR, user.id, role))
    return Person(user.name, user.email, user.id)


@dataclass
class Page:
    """An answer as one looks at it."""

    status: int
    url: str
    html: str
    headers: httpx.Headers
    root: Node = field(init=False)

    def __post_init__(self) -> None:
        self.root = tree(self.html)

    @property
    def path(self) -> str:
        """Path and query of where one is."""
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def text(self) -> str:
        """What can be read on it."""
        return " ".join(self.root.text.split())

    @property
    def heading(self) -> str:
        """Its first heading."""
        return " ".join(next(self.root.all("h1")).text.split())

    @property
    def toast(self) -> str:
        """What happened, as the page says it."""
        shown = [node for node in self.root.all("div") if node["class"] == "toast"]
        return " ".join(shown[0].text.split()) if shown else ""

    def links(self) -> list[str]:
        """Where it leads."""
        return [link["href"] for link in self.root.all("a")]

    def form(self, action: str) -> Fields:
        """The fields of the form that is sent to an address, as they would be sent."""
        return fields_of(self.form_node(action))

    def form_node(self, action: str) -> Node:
        """The form that is sent to an address."""
        return next(form for form in self.root.all("form") if form["method"] == "post" and form["action"] == action)

    def actions(self) -> list[str]:
        """Where its posting forms and buttons send to."""
        forms = [form["action"] for form in self.root.all("form") if form["method"] == "post"]
        return forms + [button["formaction"] for button in self.root.all("button") if button["formaction"]]

    def value(self, name: str) -> str:
        """What stands in a field of the page."""
        for form in self.root.all("form"):
            found = fields_of(form)
            if name in found:
                return found[name][0]
        raise KeyError(name)

    def errors(self) -> list[str]:
        """What is refused, field by field."""
        return [" ".join(node.text.split()).removeprefix("Error: ") for node in self.root.all("p", "span") if node["class"] == "error"]


def fields_of(form: Node) -> Fields:
    """The successful controls of a form."""
    found: Fields = {}
    for node in form.all("input", "textarea", "select"):
        if not node["name"] or "disabled" in node:
            continue
        if node.tag == "input" and node["type"] in ("radio", "checkbox") and "checked" not in node:
            continue
        if node.tag == "textarea":
            value = node.text.removeprefix("\n")
        elif node.tag == "select":
            options = list(node.all("option"))
            value = next((option for option in options if "selected" in option), options[0])["value"]
        else:
            value = node["value"] or ("on" if node["type"] == "checkbox" else "")
        found.setdefault(node["name"], []).append(value)
    return found


class Browser:
    """One browser of one person. Every request says where it comes from, as browsers do."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=CONSOLE)

    async def sign_in(self, person: Person) -> Page:
        """Sign in on the sign-in page."""
        page = await self.get("/sign-in")
        return await self.send(page, "/sign-in", email=person.email, password=person.password)

    async def get(self, path: str, **headers: str) -> Page:
        """Open an address and follow where it leads."""
        return await self.follow(await self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}))

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request, not followed."""
        return await self.client.request(method, path, follow_redirects=False, **more)

    async def follow(self, response: httpx.Response) -> Page:
        """Go where an answer leads, as long as that is in the console."""
        while response.has_redirect_location:
            target = urljoin(str(response.url), response.headers["location"])
            if not target.startswith(CONSOLE):
                break
            response = await self.ask("GET", target)
        return Page(response.status_code, str(response.url), response.text, response.headers)

    async def post(self, path: str, fields: Any, *, origin: str = CONSOLE, **headers: str) -> Page:
        """Send fields to an address."""
        named = {"origin": origin, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return await self.follow(await self.ask("POST", path, data=broken_lines(fields), headers=named))

    async def send(self, page: Page, action: str, /, *, to: str = "", **changed: str | list[str]) -> Page:
        """Send a form of a page with some fields changed; `to` is the address of the button that is pressed instead."""
        fields = page.form(action) | {name: value if isinstance(value, list) else [value] for name, value in changed.items()}
        return await self.post(to or action, fields, sec_fetch_site="same-origin")


def broken_lines(fields: Any) -> Any:
    """Fields with the line ends that browsers send."""
    listed = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    return {name: [value.replace("\r\n", "\n").replace("\n", "\r\n") for value in values] for name, values in listed.items()}
