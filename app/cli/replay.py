"""`agoat doctor --replay URL`: everything that the product says to its database, tried on an operator's own server.

Here stand the rooms, because the floor does not know them, with samples of what cannot be made up from names and types.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import app.audit.repository
import app.catalog.repository
import app.content.repository
import app.identity.repository
import app.imports.repository
import app.media.repository
import app.publishing.repository
import app.tenancy.repository
from app.content.repository import MENUS, TAGS
from app.db.functions import LATEST, NO_ID
from app.db.rehearsal import Of, Room, Script
from app.db.rehearsal.cluster import Replay
from app.db.selfcheck import Finding
from app.document.snapshots import PostSnapshot, ProductOffer, ProductText
from app.identity.repository import SWEEPS
from app.imports.repository import Key
from app.media.repository import MEDIA
from app.tenancy.repository import SITES, add_customer

ROOMS = (
    Room(app.tenancy.repository, {"change_customer": "backoffice", "customers_page": "worker", "whole_usage": "worker"}),
    Room(app.identity.repository),
    Room(app.media.repository),
    Room(app.content.repository, {"trashed_before": "worker"}),
    Room(app.catalog.repository),
    Room(app.publishing.repository),
    Room(app.audit.repository),
    Room(app.imports.repository),
)
SAMPLES: dict[str, Any] = {
    "limit": 25,
    "but": UUID(int=1),
    "after": NO_ID,
    "customers_page.after": "",
    "edge": LATEST,
    "versions_of_post.before": 100,
    "versions_of_product.before": 100,
    "expect": None,
    "values": {"name": "changed"},
    "form_id": Of("identity.held_forms", "id"),
    "key_hash": Of("identity.key_hashes", "hash"),
    "act_id": Of("audit.change_sets", "id"),
    "digest": Of("content.media_renditions", "hash"),
    "verb": "rehearse",
    "sku": Of("catalog.variants", "sku_norm"),
    "words": "sample",
    "path": "about",
    "remember_item.key": Key("sample", "post", "2"),
    "translations_of_post.key": Of("content.publications", "translation_key", is_text=True),
    "translations_of_product.key": Of("catalog.product_publications", "translation_key", is_text=True),
    "others": ["about"],
    "languages": ["en", "de"],
}
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
POST = PostSnapshot(id=UUID(int=1), kind="post", lang="en", slug="slug", title="title", updated_at=MOMENT, published_at=MOMENT)
DOCUMENTS: dict[str, Any] = {
    "content.publications.snapshot": POST,
    "catalog.product_publications.text": ProductText(id=UUID(int=1), lang="en", slug="slug", title="title"),
    "catalog.product_publications.offer": ProductOffer(),
}
SCRIPT = Script(ROOMS, add_customer, SWEEPS, (SITES, TAGS, MENUS, MEDIA), SAMPLES, DOCUMENTS)
# Who may read a table from end to end, and why. Everybody else enters an index.
WHOLE = {
    "content.repository.trashed_before": "reads an index that holds only what lies in the trash",
    "db.record.housekeeping.drop_tombstones": "reads an index that holds only tombstones",
    "db.record.housekeeping.sweep(done promises)": "every ten minutes; an index by time alone would be one hot place for all writers",
    "db.record.housekeeping.sweep(held forms)": "the same; rows live for a day",
    "db.record.housekeeping.sweep(idempotency answers)": "the same; rows live for a day",
    "db.record.housekeeping.sweep(idempotency keys)": "the same; rows live for a day",
    "db.record.housekeeping.sweep(sessions)": "the same; rows live for three months at most",
    "db.record.housekeeping.sweep(sign-in attempts)": "the same; rows live for a day",
    "db.record.housekeeping.sweep(single-use links)": "the same; rows live for a day",
    "db.record.outbox.counts": "the operator asks how much waits, in all shards",
    "db.record.outbox.open_promises": "the operator looks at what waits, in all shards",
    "db.record.outbox.retry": "the operator has what was given up tried again, in all shards",
    "db.record.usage.fold_usage": "goes through all customers, once each",
    "db.record.seals.customers_with_news": "the same",
    "db.record.seals.customers_with_marks": "marks are few: imports and undone acts set them",
    "tenancy.repository.all_customers": "the operator lists all customers",
    "tenancy.repository.whole_usage": "the operator adds up all customers",
    "identity.repository.has_customers": "ends with the first row",
}


async def replay(admin_url: str, report: Callable[[str], None] = lambda line: None) -> list[Finding]:
    """Install, migrate, write, read and explain everything on the server of an administrator's address, then remove it again.

    `report` hears one line a step. Raises Unavailable, Conflict when what was made cannot be removed.
    """
    return await Replay(admin_url, SCRIPT, WHOLE, report).run()
