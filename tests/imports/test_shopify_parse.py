"""Pass 1 over Shopify product lists: what is read, what is refused with which line, and that it agrees with an independent count."""

import csv
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.imports.plan import BrokenFile, Checked, ImportedProduct
from app.imports.shopify import check_shopify
from app.imports.shopify_values import is_gtin
from tests.imports.corpus import corpus_file, no_progress

OLD_LINE = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,"
    "Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,"
    "Variant Compare At Price,Variant Barcode,Image Src,Image Position,Image Alt Text,SEO Title,SEO Description,Variant Image,"
    "Cost per item,Status"
)
OLD = OLD_LINE.split(",")
NEW_NAMES = {
    "Handle": "URL handle",
    "Body (HTML)": "Description",
    "Product Category": "Product category",
    "Published": "Published on online store",
    "Variant SKU": "SKU",
    "Variant Grams": "Weight value (grams)",
    "Variant Inventory Tracker": "Inventory tracker",
    "Variant Inventory Qty": "Inventory quantity",
    "Variant Inventory Policy": "Continue selling when out of stock",
    "Variant Price": "Price",
    "Variant Compare At Price": "Compare-at price",
    "Variant Barcode": "Barcode",
    "Image Src": "Product image URL",
    "Image Position": "Image position",
    "Image Alt Text": "Image alt text",
    "Variant Image": "Variant image URL",
    "Option1 Name": "Option1 name",
    "Option1 Value": "Option1 value",
    "Option2 Name": "Option2 name",
    "Option2 Value": "Option2 value",
    "SEO Title": "SEO title",
    "SEO Description": "SEO description",
}
ONE = {
    "Handle": "mug",
    "Title": "Mug",
    "Option1 Name": "Title",
    "Option1 Value": "Default Title",
    "Variant Price": "9.50",
    "Variant SKU": "MUG",
}


def table(*rows: dict[str, str], header: list[str] = OLD) -> str:
    out = StringIO()
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def products(checked: Checked) -> list[ImportedProduct]:
    return [x for x in checked.read() if isinstance(x, ImportedProduct)]


@pytest.fixture
def check(tmp_path: Path) -> Any:
    def checking(text: str | bytes, currency: str = "EUR") -> Checked:
        path = tmp_path / "products.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return check_shopify(path, currency, no_progress)

    return checking


@pytest.fixture
def only(check: Any) -> Any:
    def reading(*rows: dict[str, str], currency: str = "EUR") -> ImportedProduct:
        (product,) = products(check(table(*rows), currency))
        return product

    return reading


def broken(check: Any, text: str | bytes) -> BrokenFile:
    with pytest.raises(BrokenFile) as caught:
        check(text)
    assert f"Line {caught.value.line}" in caught.value.detail
    return caught.value


# Files that are refused whole


@pytest.mark.parametrize("missing", ["Title", "Handle"])
def test_a_missing_column_refuses_the_file_on_line_1(check, missing):
    error = broken(check, table(header=[x for x in OLD if x != missing]))
    assert (error.line, f"“{missing}”" in error.reason) == (1, True)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "empty"),
        ("\n\n,,\n", 1, "empty"),
        ("Handle;Title;Price\na;b;1\n", 1, "semicolons"),
        ("Handle\tTitle\na\tb\n", 1, "semicolons or tabs"),
        (b"PK\x03\x04...", 1, "workbook"),
        ("Handle,Title".encode("utf-16"), 1, "UTF-16"),
        (b"Handle,Title\nmug,Caf\xe9\n", 2, "UTF-8"),
        (b"Handle,Title\na,A\nmug,M\0ug\n", 3, "U+0000"),
        ("Handle,Title,Price,Variant Price\n", 1, "“Variant Price”"),
        ('Handle,Title\na,A\nb,"B\nc,C\nd,D\n', 3, "never closes"),
        ('Handle,Title\na,A\nb,"B"x,\nc,C\n', 3, "not closed or not doubled"),
        ('Handle,Title\nb,"B\nc,"C"\n', 2, "noticed on line 3"),
        ('Handle,Title\nb,"' + "x" * 1_000_001, 2, "1,000,000"),
        ("Handle,Title,Price\na,A,1.00\nb,B", 3, "cut off"),
    ],
)
def test_a_broken_file_is_refused_with_its_line_and_the_reason(check, text, line, words):
    error = broken(check, text)
    assert (error.line, words in error.reason) == (line, True), error.reason


def test_an_unknown_currency_is_refused(check):
    with pytest.raises(Invalid) as caught:
        check(table(ONE), "EURO")
    assert "EURO" in caught.value.fields["currency"]


@given(st.binary(max_size=200))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_after_the_header_are_read_or_refused_with_a_line(check, junk):
    text = b"Handle,Title,Price,Option1 Value\n" + junk
    try:
        lines = [1, *(x.line for x in check(text).refused)]
    except BrokenFile as error:
        lines = [error.line]
    assert all(1 <= line <= text.count(b"\n") + text.count(b"\r") + 1 for line in lines)


# Headers


def test_both_dialects_say_the_same(check):
    row = ONE | {
        "Body (HTML)": "<p>b</p>",
        "Variant Grams": "300",
        "Variant Inventory Qty": "4",
        "Variant Compare At Price": "12",
        "Image Src": "https://e.example/m.jpg",
    }
    row |= {
        "Vendor": "V",
        "Type": "T",
        "Product Category": "Home > Mugs",
        "Tags": "a, b",
        "Status": "active",
        "SEO Title": "S",
        "Variant Barcode": "4006381333931",
    }
    new = table({NEW_NAMES.get(name, name): text for name, text in row.items()}, header=[NEW_NAMES.get(x, x) for x in OLD])
    old = products(check(table(row)))
    assert products(check(new)) == old
    assert (old[0].category, old[0].seo_title, old[0].variants[0].gtin) == ("Home > Mugs", "S", "4006381333931")


def test_case_spacing_and_a_byte_order_mark_do_not_matter(check):
    odd = table(ONE).replace("Variant Price", " variant  PRICE ").replace("Option1 Name", "Option 1 name")
    assert products(check("\ufeff" + odd)) == products(check(table(ONE)))


def test_unknown_columns_and_values_without_a_place_are_reported(check):
    header = [*OLD, "Mood", "Material (product.metafields.shopify.material)", "Price / Norway", "Google Shopping / MPN", "Gift Card"]
    row = ONE | {"Mood": "blue", "Material (product.metafields.shopify.material)": "clay", "Cost per item": "2", "Price / Norway": "3"}
    unknown, unplaced = check(table(row, header=header)).warnings
    assert unknown.message.endswith("left out: Mood.")
    assert unplaced.message.endswith("left out: Cost per item, Material (product.metafields.shopify.material), Price / Norway.")
    assert check(table(ONE)).warnings == ()


# Rows


def test_rows_are_grouped_by_handle_wherever_they_stand(check):
    checked = check(
        table(
            {
                "Handle": "tee",
                "Title": "Tee",
                "Option1 Name": "Size",
                "Option1 Value": "S",
                "Variant Price": "10",
                "Image Src": "https://e.example/2.jpg",
                "Image Position": "2",
            },
            ONE,
            {"Handle": "tee", "Option1 Value": "M", "Variant Price": "11"},
            {"Handle": "tee", "Image Src": "https://e.example/1.jpg", "Image Position": "1", "Image Alt Text": "Front"},
            {"Handle": "tee", "Title": "Tee", "Option1 Value": "L", "Variant Price": "12", "Variant Image": "https://e.example/l.jpg"},
            {"Handle": "tee", "Image Src": "https://e.example/1.jpg"},
        )
    )
    tee, mug = products(checked)
    assert [(x.option_values, x.retail, x.line) for x in tee.variants] == [
        ({"size": "S"}, 1000, 2),
        ({"size": "M"}, 1100, 4),
        ({"size": "L"}, 1200, 6),
    ]
    assert [(x.code, x.label, x.values) for x in tee.options] == [("size", "Size", ("S", "M", "L"))]
    assert [(x.url[-5:], x.alt, x.position) for x in tee.images] == [("1.jpg", "Front", 1), ("2.jpg", "", 2)]
    assert (mug.options, mug.variants[0].option_values) == ((), {})
    assert checked.found == {"row": 6, "product": 2, "variant": 4}
    assert checked.counts == {"product": 2, "variant": 4}
    assert [x[-5:] for x in checked.images] == ["1.jpg", "2.jpg", "l.jpg"]


def test_newlines_inside_a_cell_do_not_shift_the_lines(check):
    checked = check(
        table(ONE | {"Body (HTML)": '<p>a</p>\n<p>b, "c"</p>\r\n'}, ONE | {"Handle": "b", "Variant SKU": "B", "Variant Price": "free"})
    )
    assert products(checked)[0].body_source == '<p>a</p>\n<p>b, "c"</p>'
    assert [x.line for x in checked.refused if x.kind == "variant"] == [5]


def test_a_text_without_markup_gets_paragraphs(only):
    assert only(ONE | {"Body (HTML)": "One\n\n<b>two</b>"}).body_source == "<p>One</p>\n<p><b>two</b></p>"
    assert only(ONE | {"Body (HTML)": "<div>One\n\ntwo</div>"}).body_source == "<div>One\n\ntwo</div>"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("9.50", "EUR", 950),
        ("9.5", "EUR", 950),
        ("10", "EUR", 1000),
        ("0", "EUR", 0),
        ("007.10", "EUR", 710),
        ("9.5000", "EUR", 950),
        ("1200", "JPY", 1200),
        ("1200.00", "JPY", 1200),
        ("1.234", "KWD", 1234),
        ("90071992547409.91", "EUR", 2**53 - 1),
    ],
)
def test_prices_become_minor_units_of_their_currency(only, text, currency, minor):
    (variant,) = only(ONE | {"Variant Price": text}, currency=currency).variants
    assert (variant.retail, variant.sale, variant.currency) == (minor, None, currency)


@pytest.mark.parametrize(
    ("text", "currency", "words"),
    [
        ("-1.00", "EUR", "below zero"),
        ("1.005", "EUR", "digits after the point"),
        ("1.000", "EUR", "digits after the point"),
        ("1200.5", "JPY", "digits after the point"),
        ("90071992547409.92", "EUR", "larger"),
        ("9" * 5000, "EUR", "larger"),
        ("12,50", "EUR", "not a price"),
        ("1,234.50", "EUR", "not a price"),
        ("€5", "EUR", "not a price"),
        ("1e3", "EUR", "not a price"),
        ("NaN", "EUR", "not a price"),
        ("٣", "EUR", "not a price"),
        (".5", "EUR", "not a price"),
        ("", "EUR", "missing"),
    ],
)
def test_what_is_no_price_refuses_the_row_with_line_column_and_remedy(check, text, currency, words):
    good, bad = ONE | {"Variant Price": "9"}, ONE | {"Handle": "b", "Title": "B", "Variant SKU": "B", "Variant Price": text}
    checked = check(table(good, bad), currency)
    assert [x.source_id for x in products(checked)] == ["mug"]
    refused = next(x for x in checked.refused if x.kind == "variant")
    assert (refused.line, refused.source_id) == (3, "b")
    assert refused.reason.startswith("Variant Price: ")
    assert words in refused.reason
    assert "Write" in refused.reason


@pytest.mark.parametrize(
    ("price", "compare_at", "retail", "sale"),
    [
        ("8.00", "10.00", 1000, 800),
        ("8.00", "8.00", 800, None),
        ("8.00", "5.00", 800, None),
        ("8.00", "", 800, None),
        ("8", "0.00", 800, None),
    ],
)
def test_a_higher_compare_at_price_makes_the_price_a_sale(only, price, compare_at, retail, sale):
    (variant,) = only(ONE | {"Variant Price": price, "Variant Compare At Price": compare_at}).variants
    assert (variant.retail, variant.sale) == (retail, sale)


def test_a_refused_variant_leaves_the_others_and_costs_are_ignored(check):
    tee = {"Handle": "tee", "Title": "Tee", "Option1 Name": "Size", "Option1 Value": "S", "Variant Price": "x", "Cost per item": "4.20"}
    checked = check(table(tee, {"Handle": "tee", "Option1 Value": "M", "Variant Price": "11"}))
    (product,) = products(checked)
    assert (product.title, product.options[0].values) == ("Tee", ("M",))
    assert checked.counts == {"product": 1, "variant": 1}
    assert "420" not in repr(product)


def test_a_product_without_a_usable_variant_or_title_is_refused(check):
    checked = check(table({"Handle": "a", "Title": "A"}, {"Handle": "b", "Variant Price": "1"}, {"Title": "", "Variant Price": "1"}))
    assert [(x.line, x.source_id, x.kind) for x in checked.refused] == [(2, "a", "product"), (3, "b", "product"), (4, "", "row")]
    assert checked.counts == {}


def test_a_title_without_a_handle_is_a_product_of_its_own(check):
    row = {"Title": "Blue Mug", "Variant Price": "3", "Option1 Value": "Default Title"}
    checked = check(table(row, row))
    assert [(x.source_id, x.slug) for x in products(checked)] == [("blue-mug", "blue-mug")]
    assert [(x.line, x.kind) for x in checked.refused] == [(3, "row")]


def test_another_title_under_the_same_handle_is_refused(check):
    checked = check(table(ONE, ONE | {"Title": "Cup", "Variant SKU": "CUP"}))
    assert [x.title for x in products(checked)] == ["Mug"]
    assert [(x.line, "line 2" in x.reason) for x in checked.refused] == [(3, True)]


def test_rows_of_another_width_are_refused_one_by_one(check):
    text = "Handle,Title,Price,SKU\na,A,1.00,\nb,B,2.00\nc,C,3.00,,\nd,D,4.00,x,y\n\n,,,\ne,E,5.00,z\n"
    checked = check(text)
    assert [x.source_id for x in products(checked)] == ["a", "c", "e"]
    assert [(x.line, x.source_id, x.kind) for x in checked.refused] == [(3, "b", "row"), (5, "d", "row")]
    assert checked.found["row"] == 5


def test_a_shifted_column_is_reported_and_never_guessed(check):
    shifted = ONE | {"Variant Price": "deny", "Variant Inventory Policy": "shopify", "Variant Compare At Price": "9.50"}
    checked = check(table(shifted))
    assert checked.counts == {}
    assert "“deny” is not a price" in checked.refused[0].reason


# Options, SKUs, barcodes, stock


def test_option_values_must_be_whole_and_different(check):
    tee = {
        "Handle": "tee",
        "Title": "Tee",
        "Option1 Name": "Size",
        "Option2 Name": "Färbe",
        "Option1 Value": "S",
        "Option2 Value": "Rot",
        "Variant Price": "1",
    }
    more = {"Handle": "tee", "Variant Price": "1"}
    checked = check(
        table(
            tee,
            more | {"Option1 Value": "S", "Option2 Value": "Rot"},
            more | {"Option1 Value": "M"},
            more | {"Option1 Value": "M", "Option2 Value": "Rot"},
        )
    )
    (product,) = products(checked)
    assert [x.option_values for x in product.variants] == [{"size": "S", "faerbe": "Rot"}, {"size": "M", "faerbe": "Rot"}]
    assert [(x.line, x.reason.split(":")[0]) for x in checked.refused] == [(3, "Option1 Value"), (4, "Option2 Value")]
    nameless = check(table({"Handle": "a", "Title": "A", "Option1 Value": "S", "Variant Price": "1"}))
    assert nameless.refused[0].reason.startswith("Option1 Name: ")


def test_a_sku_is_given_once_whatever_its_case_and_made_where_it_is_missing(check):
    checked = check(
        table(ONE, ONE | {"Handle": "b", "Title": "B", "Variant SKU": "mug"}, ONE | {"Handle": "MUG", "Title": "C", "Variant SKU": ""})
    )
    first, made = products(checked)
    assert (first.variants[0].sku, made.variants[0].sku) == ("MUG", "mug-2")
    assert made.warnings == ("Variants without a SKU: 1. Each gets one made of the handle and its options.",)
    assert [(x.line, x.reason.split(":")[0]) for x in checked.refused if x.kind == "variant"] == [(3, "Variant SKU")]
    assert (first.slug, made.slug) == ("mug", "mug-2")
    assert "longer than 100" in check(table(ONE | {"Variant SKU": "x" * 101})).refused[0].reason


@pytest.mark.parametrize(
    ("barcode", "gtin", "is_said"),
    [
        ("4006381333931", "4006381333931", False),
        ("'4006381333931", "4006381333931", False),
        ("4006381 333931", "4006381333931", False),
        ("96385074", "96385074", False),
        ("036000291452", "036000291452", False),
        ("", None, False),
        ("4006381333932", None, True),
        ("4.00638E+12", None, True),
        ("0000000000000", None, True),
        ("N/A", None, True),
    ],
)
def test_a_barcode_is_kept_only_when_its_check_digit_is_right(only, barcode, gtin, is_said):
    product = only(ONE | {"Variant Barcode": barcode})
    assert (product.variants[0].gtin, bool(product.warnings)) == (gtin, is_said)


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_exactly_one_check_digit_is_right(number):
    assert sum(is_gtin(f"{number:012d}{digit}") for digit in range(10)) == 1


def test_weight_stock_and_policy_are_read(only):
    (variant,) = only(
        ONE
        | {
            "Variant Grams": "907.5",
            "Variant Inventory Qty": "12",
            "Variant Inventory Tracker": "shopify",
            "Variant Inventory Policy": "CONTINUE",
        }
    ).variants
    assert (variant.weight_g, variant.on_hand, variant.is_stock_tracked, variant.inventory_policy) == (908, 12, True, "continue")
    (bare,) = only(ONE | {"Variant Grams": "0", "Variant Inventory Policy": "FALSE"}).variants
    assert (bare.weight_g, bare.on_hand, bare.is_stock_tracked, bare.inventory_policy) == (None, None, False, "deny")
    oversold = only(ONE | {"Variant Inventory Qty": "-3"})
    assert oversold.variants[0].on_hand == 0
    assert "-3" in oversold.warnings[0]


@pytest.mark.parametrize(
    ("column", "text"),
    [("Variant Grams", "-5"), ("Variant Grams", "1 kg"), ("Variant Inventory Qty", "1.5"), ("Variant Inventory Qty", "many")],
)
def test_numbers_that_are_none_refuse_the_row(check, column, text):
    (refused, product) = check(table(ONE | {column: text})).refused
    assert refused.reason.startswith(f"{column}: “{text}”")
    assert product.kind == "product"


@pytest.mark.parametrize(
    ("status", "published", "becomes", "is_said"),
    [
        ("", "", "active", False),
        ("", "TRUE", "active", False),
        ("", "false", "draft", False),
        ("", "perhaps", "draft", True),
        ("Active", "true", "active", False),
        ("active", "false", "draft", True),
        ("DRAFT", "true", "draft", False),
        ("archived", "false", "archived", False),
        ("unlisted", "true", "draft", True),
    ],
)
def test_status_and_published_together_say_the_state(only, status, published, becomes, is_said):
    product = only(ONE | {"Status": status, "Published": published})
    assert (product.status, bool(product.warnings)) == (becomes, is_said)


def test_a_picture_without_a_web_address_is_refused_and_the_product_stays(check):
    checked = check(table(ONE | {"Image Src": "mug.jpg", "Variant Image": "https://e.example/v.jpg"}))
    assert (products(checked)[0].images, checked.images) == ((), ("https://e.example/v.jpg",))
    assert [(x.kind, x.line) for x in checked.refused] == [("image", 2)]


def test_tags_and_long_titles(only):
    product = only(ONE | {"Tags": "red, blue ,,red", "Title": "x" * 501})
    assert product.tags == ("red", "blue")
    assert len(product.title) == 500
    assert "501" in product.warnings[0]


def test_progress_ends_at_its_total(tmp_path):
    path = tmp_path / "products.csv"
    path.write_text(table(*(ONE | {"Handle": f"mug-{n}", "Variant SKU": str(n)} for n in range(450))))
    steps: list[tuple[int, int]] = []
    check_shopify(path, "EUR", lambda done, total: steps.append((done, total)))
    assert steps == sorted(steps)
    assert len(steps) > 4
    assert steps[-1][0] == steps[-1][1]


# Real files


@pytest.mark.parametrize("name", ["apparel", "home-and-garden", "jewelery"])
def test_a_real_list_is_counted_as_an_independent_reader_counts_it(name):
    path = corpus_file(f"shopify/{name}.csv")
    rows = list(csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    priced = [x for x in rows if x["Variant Price"]]
    checked = check_shopify(path, "USD", no_progress)
    assert checked.refused == ()
    assert checked.counts == {"product": len({x["Handle"] for x in rows}), "variant": len(priced)}
    assert checked.found == {"row": len(rows), **checked.counts}
    assert set(checked.images) == {x[column] for x in rows for column in ("Image Src", "Variant Image") if x[column]}
    found = {x.source_id: x for x in products(checked)}
    assert {x.source_id: x.title for x in found.values()} == {x["Handle"]: x["Title"] for x in rows if x["Title"]}
    paid = [(handle, variant.retail if variant.sale is None else variant.sale) for handle, x in found.items() for variant in x.variants]
    assert sorted(paid) == sorted((x["Handle"], int(Decimal(x["Variant Price"]) * 100)) for x in priced)
    on_sale = [x for x in priced if x["Variant Compare At Price"] and Decimal(x["Variant Compare At Price"]) > Decimal(x["Variant Price"])]
    assert sum(variant.sale is not None for x in found.values() for variant in x.variants) == len(on_sale)
    skus = [variant.sku for x in found.values() for variant in x.variants]
    assert len(set(skus)) == len(skus)


def test_naughty_strings_are_kept_as_titles(check):
    strings = [" ".join(x.split()) for x in json.loads(corpus_file("strings/blns.json").read_text())]
    titles = [x for x in dict.fromkeys(strings) if x and "\0" not in x and len(x) <= 500]
    assert len(titles) > 400
    rows = [ONE | {"Handle": f"n-{n}", "Variant SKU": f"n-{n}", "Title": x, "Tags": x, "Body (HTML)": x} for n, x in enumerate(titles)]
    assert [x.title for x in products(check(table(*rows)))] == titles


def test_more_than_a_product_may_have_is_refused_or_cut_and_said(check, only):
    tee = {"Handle": "tee", "Title": "Tee", "Option1 Name": "Number", "Variant Price": "1"}
    checked = check(table(*(tee | {"Option1 Value": str(n)} for n in range(501))))
    assert "501 variants" in checked.refused[0].reason
    pictures = [{"Handle": "mug", "Image Src": f"https://e.example/{n}.jpg"} for n in range(101)]
    product = only(ONE | {"Tags": ",".join(map(str, range(101)))}, *pictures)
    assert (len(product.images), len(product.tags), len(product.warnings)) == (100, 100, 2)


def test_options_get_codes_that_the_catalogue_takes(only):
    row = ONE | {"Option1 Name": "Bag size", "Option1 Value": "L", "Option2 Name": "サイズ", "Option2 Value": "大"}
    product = only(row)
    assert [(x.code, x.label, x.values) for x in product.options] == [("bag_size", "Bag size", ("L",)), ("option2", "サイズ", ("大",))]
    assert product.variants[0].option_values == {"bag_size": "L", "option2": "大"}
    assert [x.code for x in only(row | {"Option2 Name": "BAG-SIZE"}).options] == ["bag_size", "option2"]
