"""Words of the console for what is stored in codes: states, fields, kinds of versions, scopes."""

from collections.abc import Sequence

from app.content.states import Status as PostStatus
from app.editor.views.parts import Status

POST_STATUS: dict[PostStatus, Status] = {"draft": "draft", "live": "published", "waiting": "changed", "trashed": "trash"}

FIELDS = {
    "title": "title",
    "slug": "address",
    "summary": "excerpt",
    "body_source": "text",
    "body_format": "format",
    "tags": "tags",
    "author_id": "author",
    "author": "author",
    "cover_id": "cover image",
    "lang": "language",
    "seo_title": "title in search results",
    "fields": "custom fields",
    "translation_key": "translations",
    "is_featured": "featured",
    "position": "order",
    "published_at": "date",
    "publication": "publication",
    "state": "state",
    "brand": "brand",
    "category_id": "category",
    "category": "category",
    "tax_rate_percent": "tax rate",
    "options": "options",
    "images": "images",
    "image_id": "image",
    "posts": "related posts",
    "sites": "sites",
    "variants": "variants",
    "sku": "SKU",
    "gtin": "GTIN",
    "option_values": "options of a variant",
    "unit_measure": "measure",
    "weight_g": "weight",
    "retail": "retail price",
    "wholesale": "wholesale price",
    "sale": "sale price",
    "on_hand": "stock",
    "availability": "availability",
    "available_from": "available from",
    "role": "role",
    "site_id": "site",
    "scopes": "scopes",
    "expires_at": "end",
    "revoked_at": "revoked",
    "name": "name",
    "settings": "settings",
    "theme": "theme",
    "host": "host",
    "items": "entries",
    "label": "label",
    "labels": "labels in other languages",
    "timezone": "time zone",
    "currency": "currency",
}
# Bookkeeping that stands beside every change and tells nobody anything.
UNTOLD = frozenset({"updated_at", "created_at", "created_by", "text_version", "version", "user_id", "prefix", "last_four"})

VERSION_KINDS = {
    "saved": "",
    "autosaved": "saved by itself",
    "published": "published",
    "unpublished": "unpublished",
    "trashed": "moved to the trash",
    "restored": "brought back",
    "archived": "archived",
    "deleted": "deleted",
    "imported": "imported",
    "undone": "back to what it was",
}

SCOPES = {
    "content:read": "Read posts and pages",
    "content:write": "Write posts and pages",
    "content:publish": "Publish posts, pages and products",
    "products:read": "Read products, prices and stock",
    "products:write": "Change products and prices",
    "stock:write": "Change stock",
    "wholesale:read": "See wholesale prices",
    "media:read": "See the media library",
    "media:write": "Upload and change files",
    "changes:read": "Follow changes",
    "imports:write": "Import",
    "audit:read": "Read the audit log",
}

AVAILABILITIES = {
    "in_stock": "In stock",
    "out_of_stock": "Out of stock",
    "backorder": "To be reordered",
    "preorder": "To be ordered ahead",
}

_PAST = {
    "add": "added",
    "archive": "archived",
    "bring": "brought",
    "change": "changed",
    "create": "created",
    "delete": "deleted",
    "export": "exported",
    "import": "imported",
    "make": "made",
    "merge": "merged",
    "move": "moved",
    "publish": "published",
    "remove": "removed",
    "restore": "restored",
    "resume": "resumed",
    "revoke": "revoked",
    "save": "saved",
    "set": "set",
    "suspend": "suspended",
    "trash": "moved to the trash",
    "undo": "undid",
    "unpublish": "unpublished",
    "upload": "uploaded",
    "write": "wrote",
}
_NOUNS = frozenset({"post", "page", "product", "tag", "author", "menu", "key", "category", "customer", "site", "domain", "file"})


def status_of_post(status: PostStatus, was_live: bool) -> Status:
    """The status of a post as the console names it; a draft that was live once is unpublished."""
    return "off" if status == "draft" and was_live else POST_STATUS[status]


def fields_in_words(names: Sequence[str]) -> tuple[str, ...]:
    """Names of columns as people say them, each once, without bookkeeping."""
    said = [FIELDS.get(name, name.replace("_", " ")) for name in names if name not in UNTOLD]
    return tuple(dict.fromkeys(said))


def did(verb: str, *, is_named: bool) -> str:
    """What somebody did, from the verb of the act: "publish post" is "published"; the noun goes where the thing is named."""
    words = verb.split()
    if not words:
        return "changed"
    if is_named and len(words) > 1 and words[-1] in _NOUNS:
        words.pop()
    return " ".join([_PAST.get(words[0], words[0]), *words[1:]])


def needs_in_words(needs: str | None) -> str:
    """The roles of a refusal: "role editor or owner" is "editor or owner"."""
    return (needs or "").removeprefix("role ")
