"""What a product must be before anything is asked of the database. Pure: says everything that needs another look at once."""

import re
from typing import Any

from app.catalog.gtins import is_gtin
from app.catalog.money import is_currency
from app.catalog.requests import SaveProduct
from app.catalog.states import PriceState, ProductState, VariantState
from app.errors import Invalid
from app.settings import LIMITS

CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")
SLUG = re.compile(r"[^\W_]([\w-]{0,78}[^\W_])?")
VARIANTS_EACH, IMAGES_EACH, LIST_EACH = 500, 100, 100
NUMBER_LIMIT = 2**53


def check_state(state: ProductState) -> None:
    """Raise Invalid with every field of a product that needs another look."""
    wrong = _wrong_texts(state) | _wrong_lists(state)
    for place, variant in enumerate(state.variants):
        wrong |= {f"variants.{place}.{name}": text for name, text in wrong_variant(variant, state).items()}
    if wrong:
        raise Invalid(wrong)


def _wrong_texts(state: ProductState) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not state.title:
        wrong["title"] = "Write a title."
    if len(state.title) > LIMITS.title_characters:
        wrong["title"] = f"This has {len(state.title):,} characters. Shorten it to {LIMITS.title_characters} or fewer."
    if len(state.body_source.encode()) > LIMITS.body_bytes:
        wrong["body_source"] = f"The text is too long. Shorten it to {LIMITS.body_bytes:,} bytes."
    if state.body_format not in ("html", "markdown"):
        wrong["body_format"] = "Choose html or markdown."
    if not SLUG.fullmatch(state.slug):
        wrong["slug"] = "Use letters, digits and hyphens, at most 80, beginning and ending with a letter or digit."
    if not 0 <= state.tax_rate_percent <= 100:
        wrong["tax_rate_percent"] = "Write a number from 0 to 100."
    if len(state.summary) > 10_000:
        wrong["summary"] = "Shorten this to 10,000 characters or fewer."
    if len(state.brand) > LIMITS.title_characters:
        wrong["brand"] = f"Shorten this to {LIMITS.title_characters} characters or fewer."
    return wrong


def _wrong_lists(state: ProductState) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name, most in (("variants", VARIANTS_EACH), ("images", IMAGES_EACH), ("tags", LIST_EACH), ("posts", LIST_EACH), ("options", 10)):
        if len(getattr(state, name)) > most:
            wrong[name] = f"There are too many. Use {most} or fewer."
    for name in ("images", "posts", "sites"):
        if len(set(getattr(state, name))) != len(getattr(state, name)):
            wrong[name] = "One of these stands here twice. Remove one."
    codes = [option.code for option in state.options]
    if len(set(codes)) != len(codes) or not all(CODE.fullmatch(code) for code in codes):
        wrong["options"] = "Each option needs a code of its own of small letters, digits and underscores, for example colour."
    if len(state.fields) > LIST_EACH or not all(CODE.fullmatch(code) for code in state.fields):
        wrong["fields"] = "Use small letters, digits and underscores in the code of a field, for example made_in."
    if any(isinstance(value, int | float) and not abs(value) <= NUMBER_LIMIT for value in state.fields.values()):
        wrong["fields"] = "A number is too large to be kept exactly. Write it as text."
    skus = [variant.sku.lower() for variant in state.variants]
    if len(set(skus)) != len(skus):
        wrong["variants"] = "Two variants have the same SKU. Give each its own."
    choices = [tuple(sorted(variant.option_values.items())) for variant in state.variants]
    if len(set(choices)) != len(choices):
        wrong["variants"] = "Two variants have the same options. Change one of them."
    return wrong


def wrong_variant(variant: VariantState, state: ProductState) -> dict[str, str]:
    """What needs another look in one variant, by field."""
    wrong: dict[str, str] = {}
    if not variant.sku or len(variant.sku) > 100 or any(not c.isprintable() for c in variant.sku):
        wrong["sku"] = "Write a SKU of 1 to 100 characters."
    if variant.gtin is not None and not is_gtin(variant.gtin):
        wrong["gtin"] = "This is no GTIN: the check digit does not fit. Leave it empty if there is none."
    for option in state.options:
        if variant.option_values.get(option.code) not in option.choices:
            wrong["option_values"] = f"Choose a value of {option.label}: {', '.join(option.choices)}."
    if set(variant.option_values) - {option.code for option in state.options}:
        wrong["option_values"] = "This variant names an option that the product does not have."
    if variant.weight_g is not None and not 0 <= variant.weight_g <= 10**9:
        wrong["weight_g"] = "Write the weight in grams, not below zero."
    if variant.unit_measure is not None and not is_measure(variant.unit_measure):
        wrong["unit_measure"] = "Say quantity, unit and base, for example 250 g per 100."
    return wrong | wrong_prices(variant) | wrong_stock(variant)


def is_measure(measure: dict[str, Any]) -> bool:
    """Whether a unit measure has a quantity and a base above zero and a unit."""
    numbers = [measure.get("quantity", ""), measure.get("base", "")]
    return set(measure) == {"quantity", "unit", "base"} and all(re.fullmatch(r"\d{1,9}(\.\d{1,4})?", n) and float(n) > 0 for n in numbers)


def wrong_prices(variant: VariantState) -> dict[str, str]:
    """What needs another look in the prices of a variant, by field."""
    wrong: dict[str, str] = {}
    for name in ("retail", "wholesale", "sale"):
        price: PriceState | None = getattr(variant, name)
        if price is None:
            continue
        if isinstance(price.amount, bool) or not 0 <= price.amount <= LIMITS.money_minor_units:
            wrong[name] = "A price cannot be below zero or above 9,007,199,254,740,991 minor units."
        elif not is_currency(price.currency):
            wrong[name] = f"{price.currency[:10]} is no currency. Use the three letters of ISO 4217, for example EUR."
    if wrong or variant.retail is None:
        return wrong | ({"sale": "A reduced price needs a retail price."} if variant.sale and not wrong else {})
    if variant.wholesale and variant.wholesale.amount > variant.retail.amount:
        wrong["wholesale"] = "Wholesale is above retail. Lower it to the retail price or less."
    if variant.sale and variant.sale.amount >= variant.retail.amount:
        wrong["sale"] = "The reduced price must be below the retail price."
    if variant.sale and variant.sale.starts_at and variant.sale.ends_at and variant.sale.starts_at >= variant.sale.ends_at:
        wrong["sale"] = "The sale must end after it has begun."
    if variant.sale and any(at is not None and at.tzinfo is None for at in (variant.sale.starts_at, variant.sale.ends_at)):
        wrong["sale"] = "Say the time zone too, for example 2026-11-20T08:00:00+01:00."
    return wrong


def wrong_stock(variant: VariantState) -> dict[str, str]:
    """What needs another look in the stock of a variant, by field."""
    wrong: dict[str, str] = {}
    if variant.on_hand is not None and not 0 <= variant.on_hand <= 10**9:
        wrong["on_hand"] = "Write how many there are, not below zero."
    if variant.availability not in ("in_stock", "out_of_stock", "backorder", "preorder"):
        wrong["availability"] = "Choose in_stock, out_of_stock, backorder or preorder."
    if variant.availability in ("backorder", "preorder") and variant.available_from is None:
        wrong["available_from"] = "Say from which day it will be available."
    return wrong


def check_currency(request: SaveProduct) -> None:
    """Raise Invalid for a currency that ISO 4217 does not know."""
    if not is_currency(request.currency):
        raise Invalid({"currency": "Use the three letters of ISO 4217, for example EUR."})
