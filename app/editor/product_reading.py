"""What the screens of one product read, and the editor that is made of it."""

from typing import NamedTuple
from uuid import UUID, uuid4

from msgspec.structs import replace

from app.catalog.actions.opening import read_state
from app.catalog.models import Category, Product, ProductPublication, ProductVersion
from app.catalog.repository import categories_of, publications_of, version_of_product
from app.catalog.states import ProductState, without_wholesale
from app.db.work import Reading
from app.editor.product_form import currency_of, is_untouched, stored_fields
from app.editor.site_links import SiteLinks, links_of_site
from app.editor.views.parts import Live, Option, Status
from app.editor.views.products import ProductEditor, ProductFields, VariantFields
from app.editor.views.writing import Returned
from app.editor.wording import AVAILABILITIES, needs_in_words
from app.errors import Forbidden
from app.identity.access import Act, allows, require
from app.settings import Settings
from app.tenancy.models import Site
from app.tenancy.repository import sites_of_customer
from app.web.context import Here

FALLBACK_CURRENCY = "EUR"


class OpenedProduct(NamedTuple):
    """A product with everything that its screens say about it. `links` is the public side of each site that may show it."""

    product: Product
    state: ProductState
    newest: ProductVersion
    live: list[ProductPublication]
    links: dict[UUID, SiteLinks]
    categories: list[Category]
    currency: str

    def live_view(self) -> Live | None:
        """The publication as the screens show it: that of the first site which visitors can reach."""
        if not self.live:
            return None
        row = next((row for row in self.live if self.links[row.site_id].host), self.live[0])
        return Live(url=self.url_of(row.site_id, row.lang, row.slug), version=row.text_version, at=row.published_at)

    def url_of(self, site_id: UUID, lang: str, slug: str) -> str:
        """The public address of the product on a site."""
        links = self.links[site_id]
        return links.origin + links.path("product", lang, slug)

    def addresses(self) -> tuple[str, ...]:
        """Where publishing will show it."""
        return tuple(
            self.url_of(site_id, self.state.lang, self.state.slug)
            for site_id in self.state.sites
            if site_id in self.links and self.links[site_id].host
        )


async def opened_product(reading: Reading, settings: Settings, here: Here, product_id: UUID) -> OpenedProduct:
    """Everything about one product, without what the person may not see. Raises NotFound."""
    product, state = await read_state(reading, product_id)
    live = (await publications_of(reading, [product_id]))[product_id]
    links = {site_id: await links_of_site(reading, settings, site_id) for site_id in {*state.sites, *(row.site_id for row in live)}}
    return OpenedProduct(
        product=product,
        state=seen_by(here, state),
        newest=await version_of_product(reading, product_id),
        live=live,
        links=links,
        categories=await categories_of(reading),
        currency=currency_of(state, usual_currency(await sites_of_customer(reading))),
    )


def usual_currency(sites: list[Site]) -> str:
    """The currency in which a customer thinks: that of the first site."""
    return sites[0].currency if sites else FALLBACK_CURRENCY


def seen_by(here: Here, state: ProductState) -> ProductState:
    """A state as this person may see it."""
    return state if sees_wholesale(here) else without_wholesale(state)


def sees_wholesale(here: Here) -> bool:
    """Whether wholesale prices are shown to this person."""
    return allows(here.actor, Act.SEE_WHOLESALE)


def status_of_product(product: Product, live_text_version: int | None) -> Status:
    """The status of a product as the console names it."""
    if product.state == "archived":
        return "archived"
    if product.state == "draft" or live_text_version is None:
        return "off" if product.published_at is not None else "draft"
    return "changed" if live_text_version < product.text_version else "published"


def refusal_of(here: Here) -> Forbidden | None:
    """Why the person may not change products, None when they may."""
    try:
        require(here.actor, Act.WRITE_PRODUCT)
    except Forbidden as refusal:
        return refusal
    return None


def product_editor(
    here: Here,
    found: OpenedProduct,
    *,
    fields: ProductFields | None = None,
    version: int | None = None,
    errors: dict[str, str] | None = None,
    returned: Returned = "",
) -> ProductEditor:
    """The editor of a stored product; with `fields` and `version` as somebody typed and opened it."""
    refusal = refusal_of(here)
    return ProductEditor(
        fields=with_empty_row(fields or stored_fields(found.state), can_edit=refusal is None),
        currency=found.currency,
        id=found.product.id,
        version=version or found.product.version,
        status=status_of_product(found.product, min((row.text_version for row in found.live), default=None)),
        saved_at=found.newest.at,
        live=found.live_view(),
        categories=category_options(found.categories),
        availabilities=AVAILABILITY_OPTIONS,
        lang=found.product.lang,
        errors=errors or {},
        returned=returned,
        sees_wholesale=sees_wholesale(here),
        can_edit=refusal is None,
        needs=needs_in_words(refusal.needs) if refusal else "",
    )


def new_product_editor(
    here: Here,
    categories: list[Category],
    currency: str,
    *,
    fields: ProductFields | None = None,
    errors: dict[str, str] | None = None,
    returned: Returned = "",
) -> ProductEditor:
    """The editor of a product that was never saved."""
    return ProductEditor(
        fields=with_empty_row(named(fields or ProductFields()), can_edit=True),
        currency=currency,
        categories=category_options(categories),
        availabilities=AVAILABILITY_OPTIONS,
        errors=errors or {},
        returned=returned,
        sees_wholesale=sees_wholesale(here),
    )


def named(fields: ProductFields) -> ProductFields:
    """The fields with the id that the new product is to have."""
    return replace(fields, new_id=fields.new_id or str(uuid4()))


def product_editor_without_database(
    here: Here, product_id: UUID | None, version: int | None, fields: ProductFields, returned: Returned
) -> ProductEditor:
    """The editor with nothing but what was sent."""
    return ProductEditor(
        fields=with_empty_row(fields, can_edit=True),
        currency=FALLBACK_CURRENCY,
        id=product_id,
        version=version,
        categories=(Option(value=fields.category, label="as chosen before"),) if fields.category else (),
        availabilities=AVAILABILITY_OPTIONS,
        returned=returned,
        sees_wholesale=sees_wholesale(here),
    )


def with_empty_row(fields: ProductFields, *, can_edit: bool) -> ProductFields:
    """The fields, with an empty row for the first variant. A second one must differ by an option, and options have no form here."""
    rows = tuple(row for row in fields.variants if not is_untouched(row))
    return replace(fields, variants=rows if rows or not can_edit else (VariantFields(),))


def category_options(categories: list[Category]) -> tuple[Option, ...]:
    """The categories to choose from, by their whole paths where labels alone would not tell them apart."""
    return tuple(Option(value=str(row.id), label=f"{row.label} ({row.slug})" if "/" in row.slug else row.label) for row in categories)


AVAILABILITY_OPTIONS = tuple(Option(value=value, label=label) for value, label in AVAILABILITIES.items())


def address_of_products(here: Here) -> str:
    """The address of the list of products."""
    return f"/c/{here.customer.customer_slug}/products"
