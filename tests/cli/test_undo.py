"""`agoat audit show` and `undo`, as the operator uses them."""

import pytest

from tests.cli.running import Agoat


@pytest.fixture
def customer(agoat: Agoat, unique: str) -> str:
    """The slug of a customer with one site of the same name and a second host."""
    agoat.json("customer", "create", unique, "--name", f"{unique} Ltd")
    agoat.json("site", "create", unique, "--customer", unique, "--name", "Shop", "--languages", "en,de")
    agoat.json("domain", "add", f"www.{unique}.example", "--customer", unique, "--primary")
    return unique


def hosts(agoat: Agoat, customer: str) -> list[str]:
    """Where the site is."""
    return [row["host"] for row in agoat.json("domain", "list", "--customer", customer)]


def newest(agoat: Agoat, customer: str) -> str:
    """The id of the newest act, which the log also prints."""
    (act,) = agoat.json("audit", "log", "--customer", customer, "--limit", "1")
    assert act["id"] in agoat("audit", "log", "--customer", customer, "--limit", "1").stdout
    return act["id"]


def test_an_act_is_shown_rehearsed_undone_and_done_again(agoat: Agoat, customer: str) -> None:
    act = newest(agoat, customer)
    shown = agoat("audit", "show", act, "--customer", customer)
    assert (shown.exit_code, f"www.{customer}.example" in shown.stdout) == (0, True)
    rehearsed = agoat("audit", "undo", act, "--customer", customer, "--dry-run")
    assert (rehearsed.exit_code, "nothing was written" in rehearsed.stdout) == (0, True)
    assert "remove" in rehearsed.stdout
    assert "change back" in rehearsed.stdout
    assert len(hosts(agoat, customer)) == 2
    code, said = agoat.refused("audit", "undo", act, "--customer", customer)
    assert (code, "--yes" in said) == (2, True)
    done = agoat.json("audit", "undo", act, "--customer", customer, "--yes", "--reason", "A slip")
    assert hosts(agoat, customer) == [f"{customer}.localhost"]
    assert newest(agoat, customer) == done["change_set_id"]
    code, said = agoat.refused("audit", "undo", act, "--customer", customer, "--yes")
    assert (code, "has been undone already" in said) == (1, True)
    agoat.json("audit", "undo", done["change_set_id"], "--customer", customer, "--yes")
    assert hosts(agoat, customer) == [f"www.{customer}.example", f"{customer}.localhost"]


def test_a_conflict_is_listed_and_the_exit_code_says_so(agoat: Agoat, customer: str) -> None:
    act = newest(agoat, customer)
    agoat.json("domain", "add", f"shop.{customer}.example", "--customer", customer, "--primary")
    for words in (("--dry-run",), ("--yes",)):
        result = agoat("audit", "undo", act, "--customer", customer, *words)
        assert (result.exit_code, "Conflicts: 1" in result.stdout, "It was changed since" in result.stdout) == (1, True, True)
    assert len(hosts(agoat, customer)) == 3
    done = agoat("audit", "undo", act, "--customer", customer, "--yes", "--skip-conflicts")
    assert (done.exit_code, "changed back 1" in done.stdout, "Conflicts: 1" in done.stdout) == (0, True, True)
    assert len(hosts(agoat, customer)) == 3


def test_what_is_no_act_of_the_customer_is_refused(agoat: Agoat, customer: str, unique: str) -> None:
    agoat.json("customer", "create", f"{unique}-2", "--name", "Other")
    assert agoat.refused("audit", "undo", newest(agoat, customer), "--customer", f"{unique}-2", "--yes")[0] == 1
    assert agoat.refused("audit", "undo", "yesterday", "--customer", customer, "--yes")[0] == 2
    final = agoat("audit", "undo", newest(agoat, f"{unique}-2"), "--customer", f"{unique}-2", "--yes")
    assert (final.exit_code, "Use agoat customer." in final.stdout) == (1, True)
