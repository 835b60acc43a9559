"""Coming in, the overview, and the customer's own matters."""

from typing import Any
from uuid import UUID

import msgspec

from app.editor.views.access import CustomerRow, Customers, SetPassword, SignIn, SiteRow, Sites
from app.editor.views.overview import Attention, Edited, LivePost, Overview
from app.editor.views.parts import Filter, Option, Pager
from app.editor.views.people import (
    Account,
    AuditLog,
    ChangeSetDay,
    ChangeSetRow,
    EventRow,
    KeyRow,
    Keys,
    MemberRow,
    Scope,
    SessionRow,
    Team,
)
from app.editor.views.shell import Link, Place, Who
from app.editor.views.undo import UndoAct, UndoRow
from tests.editor.samples.frame import ALICE, BOB, ERP, ID, NOW, TITLE, Sample, ago, at_customer, bare, shell, small

SITES = (
    SiteRow(name="Roastery Journal", slug="journal", host="journal.acme.example"),
    SiteRow(name="Shop", slug="shop", host="acme.example", status="draft", status_text="Not published yet"),
)

OVERVIEW = Overview(
    site_url="https://journal.acme.example/",
    site_host="journal.acme.example",
    attention=(
        Attention(
            status="changed",
            title="“Advent box 2026” has edits that are not published",
            text="Readers still see version 3. 3 later edits by Bob are not in it.",
            action=Link(text="Review edits", href=f"/c/acme/s/journal/posts/{ID}/publish"),
        ),
        Attention(status="failed", title="magazin.acme.example does not answer"),
    ),
    edited=(
        Edited(kind="post", id=ID, title=TITLE, status="changed", at=ago(minutes=4), by=ALICE),
        Edited(kind="page", id=ID, title="", status="draft", at=ago(hours=20), by=BOB),
        Edited(kind="post", id=ID, title="قهوة الصباح في نيروبي", status="published", at=ago(days=400), by=ERP, lang="ar"),
    ),
    live=(LivePost(id=ID, title="Brew water, the short version", url="https://journal.acme.example/posts/brew/", at=ago(hours=2)),),
    can_write=True,
)

SESSIONS = (
    SessionRow(id=UUID(int=1), device="Firefox on Linux", since=ago(hours=2), seen_at=NOW, is_current=True),
    SessionRow(id=UUID(int=2), device="Safari on iPhone", since=ago(days=9), seen_at=ago(hours=12)),
)

MEMBERS = (
    MemberRow(name="Alice Moreno", email="alice@acme.example", role="owner", is_you=True, seen_at=NOW),
    MemberRow(name="Bob Lindqvist", email="bob@acme.example", role="author", site="Roastery Journal", seen_at=ago(minutes=8)),
    MemberRow(name="Rita Okafor", email="rita@acme.example", role="reader"),
)

KEY = KeyRow(
    id=ID,
    name="ERP key",
    prefix="agoat_3fK…",
    scopes=("products:read", "products:write", "stock:write"),
    used_at=ago(hours=2),
    ends_at=ago(days=-400),
)

KEYS = Keys(
    keys=(KEY, KeyRow(id=UUID(int=5), name="Feed reader", prefix="agoat_x20…", scopes=("changes:read",))),
    scopes=(
        Scope(value="products:read", label="Read products, prices and stock", is_chosen=True),
        Scope(value="stock:write", label="Change stock"),
    ),
    ends=(Option(value="365", label="in 1 year"), Option(value="", label="never")),
    chosen_end="365",
)


def act(number: int, by: Who, did: str, **more: Any) -> ChangeSetRow:
    return ChangeSetRow(id=UUID(int=number), at=ago(minutes=number * 90), by=by, did=did, **more)


AUDIT = AuditLog(
    filters=(Filter(name="door", label="By", options=(Option(value="", label="Any origin"), Option(value="api", label="API"))),),
    days=(
        ChangeSetDay(
            at=NOW,
            change_sets=(
                act(
                    1,
                    ALICE,
                    "changed the retail price of 2 variants of",
                    thing="Kenya Nyeri AA",
                    thing_href=f"/c/acme/products/{ID}",
                    reason="Green coffee price, autumn 2026",
                    request_id="01JD3Z8Q2M",
                    events=(
                        EventRow(
                            thing="250 g, whole bean",
                            href=f"/c/acme/products/{ID}",
                            fields=("retail price", "sale"),
                            from_version=7,
                            to_version=8,
                        ),
                        EventRow(thing="250 g, filter", fields=("retail price",), to_version=1),
                        EventRow(thing="250 g, espresso", from_version=3),
                    ),
                    href=f"/c/acme/audit/{UUID(int=1)}",
                ),
                act(2, BOB, "published", thing="Brew water, the short version", thing_href=f"/c/acme/s/journal/posts/{ID}"),
                act(3, ERP, "changed the stock of", thing="Kenya Nyeri AA", others=13, door="api", href=f"/c/acme/audit/{UUID(int=3)}"),
            ),
        ),
        ChangeSetDay(at=ago(days=1), change_sets=(act(20, Who(name="Operator", kind="operator"), "exported the customer", door="cli"),)),
    ),
    pager=Pager(text="4 acts, newest first", newer="?before=z", older="?after=a"),
)

UNDO = UndoAct(
    id=UUID(int=1),
    at=ago(minutes=90),
    by=BOB,
    said="imported file",
    steps=200,
    left=2,
    rows=(
        UndoRow(thing="Brew water, the short version", kind="post", what="is removed", href=f"/c/acme/s/journal/posts/{ID}"),
        UndoRow(thing="", kind="post", what="becomes what it was"),
    ),
    conflicts=(
        UndoRow(thing="Kenya Nyeri AA", kind="product", href=f"/c/acme/products/{ID}", conflict="It was changed since by Alice Moreno."),
        UndoRow(thing="Water", kind="tag", conflict="The post “Brew water” uses it now."),
    ),
    notes=("What was imported goes, the record of the import stays. The file can be imported again.",),
)

MINIMAL = {
    "sign-in": Sample("sign-in.html", bare("Sign in"), SignIn()),
    "set-password": Sample("set-password.html", bare("Choose a password"), SetPassword(email="bob@acme.example")),
    "set-password-spent": Sample("set-password.html", bare("This link no longer works"), SetPassword(is_spent=True)),
    "customers-none": Sample("customers.html", shell("Your sites", customer=None, site=None), Customers()),
    "sites-none": Sample("sites.html", small("Sites", site=None), Sites()),
    "overview-new": Sample("overview.html", small("Overview", "overview"), Overview()),
    "account-small": Sample(
        "account.html",
        shell("Account", customer=None, site=None, sites=(), screens=frozenset()),
        Account(name="Rita", email="rita@acme.example"),
    ),
    "team-alone": Sample("team.html", at_customer("Team", "team"), Team(members=MEMBERS[:1])),
    "keys-none": Sample("keys.html", at_customer("Keys", "keys"), Keys()),
    "audit-none": Sample("audit.html", at_customer("Audit log", "audit"), AuditLog()),
    "audit-no-match": Sample("audit.html", at_customer("Audit log", "audit"), AuditLog(filters=AUDIT.filters, is_filtered=True)),
}


FULL = {
    "sign-in-failed": Sample(
        "sign-in.html",
        bare("Sign in"),
        SignIn(email="alice@acme.example", problem="The email address or the password is not right.", next="/c/acme", held=str(ID)),
    ),
    "sign-in-new-installation": Sample(
        "sign-in.html",
        bare("Sign in"),
        SignIn(commands=("agoat customer create acme", "agoat person create alice@acme.example --customer acme")),
    ),
    "set-password-refused": Sample(
        "set-password.html",
        bare("Choose a new password"),
        SetPassword(email="bob@acme.example", is_reset=True, errors={"password": "Write at least 12 characters. This has 7."}),
    ),
    "customers": Sample(
        "customers.html",
        shell("Your sites", customer=None, site=None),
        Customers(
            customers=(
                CustomerRow(place=Place(name="Acme Roasters", slug="acme"), role="owner", sites=SITES),
                CustomerRow(place=Place(name="Globex Outfitters", slug="globex"), role="editor"),
            )
        ),
    ),
    "sites": Sample("sites.html", at_customer("Sites"), Sites(sites=SITES)),
    "overview": Sample("overview.html", shell("Overview", "overview"), OVERVIEW),
    "account": Sample(
        "account.html",
        shell("Account", theme="light"),
        Account(name="Alice Moreno", email="alice@acme.example", customers=("Acme", "Globex"), sessions=SESSIONS),
    ),
    "account-refused": Sample(
        "account.html",
        shell("Account"),
        Account(
            name="",
            email="alice@acme.example",
            customers=("Acme",),
            sessions=SESSIONS[:1],
            errors={"name": "Write your name", "current_password": "This is not your password", "new_password": "At least 12 characters"},
        ),
    ),
    "team": Sample("team.html", at_customer("Team", "team"), Team(members=MEMBERS)),
    "keys": Sample("keys.html", at_customer("Keys", "keys"), msgspec.structs.replace(KEYS, secret="agoat_7Qm2Vt9xKc4LpZ0aRw8Ys3Hd")),
    "keys-revoke": Sample("keys.html", at_customer("Keys", "keys"), msgspec.structs.replace(KEYS, revoking=KEY)),
    "keys-refused": Sample(
        "keys.html",
        at_customer("Keys", "keys"),
        msgspec.structs.replace(
            KEYS, errors={"name": "Write a name", "scope": "Choose what the key may do", "ends": "Choose when it ends"}
        ),
    ),
    "audit": Sample("audit.html", at_customer("Audit log", "audit"), AUDIT),
    "audit-one": Sample(
        "audit.html",
        at_customer("One act", "audit"),
        AuditLog(days=(ChangeSetDay(at=NOW, change_sets=AUDIT.days[0].change_sets[:1]),), is_single=True),
    ),
    "audit-undone": Sample(
        "audit.html",
        at_customer("One act", "audit"),
        AuditLog(
            days=(ChangeSetDay(at=NOW, change_sets=AUDIT.days[0].change_sets[:1]),),
            is_single=True,
            undo_href=f"/c/acme/audit/{UUID(int=1)}/undo",
            undoer_href=f"/c/acme/audit/{UUID(int=9)}",
        ),
    ),
    "undo": Sample("undo.html", at_customer("Undo this act", "audit"), UNDO),
    "undo-refused": Sample(
        "undo.html",
        at_customer("Undo this act", "audit"),
        msgspec.structs.replace(
            UNDO, problem="2 things of this act cannot be undone, so nothing was.", errors={"skip": "Tick this.", "reason": "Shorten this."}
        ),
    ),
    "undo-interrupted": Sample(
        "undo.html", at_customer("Undo this act", "audit"), msgspec.structs.replace(UNDO, is_unfinished=True, done=40, conflicts=(), left=0)
    ),
    "undo-too-large": Sample(
        "undo.html", at_customer("Undo this act", "audit"), msgspec.structs.replace(UNDO, command="agoat audit undo 1 --customer acme")
    ),
    "undo-done": Sample(
        "undo.html",
        at_customer("Undo this act", "audit"),
        UndoAct(id=UUID(int=1), at=NOW, by=BOB, said="imported file", steps=0, left=0, done=3, undoer_href=f"/c/acme/audit/{UUID(int=9)}"),
    ),
}
