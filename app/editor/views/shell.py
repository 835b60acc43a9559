"""What every screen shares: who is signed in, where they are, and what just happened."""

from datetime import datetime
from typing import Literal
from uuid import UUID
from zlib import crc32

from msgspec import Struct

from app.actor import ActorKind, Role

Screen = Literal["overview", "posts", "pages", "products", "team", "keys", "audit"]
Kind = Literal["post", "page", "product"]
Theme = Literal["auto", "light", "dark"]

SITE_SCREENS: tuple[Screen, ...] = ("overview", "posts", "pages")


class Link(Struct, frozen=True, kw_only=True):
    """A text that leads somewhere. `href` begins with /c/, /account, /sign-in, http, or with ? for the same screen."""

    text: str
    href: str


class Who(Struct, frozen=True, kw_only=True):
    """Whoever acted: a person, an API key, a job, the operator at the command line, or the product itself."""

    name: str
    kind: ActorKind = "person"
    is_you: bool = False

    @property
    def initials(self) -> str:
        """One or two letters for the disc beside the name."""
        words = [word for word in self.name.split() if word[0].isalnum()] or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @property
    def short(self) -> str:
        """The first name of a person, the whole name of anything else."""
        return self.name.split()[0] if self.kind == "person" and self.name.split() else self.name

    @property
    def tone(self) -> str:
        """One of the three tints of discs, always the same for one name."""
        return ("a", "b", "c")[crc32(self.name.encode()) % 3]


class Person(Struct, frozen=True, kw_only=True):
    """The person who is signed in. `role` is the one held in the customer of this screen, None where there is no customer."""

    name: str
    role: Role | None = None

    @property
    def who(self) -> Who:
        """The same person as an actor."""
        return Who(name=self.name, is_you=True)


class Place(Struct, frozen=True, kw_only=True):
    """A customer or a site, as the switch at the top names it."""

    name: str
    slug: str


class Undo(Struct, frozen=True, kw_only=True):
    """A form of one button that takes back what was just done. `fields` are sent as they are; the CSRF token is added."""

    action: str
    fields: tuple[tuple[str, str], ...] = ()
    label: str = "Undo"


class Toast(Struct, frozen=True, kw_only=True):
    """What happened, in one line: "Published. Live at" with a link, or "Moved to the trash" with an undo."""

    text: str
    link: Link | None = None
    undo: Undo | None = None


class Shell(Struct, frozen=True, kw_only=True):
    """The frame around a screen.

    `title`      names the screen in the tab of the browser; site and product are added.
    `now`        the moment of the request, with a zone; words like "4 min ago" are counted from it.
    `zone`       IANA name of the site's zone (of the customer's first site where there is no site).
    `address`    path and query of this screen, where a change of appearance leads back to.
    `sites`      every site of the customer that the person may open, this one too.
    `customers`  the person's other customers.
    `screens`    what the side bar may offer this person; `here` is the one that is open.
    `csrf`       the token bound to the session; every form sends it as `csrf`. Empty where no session exists.
    """

    title: str
    now: datetime
    zone: str = "UTC"
    address: str = "/c/"
    person: Person | None = None
    customer: Place | None = None
    site: Place | None = None
    sites: tuple[Place, ...] = ()
    customers: tuple[Place, ...] = ()
    screens: frozenset[Screen] = frozenset()
    here: Screen | None = None
    theme: Theme = "auto"
    csrf: str = ""
    toast: Toast | None = None

    @property
    def customer_path(self) -> str:
        """`/c/{customer}`, or the list of customers where none is chosen."""
        return f"/c/{self.customer.slug}" if self.customer else "/c/"

    @property
    def site_path(self) -> str:
        """`/c/{customer}/s/{site}`, or the customer's path where no site is chosen."""
        return f"{self.customer_path}/s/{self.site.slug}" if self.site else self.customer_path

    def path_of_site(self, slug: str) -> str:
        """The same kind of screen on another site of this customer, else its overview."""
        screen = f"/{self.here}" if self.here in ("posts", "pages") else ""
        return f"{self.customer_path}/s/{slug}{screen}"

    def path_of(self, screen: Screen) -> str:
        """The address of a screen of the side bar."""
        if screen == "overview":
            return self.site_path
        return f"{self.site_path if screen in SITE_SCREENS else self.customer_path}/{screen}"

    def list_of(self, kind: Kind) -> str:
        """The address of the list that a thing of this kind stands in."""
        return f"{self.customer_path if kind == 'product' else self.site_path}/{kind}s"

    def address_of(self, kind: Kind, thing_id: UUID | None) -> str:
        """The address of one thing, or of the empty form for a new one."""
        return f"{self.list_of(kind)}/{thing_id or 'new'}"
