"""Who may do what: one table, asked by actions, console and API alike. Pure.

A person has a role, a key has scopes. The operator, the product itself and its jobs may do everything and are recorded as such.
"""

from collections.abc import Iterable
from enum import Enum
from uuid import UUID

from msgspec import Struct

from app.actor import Actor, Role
from app.errors import Forbidden

# From the least to the most; each may do what those before it may.
ROLES: tuple[Role, ...] = ("reader", "author", "editor", "owner")

# Every scope that a key may carry.
SCOPES = (
    "content:read",
    "content:write",
    "content:publish",
    "products:read",
    "products:write",
    "stock:write",
    "wholesale:read",
    "media:read",
    "media:write",
    "changes:read",
    "imports:write",
    "audit:read",
)


class Act(Enum):
    """Everything that somebody may be allowed to do; the value is how a refusal names it."""

    READ_CONTENT = "Reading posts and pages"
    READ_MEDIA = "Seeing the media library"
    READ_PRODUCTS = "Reading products"
    READ_CHANGES = "Following changes"
    WRITE_POST = "Changing posts"
    PUBLISH_POST = "Publishing posts"
    UPLOAD = "Uploading files"
    WRITE_MEDIA = "Changing files"
    WRITE_PAGE = "Changing pages"
    PUBLISH_PAGE = "Publishing pages"
    WRITE_TAG = "Changing tags"
    WRITE_AUTHOR = "Changing bylines"
    WRITE_MENU = "Changing menus"
    WRITE_REDIRECT = "Changing redirects"
    WRITE_PRODUCT = "Changing products"
    PUBLISH_PRODUCT = "Publishing products"
    WRITE_PRICE = "Changing prices"
    WRITE_STOCK = "Changing stock"
    SEE_WHOLESALE = "Seeing wholesale prices"
    WRITE_WHOLESALE = "Changing wholesale prices"
    IMPORT = "Importing"
    READ_AUDIT = "Reading the audit log"
    UNDO = "Undoing an act"
    MANAGE_TEAM = "Changing the team"
    MANAGE_KEYS = "Changing keys"
    MANAGE_DOMAINS = "Changing domains"
    CHANGE_THEME = "Changing the theme"
    CHANGE_SETTINGS = "Changing settings"


class Reach(Enum):
    """How far an act reaches, which decides whether a membership of one site is enough."""

    SITE = "one site: the membership must be for this site or for all"
    SHARED = "what all sites share: any membership will do"
    CUSTOMER = "the whole customer: the membership must be for all sites"


class Rule(Struct, frozen=True):
    """Who may do one act: the least role, the least role for what one made oneself, and the scopes that a key needs.

    `own` None makes no difference between one's own and others' things; without scopes no key may do it.
    """

    role: Role
    scopes: frozenset[str] = frozenset()
    own: Role | None = None
    reach: Reach = Reach.SITE


def _rule(role: Role, *scopes: str, own: Role | None = None, reach: Reach = Reach.SITE) -> Rule:
    return Rule(role, frozenset(scopes), own, reach)


RULES: dict[Act, Rule] = {
    Act.READ_CONTENT: _rule("reader", "content:read"),
    Act.READ_MEDIA: _rule("reader", "media:read", reach=Reach.SHARED),
    Act.READ_PRODUCTS: _rule("reader", "products:read", reach=Reach.CUSTOMER),
    Act.READ_CHANGES: _rule("reader", "changes:read", reach=Reach.CUSTOMER),
    Act.WRITE_POST: _rule("editor", "content:write", own="author"),
    Act.PUBLISH_POST: _rule("editor", "content:publish", own="author"),
    Act.UPLOAD: _rule("author", "media:write", reach=Reach.SHARED),
    Act.WRITE_MEDIA: _rule("editor", "media:write", own="author", reach=Reach.SHARED),
    Act.WRITE_PAGE: _rule("editor", "content:write"),
    Act.PUBLISH_PAGE: _rule("editor", "content:publish"),
    Act.WRITE_TAG: _rule("editor", "content:write"),
    Act.WRITE_AUTHOR: _rule("editor", "content:write", reach=Reach.SHARED),
    Act.WRITE_MENU: _rule("editor", "content:write"),
    Act.WRITE_REDIRECT: _rule("editor", "content:write"),
    Act.WRITE_PRODUCT: _rule("editor", "products:write", reach=Reach.CUSTOMER),
    Act.PUBLISH_PRODUCT: _rule("editor", "products:write", "content:publish", reach=Reach.CUSTOMER),
    Act.WRITE_PRICE: _rule("editor", "products:write", reach=Reach.CUSTOMER),
    Act.WRITE_STOCK: _rule("editor", "stock:write", reach=Reach.CUSTOMER),
    Act.SEE_WHOLESALE: _rule("editor", "wholesale:read", reach=Reach.CUSTOMER),
    Act.WRITE_WHOLESALE: _rule("editor", "wholesale:read", "products:write", reach=Reach.CUSTOMER),
    Act.IMPORT: _rule("editor", "imports:write"),
    Act.READ_AUDIT: _rule("editor", "audit:read", reach=Reach.CUSTOMER),
    Act.UNDO: _rule("owner", reach=Reach.CUSTOMER),
    Act.MANAGE_TEAM: _rule("owner", reach=Reach.CUSTOMER),
    Act.MANAGE_KEYS: _rule("owner", reach=Reach.CUSTOMER),
    Act.MANAGE_DOMAINS: _rule("owner"),
    Act.CHANGE_THEME: _rule("owner"),
    Act.CHANGE_SETTINGS: _rule("owner"),
}


def allows(actor: Actor, act: Act, *, own: bool = False, site_id: UUID | None = None) -> bool:
    """Whether the actor may do the act, on a thing that he made himself (`own`), on one site (`site_id`) or on all (None)."""
    return _refusal(actor, act, own, site_id) is None


def require(actor: Actor, act: Act, *, own: bool = False, site_id: UUID | None = None) -> None:
    """Raise Forbidden, naming the role, scope or membership that is needed, unless `allows` says yes."""
    refusal = _refusal(actor, act, own, site_id)
    if refusal is not None:
        raise refusal


def is_own(actor: Actor, created_by: UUID | None) -> bool:
    """Whether the actor made a thing. Nobody made a thing without a maker."""
    return created_by is not None and created_by == actor.id


def _refusal(actor: Actor, act: Act, own: bool, site_id: UUID | None) -> Forbidden | None:
    if actor.kind in ("operator", "system", "job"):
        return None
    rule = RULES[act]
    return _refusal_of_key(actor, act, rule) if actor.kind == "key" else _refusal_of_person(actor, act, rule, own, site_id)


def _refusal_of_key(actor: Actor, act: Act, rule: Rule) -> Forbidden | None:
    if not rule.scopes:
        return Forbidden(f"{act.value} cannot be done by a key. Do it in the console.", needs=f"role {rule.role}")
    missing = sorted(rule.scopes - actor.scopes)
    if not missing:
        return None
    word = "scope" if len(missing) == 1 else "scopes"
    return Forbidden(
        f"{act.value} needs the {word} {_listed(missing, 'and')}. Make a key that has it.", needs=f"{word} {_listed(missing, 'and')}"
    )


def _refusal_of_person(actor: Actor, act: Act, rule: Rule, own: bool, site_id: UUID | None) -> Forbidden | None:
    least = rule.own if own and rule.own else rule.role
    if actor.role is None or ROLES.index(actor.role) < ROLES.index(least):
        roles = _listed(ROLES[ROLES.index(least) :], "or")
        whose = " that somebody else made" if rule.own and not own else ""
        return Forbidden(f"{act.value}{whose} needs the role {roles}. Ask an owner for it.", needs=f"role {roles}")
    if actor.site_id is None or rule.reach is Reach.SHARED or (rule.reach is Reach.SITE and actor.site_id == site_id):
        return None
    reach = "this site" if rule.reach is Reach.SITE and site_id else "all sites"
    return Forbidden(f"{act.value} here needs a membership of {reach}. Ask an owner for it.", needs=f"membership of {reach}")


def _listed(words: Iterable[str], conjunction: str) -> str:
    *most, last = words
    return f"{', '.join(most)} {conjunction} {last}" if most else last
