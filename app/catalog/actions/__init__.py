"""What is done to products, prices, stock, categories and custom fields."""

from app.catalog.actions.arranging import save_category, save_field
from app.catalog.actions.pricing import change_offers
from app.catalog.actions.publishing import publish_product, unpublish_product
from app.catalog.actions.restoring import delete_product, restore_version, set_state
from app.catalog.actions.saving import save_product

__all__ = [
    "change_offers",
    "delete_product",
    "publish_product",
    "restore_version",
    "save_category",
    "save_field",
    "save_product",
    "set_state",
    "unpublish_product",
]
