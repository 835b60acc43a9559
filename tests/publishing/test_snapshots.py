"""Snapshots go into JSON columns and come back as they were."""

import json
from typing import Any

import msgspec
import pytest

from app.publishing import snapshots
from app.publishing.snapshots import PostSnapshot, ProductOffer, ProductSnapshot, ProductText, SaleSnapshot, SiteSnapshot
from tests.publishing import samples
from tests.publishing.demo_content import CUSTOMERS
from tests.publishing.demo_pages import demo

Kind = type[msgspec.Struct]


def stored(value: Any, kind: Kind) -> Any:
    """The value after a journey through a JSON column."""
    return msgspec.convert(json.loads(json.dumps(msgspec.to_builtins(value))), kind)


@pytest.mark.parametrize("key", CUSTOMERS)
def test_all_that_a_customer_has_survives_storing(key: str) -> None:
    assert stored(demo(key).site, SiteSnapshot) == demo(key).site
    for post in (*demo(key).posts, *demo(key).pages.values()):
        assert stored(post, PostSnapshot) == post
    for product in demo(key).products:
        assert stored(product.text, ProductText) == product.text
        assert stored(product.offer, ProductOffer) == product.offer


def test_a_sale_is_stored_from_and_until() -> None:
    raw = msgspec.to_builtins(SaleSnapshot(price=samples.pounds(1), since=samples.MARCH))
    assert raw == {"price": {"amount": 1, "currency": "GBP"}, "from": "2026-03-01T08:00:00Z", "until": None, "lowest_30_days": None}


def test_a_wholesale_price_that_is_handed_over_is_dropped() -> None:
    raw = msgspec.to_builtins(samples.product(samples.variant()))
    raw["offer"]["variants"][0]["wholesale"] = {"amount": 1, "currency": "GBP"}
    assert "wholesale" not in repr(msgspec.convert(raw, ProductSnapshot)).lower()


def test_no_snapshot_has_a_place_for_a_wholesale_price() -> None:
    kinds = [x for x in vars(snapshots).values() if isinstance(x, type) and issubclass(x, msgspec.Struct)]
    names = {field.name for kind in kinds for field in msgspec.structs.fields(kind)}
    assert "retail" in names
    assert not [x for x in names if "wholesale" in x or "cost" in x or "trade" in x]


def test_snapshots_are_never_changed() -> None:
    with pytest.raises(AttributeError):
        samples.post().title = "Other"  # type: ignore[misc]
