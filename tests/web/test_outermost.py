"""Heads that no handler should see, refused in the words of the asker."""

from typing import Any

import msgspec
import pytest

from app.web.outermost import read_host, refuse_head


def scope(path: str = "/", headers: list[tuple[bytes, bytes]] | None = None, query: bytes = b"") -> dict[str, Any]:
    return {"path": path, "raw_path": path.encode(), "query_string": query, "headers": headers or [(b"host", b"acme.localhost")]}


def test_one_host_in_its_normal_form_is_taken() -> None:
    assert read_host(scope(headers=[(b"host", b"ACME.localhost:8000")])) == ("acme.localhost", None)
    assert read_host(scope(headers=[(b"host", b"127.0.0.1:8000")])) == ("127.0.0.1", None)


@pytest.mark.parametrize(
    "hosts", [[], [b""], [b"a.example", b"b.example"], [b"a.example", b"a.example"], [b"a b"], [b"8.8.8.8"], [b"[::1]"], [b"x@y"]]
)
def test_no_host_two_hosts_and_nonsense_are_refused(hosts: list[bytes]) -> None:
    _, refusal = read_host(scope(headers=[(b"host", host) for host in hosts] or [(b"accept", b"*/*")]))
    assert refusal is not None
    assert (refusal.status, refusal.headers["cache-control"]) == (400, "no-store")


def test_addresses_and_heads_have_a_limit() -> None:
    long_path, long_query = refuse_head(scope("/" + "x" * 5000)), refuse_head(scope(query=b"q=" + b"x" * 5000))
    large_head = refuse_head(scope(headers=[(b"host", b"acme.localhost"), (b"cookie", b"x" * 17_000)]))
    statuses = [refusal.status if refusal else None for refusal in (long_path, long_query, large_head, refuse_head(scope()))]
    assert statuses == [414, 414, 431, None]


def test_programs_read_problem_details() -> None:
    refusal = refuse_head(scope("/api/v1/" + "x" * 5000))
    assert refusal is not None
    assert refusal.headers["content-type"] == "application/problem+json"
    assert msgspec.json.decode(refusal.body)["status"] == 414
