"""Publishing a product: what changes for readers, and doing it."""

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.catalog.actions import publish_product
from app.catalog.actions.publishing import check_publishable
from app.catalog.repository import version_of_product
from app.catalog.states import state_in
from app.db.work import Reading
from app.editor.entry import CurrentHere
from app.editor.frame import Html, screen, see_other, shell_at_customer
from app.editor.post_form import expected_version
from app.editor.product_history import compare_products, faster
from app.editor.product_reading import OpenedProduct, address_of_products, opened_product, seen_by
from app.editor.render import plural
from app.editor.views.parts import FieldChange
from app.editor.views.shell import Link, Toast
from app.editor.views.writing import Problem, Publish
from app.errors import ChangedElsewhere, Invalid
from app.identity.access import Act, require
from app.web.context import AnyRequest, Here, services_of
from app.web.forms import read_form


@get("/publish")
async def publish_page(request: AnyRequest, here: CurrentHere, product_id: FromPath[UUID]) -> Html:
    """What publishing would change for readers, and what to mend first."""
    return await publish_screen(request, here, product_id)


async def publish_screen(request: AnyRequest, here: Here, product_id: UUID, refusals: tuple[str, ...] = (), status: int = 200) -> Html:
    """The publish page; with refusals when an attempt has just failed."""
    require(here.actor, Act.PUBLISH_PRODUCT)
    settings = services_of(request).settings

    async def read(reading: Reading) -> Publish:
        found = await opened_product(reading, settings, here, product_id)
        return await publish_view(reading, here, found, refusals)

    view = await here.database.read(read)
    return screen(request, "publish.html", await shell_at_customer(request, here, "Publish", "products"), view, status=status)


async def publish_view(reading: Reading, here: Here, found: OpenedProduct, refusals: tuple[str, ...]) -> Publish:
    """The publish page of an opened product."""
    product, live = found.product, found.live_view()
    address = f"{address_of_products(here)}/{product.id}"
    mend = Link(text="Mend it", href=address)
    said = dict.fromkeys([*what_is_missing(found), *refusals])
    addresses = found.addresses()
    # Sites may be live in different versions after one was added; then there is something to publish for at least one.
    is_same = bool(found.live) and all(row.text_version >= product.text_version for row in found.live)
    is_everywhere = {row.site_id for row in found.live} == set(found.state.sites)
    return Publish(
        kind="product",
        id=product.id,
        version=product.version,
        title=product.title,
        lang=product.lang,
        live=live,
        addresses=addresses,
        old_path=live.url if live and live.url not in addresses else "",
        problems=() if product.summary else (Problem(title="There is no excerpt. Write one for lists and feeds.", mend=mend),),
        refusals=tuple(Problem(title=text, mend=mend) for text in said),
        changes=await what_changes(reading, here, found),
        has_changes=not (is_same and is_everywhere),
    )


def what_is_missing(found: OpenedProduct) -> tuple[str, ...]:
    """What a visitor could neither see nor buy without."""
    if found.product.state == "archived":
        return (f"“{found.product.title}” is archived. Make it a draft first.",)
    try:
        check_publishable(found.state)
    except Invalid as error:
        return tuple(error.fields.values())
    return ()


async def what_changes(reading: Reading, here: Here, found: OpenedProduct) -> tuple[FieldChange, ...]:
    """What differs between what readers see and what they would see."""
    if not found.live or found.live[0].text_version >= found.product.text_version:
        return ()
    before = seen_by(here, state_in((await version_of_product(reading, found.product.id, found.live[0].text_version)).payload))
    comparison = await compare_products(reading, before, found.state)
    if not comparison.blocks:
        return comparison.fields
    note = f"{plural(comparison.words_added, 'word')} added, {comparison.words_removed:,} removed"
    return (*comparison.fields, FieldChange(label="Text", note=note))


@post("/publish", status_code=303)
async def publish(request: AnyRequest, here: CurrentHere, product_id: FromPath[UUID]) -> Html | Redirect:
    """Show the newest texts to readers, at once and on every site."""
    form = await read_form(request)
    expect, address = expected_version(form), f"{address_of_products(here)}/{product_id}"
    try:
        await here.database.run(here.actor, "publish product", lambda work: publish_product(work, here.actor, product_id, expect))
    except ChangedElsewhere:
        return await faster(request, here, product_id, f"{address}/publish")
    except Invalid as error:
        return await publish_screen(request, here, product_id, tuple(error.fields.values()), status=422)
    return see_other(request, address, await live_toast(request, here, product_id))


async def live_toast(request: AnyRequest, here: Here, product_id: UUID) -> Toast:
    """That it is live, and where."""
    settings = services_of(request).settings
    found = await here.database.read(lambda reading: opened_product(reading, settings, here, product_id))
    live = found.live_view()
    link = Link(text=live.url.split("://", 1)[-1], href=live.url) if live else None
    return Toast(text="Published. Live at" if link else "Published.", link=link)


ROUTER = Router(path="/{product_id:uuid}", route_handlers=[publish_page, publish])
