"""The rules themselves: each holds something back that no other does, and a moved hook of SQLAlchemy stops everything."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.sql.compiler import SQLCompiler

from app.db.guard import canaries, prove, relations
from app.db.guard import compiler as guard_compiler
from app.db.guard.compiler import GuardCompiler
from app.db.guard.rules import RULES as REGISTER
from tests.db.guard_schema import ACME, DIALECTS, RULES, Post, Site
from tests.db.test_guard_forms import FORMS
from tests.db.test_guard_refusals import LEAKS
from tests.db.test_guard_spoofs import SPOOFS

REFUSED = {**FORMS, **LEAKS, **SPOOFS}
AT_EXECUTION = {"tenant", "raw", "translated", "value"}
AGAINST_DRIFT = {"unread", "stray"}
POSTGRESQL = DIALECTS["postgresql"]
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.mark.parametrize("rule", sorted(set(REGISTER) - AT_EXECUTION - AGAINST_DRIFT))
def test_each_rule_alone_holds_something_back(monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    monkeypatch.delitem(REGISTER, rule)
    cases = [build for name, build in REFUSED.values() if name == rule]
    assert any(prove(build(), POSTGRESQL, RULES).ok for build in cases)


@pytest.mark.parametrize("name", ["_compose_select_body", "visit_insert", "visit_update", "visit_delete"])
def test_when_a_hook_is_not_called_any_more_everything_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    statements: dict[str, Any] = {
        "_compose_select_body": select(Post).where(Post.customer_id == ACME),
        "visit_insert": Site.__table__.insert().values(customer_id=ACME, id=ACME),
        "visit_update": Site.__table__.update().where(Site.customer_id == ACME).values(name="x"),
        "visit_delete": Site.__table__.delete().where(Site.customer_id == ACME),
    }
    assert prove(statements[name], POSTGRESQL, RULES).ok
    monkeypatch.setattr(GuardCompiler, name, getattr(SQLCompiler, name))
    assert "unread" in {finding.rule for finding in prove(statements[name], POSTGRESQL, RULES).findings}


def test_a_table_that_is_rendered_but_not_judged_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    joined = select(Post.id).join(Site, Site.id == Post.site_id).where(Post.customer_id == ACME)
    read = relations.read_from
    monkeypatch.setattr(guard_compiler, "read_from", lambda compiler, scope, item: read(compiler, scope, getattr(item, "left", item)))
    assert {finding.rule for finding in prove(joined, POSTGRESQL, RULES).findings} == {"stray"}


def test_canaries_report_what_a_broken_guard_lets_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(REGISTER, "unproven")
    passed = canaries(POSTGRESQL, RULES)
    assert {"select", "left join", "delete", "spoofed union"} <= set(passed)
