"""Who brings back which kind of thing, and why some kinds do not come back."""

from app.catalog.returning.arranging import CATEGORIES_BACK, FIELDS_BACK
from app.catalog.returning.products import ReturningProducts
from app.content.returning.naming import AUTHORS_BACK, MENUS_BACK, TAGS_BACK
from app.content.returning.posts import ReturningPosts
from app.db.returning import Restorer
from app.identity.returning import KEYS_BACK, MEMBERSHIPS_BACK
from app.media.returning import MEDIA_BACK
from app.tenancy.returning import DOMAINS_BACK, SITES_BACK, THEMES_BACK

# In the order in which things come back: what others refer to comes before them, and goes after them.
RESTORERS: dict[str, Restorer] = {
    "site": SITES_BACK,
    "theme": THEMES_BACK,
    "domain": DOMAINS_BACK,
    "membership": MEMBERSHIPS_BACK,
    "api_key": KEYS_BACK,
    "media": MEDIA_BACK,
    "author": AUTHORS_BACK,
    "tag": TAGS_BACK,
    "menu": MENUS_BACK,
    "field": FIELDS_BACK,
    "category": CATEGORIES_BACK,
    "post": ReturningPosts(),
    "product": ReturningProducts(),
}
RANKS = {thing: rank for rank, thing in enumerate(RESTORERS)}

# Why an act on such a thing cannot be undone, and what to do instead.
REFUSED = {
    "erasure": "What was erased is gone for good.",
    "customer": "Customers are made, suspended and erased by the operator only. Use agoat customer.",
}
# What only tells of the act and stays as it is, without standing in anybody's way.
KEPT = {
    "import": "What was imported goes, the record of the import stays. The file can be imported again.",
}
