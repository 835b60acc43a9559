"""Who may do what: the table is compared with the words of the product's documentation, line by line."""

from itertools import pairwise
from uuid import uuid4

import pytest

from app.actor import Actor, Role, operator, system
from app.errors import Forbidden
from app.identity.access import ROLES, RULES, SCOPES, Act, Reach, allows, is_own, require

READ = {Act.READ_CONTENT, Act.READ_MEDIA, Act.READ_PRODUCTS, Act.READ_CHANGES}
OWN = READ | {Act.WRITE_POST, Act.PUBLISH_POST, Act.UPLOAD, Act.WRITE_MEDIA}
OWNERS = {Act.UNDO, Act.MANAGE_TEAM, Act.MANAGE_KEYS, Act.MANAGE_DOMAINS, Act.CHANGE_THEME, Act.CHANGE_SETTINGS}
MAY_OWN: dict[Role, set[Act]] = {"reader": READ, "author": OWN, "editor": set(Act) - OWNERS, "owner": set(Act)}
MAY_OTHERS: dict[Role, set[Act]] = {**MAY_OWN, "author": READ | {Act.UPLOAD}}


def person(role: Role | None, **more) -> Actor:
    return Actor(kind="person", door="console", name="Somebody", id=uuid4(), role=role, **more)


def key(*scopes: str) -> Actor:
    return Actor(kind="key", door="api", name="A key", id=uuid4(), scopes=frozenset(scopes))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", Act)
def test_a_role_may_exactly_what_the_table_says(role: Role, act: Act) -> None:
    assert allows(person(role), act, own=True) == (act in MAY_OWN[role])
    assert allows(person(role), act, own=False) == (act in MAY_OTHERS[role])


def test_every_act_has_a_rule_and_every_scope_opens_something() -> None:
    assert set(RULES) == set(Act)
    assert {scope for rule in RULES.values() for scope in rule.scopes} == set(SCOPES)


@pytest.mark.parametrize("act", Act)
def test_a_higher_role_may_all_that_a_lower_one_may(act: Act) -> None:
    for lower, higher in pairwise(ROLES):
        assert allows(person(higher), act) >= allows(person(lower), act)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("actor", [operator("root"), system("sweep"), Actor(kind="job", door="worker", name="import")])
def test_operator_system_and_jobs_may_do_everything(actor: Actor, act: Act) -> None:
    assert allows(actor, act)


@pytest.mark.parametrize("act", Act)
def test_a_person_without_a_role_and_a_key_without_scopes_may_do_nothing(act: Act) -> None:
    assert not allows(person(None), act, own=True)
    assert not allows(key(), act, own=True)


@pytest.mark.parametrize("act", [act for act in Act if RULES[act].scopes])
def test_a_key_needs_each_scope_of_an_act_and_no_other(act: Act) -> None:
    needed = RULES[act].scopes
    assert allows(key(*needed), act)
    assert not allows(key(*set(SCOPES) - needed), act)
    for one in needed:
        assert not allows(key(*set(SCOPES) - {one}), act)


@pytest.mark.parametrize("act", sorted(OWNERS, key=lambda act: act.name))
def test_no_key_may_what_only_owners_may(act: Act) -> None:
    with pytest.raises(Forbidden, match="cannot be done by a key") as caught:
        require(key(*SCOPES), act)
    assert caught.value.needs == "role owner"


def test_publishing_needs_its_own_scope_and_wholesale_two() -> None:
    assert not allows(key("content:write"), Act.PUBLISH_POST)
    assert allows(key("content:publish"), Act.PUBLISH_POST)
    assert not allows(key("products:write"), Act.PUBLISH_PRODUCT)
    assert not allows(key("products:write"), Act.WRITE_WHOLESALE)
    assert allows(key("products:write", "wholesale:read"), Act.WRITE_WHOLESALE)


def test_a_membership_of_one_site_ends_at_that_site() -> None:
    site, other = uuid4(), uuid4()
    editor = person("editor", site_id=site)
    assert allows(editor, Act.WRITE_PAGE, site_id=site)
    assert not allows(editor, Act.WRITE_PAGE, site_id=other)
    assert not allows(editor, Act.WRITE_PAGE)
    with pytest.raises(Forbidden) as caught:
        require(editor, Act.WRITE_PAGE, site_id=other)
    assert caught.value.needs == "membership of this site"


@pytest.mark.parametrize("act", [act for act in Act if RULES[act].reach is Reach.CUSTOMER])
def test_acts_on_the_whole_customer_need_a_membership_of_all_sites(act: Act) -> None:
    site = uuid4()
    assert not allows(person("owner", site_id=site), act, site_id=site)
    assert allows(person("owner"), act, site_id=site)


def test_catalogue_acts_are_acts_on_the_whole_customer() -> None:
    catalogue = [act for act in Act if any(word in act.name for word in ("PRODUCT", "PRICE", "STOCK", "WHOLESALE"))]
    assert len(catalogue) == 7
    assert {RULES[act].reach for act in catalogue} == {Reach.CUSTOMER}


def test_a_member_of_one_site_uses_what_all_sites_share() -> None:
    assert allows(person("author", site_id=uuid4()), Act.UPLOAD)
    assert allows(person("reader", site_id=uuid4()), Act.READ_MEDIA, site_id=uuid4())


@pytest.mark.parametrize(
    ("actor", "act", "own", "detail", "needs"),
    [
        (person("reader"), Act.WRITE_PRICE, False, "Changing prices needs the role editor or owner.", "role editor or owner"),
        (person("reader"), Act.WRITE_POST, True, "Changing posts needs the role author, editor or owner.", "role author, editor or owner"),
        (person("author"), Act.WRITE_POST, False, "Changing posts that somebody else made needs the role editor", "role editor or owner"),
        (person("editor"), Act.UNDO, False, "Undoing an act needs the role owner.", "role owner"),
        (key("content:read"), Act.WRITE_POST, True, "Changing posts needs the scope content:write.", "scope content:write"),
        (key(), Act.WRITE_WHOLESALE, True, "the scopes products:write and wholesale:read.", "scopes products:write and wholesale:read"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_needed(actor: Actor, act: Act, own: bool, detail: str, needs: str) -> None:
    with pytest.raises(Forbidden) as caught:
        require(actor, act, own=own)
    assert detail in caught.value.detail
    assert caught.value.needs == needs


def test_nobodys_thing_is_not_the_operators_own() -> None:
    alice = person("author")
    assert is_own(alice, alice.id)
    assert not is_own(alice, uuid4())
    assert not is_own(operator("root"), None)
