"""Coming in: sign-in, the single-use link that sets a password, and the choice of a customer or site."""

from msgspec import Struct

from app.actor import Role
from app.editor.views.parts import Status
from app.editor.views.shell import Place


class SignIn(Struct, frozen=True, kw_only=True):
    """sign-in.html. Posts to /sign-in: `email`, `password`, `next`, `held`.

    `problem`   why the last try was refused, one text for both fields: "The email address or the password is not right."
    `next`      local path to open afterwards; the handler checks that it begins with one slash.
    `held`      id of a form that was sent under an expired session; it is shown again after signing in.
    `commands`  what to type on the server when the installation has no customer yet.
    """

    email: str = ""
    problem: str = ""
    next: str = ""
    held: str = ""
    commands: tuple[str, ...] = ()


class SetPassword(Struct, frozen=True, kw_only=True):
    """set-password.html. Posts to its own address: `password`.

    `is_reset` tells a forgotten password from a first one. `is_spent` is a link that was used or ran out: no form is shown.
    `errors` may name `password`.
    """

    email: str = ""
    is_reset: bool = False
    is_spent: bool = False
    errors: dict[str, str] = {}


class SiteRow(Struct, frozen=True, kw_only=True):
    """A site in a list. `host` is its primary domain; `status` is published, draft (nothing live yet), off or failed."""

    name: str
    slug: str
    host: str
    status: Status = "published"
    status_text: str = "Live"


class Sites(Struct, frozen=True, kw_only=True):
    """sites.html: the sites of one customer, at /c/{customer}."""

    sites: tuple[SiteRow, ...] = ()


class CustomerRow(Struct, frozen=True, kw_only=True):
    """One customer that the person belongs to. Sites are listed when they are at hand, else the customer is the link."""

    place: Place
    role: Role
    sites: tuple[SiteRow, ...] = ()


class Customers(Struct, frozen=True, kw_only=True):
    """customers.html: everything the person may open, at /c/."""

    customers: tuple[CustomerRow, ...] = ()
