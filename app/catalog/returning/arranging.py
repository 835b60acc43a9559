"""How categories and custom fields return."""

from app import keys
from app.catalog.repository import CATEGORIES, FIELDS
from app.db.returning import PlainRows

CATEGORIES_BACK = PlainRows(CATEGORIES, tags=lambda category: [keys.category_tag(category.id)])
FIELDS_BACK = PlainRows(FIELDS)
