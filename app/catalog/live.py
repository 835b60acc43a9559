"""What visitors see of a product, as a version remembers it: on which sites, and which versions are pinned there. Pure.

A publication is made anew from these numbers when an act is undone, because versions are kept for good and publications are not.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.catalog.states import ProductState


class Shown(Struct, frozen=True, kw_only=True):
    """What one site shows: the texts of one version, and the offers of another for the variants that it shows."""

    site_id: UUID
    text_version: int
    offer_version: int
    skus: tuple[str, ...]


# How what is shown moves with a version of this number, which is written in the same unit.
Move = Callable[[int, Iterable[Shown]], list[Shown]]


def stays(version: int, shown: Iterable[Shown]) -> list[Shown]:
    """The version changes nothing that visitors see."""
    return list(shown)


def with_new_offers(state: ProductState) -> Move:
    """The offers become those of the new version, of the variants that are shown and still there."""
    skus = {variant.sku for variant in state.variants}
    return lambda version, shown: [replace(one, offer_version=version, skus=tuple(sku for sku in one.skus if sku in skus)) for one in shown]


def published(state: ProductState) -> Move:
    """Everything becomes as the new version says, on the sites that it names."""
    skus = tuple(variant.sku for variant in state.variants)
    return lambda version, shown: [Shown(site_id=site, text_version=version, offer_version=version, skus=skus) for site in state.sites]


def stored(shown: Iterable[Shown]) -> dict[str, Any]:
    """What is shown in the form in which versions are stored."""
    ordered = sorted(shown, key=lambda one: str(one.site_id))
    return {"live": [msgspec.to_builtins(one) for one in ordered]}


def live_in(payload: dict[str, Any]) -> list[Shown]:
    """What was shown when a version was written."""
    return msgspec.convert(payload.get("live", []), list[Shown])
