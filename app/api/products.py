"""Products: read, written, priced, published, archived and brought back."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from app.actor import Actor
from app.api.operations import BASE, Answer, Call, Operation, item_answer, plain_answer
from app.api.paging import CURSOR, LIMIT, asked_page, page_answer
from app.api.post_items import revision
from app.api.product_items import product_item, product_revision, product_summary, variant_item
from app.api.product_requests import changes_stock, in_places, new_product, offers_request, patched_product, whole_product
from app.api.schemas import (
    NewProduct,
    Nothing,
    Offers,
    OffersInput,
    Page,
    ProductInput,
    ProductItem,
    ProductPatch,
    ProductRevision,
    ProductSummary,
    Receipt,
    RestoreProduct,
    Revision,
)
from app.api.writing import write
from app.catalog.actions import change_offers, publish_product, restore_version, save_product, set_state, unpublish_product
from app.catalog.actions.opening import read_state, state_of
from app.catalog.models import Product
from app.catalog.repository import PRODUCTS, parts_of, products_page, version_of_product, versions_of_product
from app.catalog.requests import Published, Saved
from app.db.functions import NO_ID
from app.db.work import Reading, Work
from app.errors import Invalid, NotFound
from app.identity.access import Act, require

Run = Callable[[Call], Awaitable[Answer]]
Simple = Callable[[Work, Actor, UUID, int | None], Awaitable[Saved | Published]]


async def list_products(call: Call) -> Answer:
    """Products by id, archived ones too."""
    asked, sees = asked_page(call, UUID), call.may(Act.SEE_WHOLESALE)

    async def read(reading: Reading) -> Answer:
        rows = await products_page(reading, after=asked.after or NO_ID, limit=asked.one_more)
        parts = await parts_of(reading, [row.id for row in rows])

        def item_of(row: Product) -> ProductSummary:
            return product_summary(row.id, row.version, state_of(row, parts[row.id]), has_wholesale=sees)

        return page_answer(call, asked, rows, lambda row: row.id, item_of)

    return await call.database.read(read)


async def show(call: Call) -> Answer:
    """One product, also an archived one."""
    return await call.database.read(lambda reading: _answer(reading, call))


async def _answer(reading: Reading, call: Call, product_id: UUID | None = None, *, status: int = 200) -> Answer:
    """A product as it stands; a key that may not read is told its version only. Raises NotFound."""
    product, state = await read_state(reading, product_id or call.thing_id)
    location = f"{BASE}/products/{product.id}" if status == 201 else None
    if not call.may(Act.READ_PRODUCTS):
        receipt = Receipt(id=product.id, version=product.version, slug=product.slug)
        return item_answer(receipt, product.version, status=status, location=location)
    item = product_item(product.id, product.version, state, has_wholesale=call.may(Act.SEE_WHOLESALE))
    return item_answer(item, product.version, status=status, location=location)


async def create(call: Call) -> Answer:
    """A new product, as a draft."""
    request = new_product(call.body)
    if changes_stock(None, request):
        require(call.actor, Act.WRITE_STOCK)

    async def act(work: Work) -> Answer:
        saved = await save_product(work, call.actor, request)
        return await _answer(work, call, saved.id, status=201)

    return await write(call, "create product", act)


async def save(call: Call) -> Answer:
    """A product made whole anew, or some of its fields changed."""

    async def act(work: Work) -> Answer:
        _, state = await read_state(work, call.thing_id)
        make = partial(patched_product, call.thing_id, state) if call.method == "PATCH" else partial(whole_product, call.thing_id)
        request = make(call.body, call.expect)
        if changes_stock(state, request):
            require(call.actor, Act.WRITE_STOCK)
        await save_product(work, call.actor, request)
        return await _answer(work, call)

    return await write(call, "save product", act)


async def do(verb: str, action: Simple, call: Call) -> Answer:
    """An act on a product that needs nothing but the product."""

    async def act(work: Work) -> Answer:
        await action(work, call.actor, call.thing_id, call.expect)
        return await _answer(work, call)

    return await write(call, f"{verb} product", act)


async def archive(work: Work, actor: Actor, product_id: UUID, expect: int | None) -> Saved:
    """Take a product from all sites and out of sight; nothing of it is lost."""
    return await set_state(work, actor, product_id, "archived", expect)


async def restore(call: Call) -> Answer:
    """An old version made the working copy again; an archived or deleted product comes back as a draft."""
    request: RestoreProduct = call.body

    async def act(work: Work) -> Answer:
        product, expect = await PRODUCTS.find(work, call.thing_id), call.expect
        if product is not None and product.state == "archived":
            await set_state(work, call.actor, call.thing_id, "draft", expect)
            expect = None
        await restore_version(work, call.actor, call.thing_id, request.version, expect)
        return await _answer(work, call)

    return await write(call, "restore product", act)


async def change_prices_and_stock(call: Call) -> Answer:
    """A price or stock act, which visitors see at once."""
    wanted: OffersInput = call.body

    async def act(work: Work) -> Answer:
        _, state = await read_state(work, call.thing_id)
        request = offers_request(call.thing_id, state, wanted, call.expect)
        try:
            await change_offers(work, call.actor, request)
        except Invalid as refused:
            raise in_places(refused, state, request) from None
        return await _offers_answer(work, call)

    return await write(call, "change offers", act)


async def _offers_answer(reading: Reading, call: Call) -> Answer:
    product, state = await read_state(reading, call.thing_id)
    if not call.may(Act.READ_PRODUCTS):
        return item_answer(Receipt(id=product.id, version=product.version, slug=product.slug), product.version)
    variants = tuple(variant_item(variant, has_wholesale=call.may(Act.SEE_WHOLESALE)) for variant in state.variants)
    return item_answer(Offers(id=product.id, version=product.version, variants=variants), product.version)


async def list_versions(call: Call) -> Answer:
    """The versions of a product, also of a deleted one, newest first. Raises NotFound for what never was."""
    asked = asked_page(call, int)

    async def read(reading: Reading) -> Answer:
        rows = await versions_of_product(reading, call.thing_id, before=asked.after, limit=asked.one_more)
        if not rows and asked.after is None:
            raise NotFound()
        return page_answer(call, asked, rows, lambda row: row.version, lambda row: Revision(**revision(row)))

    return await call.database.read(read)


async def show_version(call: Call) -> Answer:
    """One version of a product with its whole contents."""

    async def read(reading: Reading) -> Answer:
        row = await version_of_product(reading, call.thing_id, call.number)
        return plain_answer(product_revision(row, has_wholesale=call.may(Act.SEE_WHOLESALE)))

    return await call.database.read(read)


def product_operations() -> list[Operation]:
    """Everything that can be done with products."""
    reads, writes, publishes = (Act.READ_PRODUCTS,), (Act.WRITE_PRODUCT,), (Act.PUBLISH_PRODUCT,)
    one, written = "/products/{id}", (ProductItem, Receipt)

    def operation(name: str, method: str, path: str, summary: str, acts: tuple[Act, ...], run: Run, **said: Any) -> Operation:
        return Operation(id=name, method=method, path=path, summary=summary, tag="products", acts=acts, run=run, **said)

    return [
        operation("list_products", "GET", "/products", "List the products by id", reads, list_products,
                  answers=(Page[ProductSummary],), query=(CURSOR, LIMIT)),
        operation("create_product", "POST", "/products", "Make a product, as a draft", writes, create,
                  answers=written, body=NewProduct, status=201),
        operation("read_product", "GET", one, "Read one product", reads, show, answers=(ProductItem,)),
        operation("replace_product", "PUT", one, "Replace a whole product", writes, save, answers=written, body=ProductInput, changes=True),
        operation("change_product", "PATCH", one, "Change some fields of a product", writes, save,
                  answers=written, body=ProductPatch, changes=True),
        operation("archive_product", "DELETE", one, "Archive a product; an active one also needs the scope to publish", writes,
                  partial(do, "archive", archive), answers=written, changes=True),
        operation("change_offers", "PATCH", f"{one}/offers", "Change prices or stock, which visitors see at once",
                  (Act.WRITE_PRICE, Act.WRITE_STOCK), change_prices_and_stock, answers=(Offers, Receipt), body=OffersInput, changes=True),
        operation("list_product_versions", "GET", f"{one}/versions", "List the versions of a product, newest first", reads, list_versions,
                  answers=(Page[Revision],), query=(CURSOR, LIMIT)),
        operation("read_product_version", "GET", f"{one}/versions/{{n}}", "Read one version of a product", reads, show_version,
                  answers=(ProductRevision,)),
        operation("publish_product", "POST", f"{one}/publish", "Show a product as it stands now on its sites", publishes,
                  partial(do, "publish", publish_product), answers=written, body=Nothing, changes=True),
        operation("unpublish_product", "POST", f"{one}/unpublish", "Take a product from its sites", publishes,
                  partial(do, "unpublish", unpublish_product), answers=written, body=Nothing, changes=True),
        operation("restore_product", "POST", f"{one}/restore", "Make an old version of a product its working copy, as a new version",
                  writes, restore, answers=written, body=RestoreProduct, changes=True),
    ]  # fmt: skip
