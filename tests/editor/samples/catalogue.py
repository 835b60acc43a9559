"""The list of products and the editor of one."""

from typing import Any
from uuid import UUID

import msgspec

from app.editor.views.parts import Filter, Option, Pager, Tab
from app.editor.views.products import PriceRange, ProductEditor, ProductFields, ProductList, ProductRow, VariantFields
from tests.editor.samples.frame import ALL, ID, LIVE, Sample, ago, at_customer, small


def product(number: int, title: str, status: str, **more: Any) -> ProductRow:
    price = PriceRange(low=1150 * number, high=1150 * number if number % 2 else 390000)
    prices = {"retail": price, "wholesale": PriceRange(low=price.low // 2, high=price.high // 2)}
    return ProductRow(**{**prices, "id": UUID(int=number), "title": title, "status": status, "stock": 184 * number, **more})


PRODUCTS = ProductList(
    currency="GBP",
    sites=3,
    view="active",
    tabs=(Tab(label="All", href="/c/acme/products"), Tab(label="Published", href="?view=active", is_current=True)),
    filters=(Filter(name="category", label="Category", options=(Option(value="", label="Any category"),)),),
    rows=(
        product(1, "Decaf without regret", "changed", sku="AC-DEC-250", category="Whole bean, 250 g"),
        product(2, "Kenya Nyeri AA", "published", variants=6, category="Filter coffee"),
        product(3, "Stoneware mug, oat", "draft", sku="AC-MUG-OAT", retail=None, wholesale=None, stock=None),
        product(4, "Nachtschicht espresso", "archived", variants=0, stock=-3),
    ),
    pager=Pager(text="4 products, by name", older="?after=abc"),
    sees_wholesale=True,
    can_write=True,
)

VARIANTS = (
    VariantFields(
        id=str(ID), label="250 g, whole bean", sku="AC-KEN-250-W", retail="12.50", wholesale="8.75", stock="64", availability="in_stock"
    ),
    VariantFields(id=str(ID), sku="AC-KEN-250-E", retail="12.50", wholesale="13.10", sale="11.00", stock="22", availability="preorder"),
    VariantFields(),
)

PRODUCT = ProductEditor(
    fields=ProductFields(
        title="Kenya Nyeri AA",
        slug="kenya-nyeri-aa",
        summary="Blackcurrant, tomato leaf, a touch of rhubarb.",
        body="<p>Washed, grown above 1,700 metres by the members of the Gatomboya cooperative.</p>",
        brand="Acme Roasters",
        category="filter",
        variants=VARIANTS,
    ),
    currency="GBP",
    id=ID,
    version=8,
    status="changed",
    saved_at=ago(hours=30),
    live=msgspec.structs.replace(LIVE, url="https://shop.acme.example/products/kenya-nyeri-aa/", version=6),
    categories=(Option(value="filter", label="Filter coffee"), Option(value="espresso", label="Espresso")),
    availabilities=(Option(value="in_stock", label="In stock"), Option(value="preorder", label="To be ordered ahead")),
    sees_wholesale=True,
)

MINIMAL = {
    "products-empty": Sample("products.html", small("Products", "products"), ProductList(currency="EUR")),
    "products-no-match": Sample("products.html", at_customer("Products", "products"), ProductList(currency="JPY", q="x", is_filtered=True)),
    "product-new": Sample(
        "product.html",
        at_customer("New product", "products"),
        ProductEditor(fields=ProductFields(variants=(VariantFields(),)), currency="CHF"),
    ),
}


FULL = {
    "products": Sample("products.html", at_customer("Products", "products"), PRODUCTS),
    "products-reader": Sample(
        "products.html",
        small("Products", "products", screens=ALL),
        msgspec.structs.replace(
            PRODUCTS,
            sees_wholesale=False,
            can_write=False,
            rows=tuple(msgspec.structs.replace(row, wholesale=None) for row in PRODUCTS.rows),
        ),
    ),
    "products-none-archived": Sample("products.html", at_customer("Products", "products"), ProductList(currency="GBP", view="archived")),
    "product": Sample("product.html", at_customer("Kenya Nyeri AA", "products"), PRODUCT),
    "product-refused": Sample(
        "product.html",
        at_customer("Kenya Nyeri AA", "products"),
        msgspec.structs.replace(
            PRODUCT,
            errors={
                "title": "Write a name",
                "variant-1-wholesale": "Wholesale is above retail. Lower it to 12.50 or less.",
                "variant-2-availability": "Choose an availability",
            },
        ),
    ),
    "product-reader": Sample(
        "product.html",
        small("Kenya Nyeri AA", "products"),
        msgspec.structs.replace(PRODUCT, sees_wholesale=False, can_edit=False, needs="editor or owner"),
    ),
}
