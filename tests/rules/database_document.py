"""The part of docs/database.md that is written from the models: every table with its key, indexes, foreign keys and rights.

`python -m tests.rules.database_document` writes it anew between its two markers; the words around it are written by hand.
"""

from collections.abc import Iterator
from importlib import import_module
from inspect import cleandoc
from pathlib import Path

from sqlalchemy import Column, ForeignKeyConstraint, Index, Table
from sqlalchemy.dialects import postgresql

from app.db.base import SCHEMAS, Base

ROOMS = ("tenancy", "identity", "media", "content", "catalog", "imports")
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "database.md"
BEGIN, END = "<!-- The tables begin here; they are written from the models. -->", "<!-- The tables end here. -->"
WORDS = {"SELECT": "reads", "INSERT": "adds", "UPDATE": "changes", "DELETE": "removes"}
DIALECT = postgresql.dialect()

# What an index is for, where it does more than to lead from a row to those that point at it.
REASONS = {
    "ix_cache_bumps_recent": "the poll of every web process, and folding, go by shard and time over all customers",
    "ix_change_sets_recent": "the audit log, newest first",
    "ix_changes_deleted": "the tombstones that housekeeping removes, of all customers; it holds nothing else",
    "ix_events_thing": "the history of one thing",
    "ix_held_forms_user": "the held forms of a person, at most ten",
    "ix_import_items_import": "what one import made",
    "ix_memberships_of_user": "the customers of a person who signs in; asked before the customer is known",
    "ix_movements_at": "the stock movements of a variant, newest first",
    "ix_outbox_ready": "the worker's next promises of its shard",
    "ix_post_versions_recent": "posts by their last save; an index of posts on the time of saving would make savers meet",
    "ix_posts_translation": "the translations of a post",
    "ix_posts_trashed": "what housekeeping takes out of the trash, of all customers; it holds nothing else",
    "ix_product_posts_post": "the products of a post",
    "ix_product_publications_newest": "the newest products of a site, and every further page of the list",
    "ix_product_publications_translation": "the live translations of a product",
    "ix_product_versions_recent": "products by their last save",
    "ix_products_translation": "the translations of a product",
    "ix_publication_tags_newest": "the newest posts of a tag, and every further page of the list",
    "ix_publications_newest": "the newest posts of a site, and every further page of the list",
    "ix_publications_translation": "the live translations of a post",
    "ix_variants_product": "the variants of a product in their order",
    "ix_media_renditions_hash": "the picture that a public address names, by its bytes",
    "ux_authors_slug": "one byline a slug and customer",
    "ux_categories_slug": "one category a path and customer",
    "ux_customers_slug": "one customer a slug in the whole installation",
    "ux_domains_host": "one site a host in the whole installation; asked before the customer is known",
    "ux_field_definitions_code": "one custom field a code and kind of thing",
    "ux_media_name": "one picture a name and customer",
    "ux_memberships_user": "one membership a person and customer",
    "ux_menus_name": "one menu a name, site and language",
    "ux_posts_address": "one post or page an address; a post in the trash does not hold its address",
    "ux_product_publications_address": "one live product an address",
    "ux_products_address": "one product a slug, language and customer",
    "ux_publications_address": "one live page an address",
    "ux_sites_slug": "one site a slug and customer",
    "ux_tags_slug": "one tag a slug and site",
    "ux_users_email": "one person an address, in lower case",
    "ux_variants_sku": "one variant a SKU and customer, whatever its case",
}


def tables() -> str:
    """The chapter of all tables, schema by schema."""
    for room in ROOMS:
        import_module(f"app.{room}.models")
    parts = [part for schema in SCHEMAS for part in chapter(schema)]
    return "\n".join([BEGIN, "", *parts, END])


def chapter(schema: str) -> Iterator[str]:
    """One schema."""
    mapped = {mapper.class_.__table__.fullname: mapper.class_ for mapper in Base.registry.mappers}
    yield from (f"## Schema `{schema}`", "")
    for name in sorted(name for name in mapped if name.startswith(f"{schema}.")):
        yield from section(mapped[name].__table__, cleandoc(mapped[name].__doc__ or ""))


def section(table: Table, said: str) -> Iterator[str]:
    """One table."""
    yield from (f"### `{table.fullname}`", "", said, "")
    yield f"- Columns: {', '.join(described(column) for column in table.c)}."
    yield f"- Key: `{', '.join(column.name for column in table.primary_key)}`"
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        yield f"- {'Unique index' if index.unique else 'Index'} `{index.name}` ({', '.join(parts(index))}): {reason(table, index)}"
    for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name)):
        goes = ", whose removal removes this row" if key.ondelete == "CASCADE" else ""
        yield f"- Foreign key `{key.name}` to `{key.referred_table.fullname}`{goes}"
    yield f"- Row-level security: {security(table)}"
    yield from (f"- Rights: {'; '.join(f'`{role}` {worded(rights)}' for role, rights in table.info['grants'].items())}", "")


def described(column: Column[object]) -> str:
    """A column with its type; a question mark where it may be empty."""
    kind = column.type.compile(DIALECT).lower().replace("timestamp with time zone", "timestamptz")
    return f"`{column.name}` {kind}{'?' if column.nullable else ''}"


def parts(index: Index) -> list[str]:
    """The columns of an index in their order, and the rows it leaves out."""
    columns = [str(getattr(part, "name", None) or part) for part in index.expressions]
    where = index.dialect_options["postgresql"]["where"]
    return columns if where is None else [*columns[:-1], f"{columns[-1]} where {where}"]


def reason(table: Table, index: Index) -> str:
    """What an index is for. Raises KeyError when nobody has said it."""
    name, led = str(index.name), parent_of(table, index)
    return REASONS[name] if name in REASONS or led is None else f"what points to a row of `{led}`"


def parent_of(table: Table, index: Index) -> str | None:
    """The table to which exactly the columns of an index point."""
    columns = [getattr(part, "name", None) for part in index.expressions]
    keys: list[ForeignKeyConstraint] = list(table.foreign_key_constraints)
    return next((key.referred_table.fullname for key in keys if [part.parent.name for part in key.elements] == columns), None)


def security(table: Table) -> str:
    """Which rows the bound roles see."""
    if not table.info["tenant"]:
        return "none; no row belongs to a customer"
    grants = table.info["grants"]
    own = "`app` its customer's rows" if "customer_id" in table.c or table.fullname == "tenancy.customers" else "`app` no row"
    seen = ([own] if "app" in grants else []) + (["`directory` all rows"] if "directory" in grants else [])
    return f"enabled and forced; {', '.join(seen) or 'nobody sees a row'}"


def worded(rights: str) -> str:
    """`SELECT, INSERT` as `reads, adds`."""
    return ", ".join(WORDS[right] for right in rights.split(", "))


def written(document: str) -> str:
    """A document with its tables written anew. Raises ValueError when a marker is missing."""
    before, _, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError("The document has lost one of its markers.")
    return before + tables() + after


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
