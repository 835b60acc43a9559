"""What must hold in every database of the product, whatever faults it has met, asked of the tables alone.

`broken` looks at a whole database as an administrator and gives a sentence for each finding, at most a few of each kind. It may run
beside the product: everything is asked in one snapshot, in which units are whole or not there at all.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session

from tests.db.replaying import replayed

# So many findings of one kind are told one by one.
MOST_OF_A_KIND = 5
ALL_VERSIONS = """
    SELECT customer_id, thing_id, version, kind, change_set_id FROM content.post_versions
    UNION ALL SELECT customer_id, thing_id, version, kind, change_set_id FROM catalog.product_versions
    UNION ALL SELECT customer_id, thing_id, version, kind, change_set_id FROM audit.versions
"""
# Price history and stock movements in the order of the versions that they belong to; the clock of a machine may have gone back.
ORDERED = """
    SELECT p.customer_id, p.variant_id, {columns}, row_number() OVER (
      PARTITION BY p.customer_id, p.variant_id, {kind} ORDER BY coalesce(e.version, 0), p.at) AS place
    FROM catalog.{table} p LEFT JOIN (
      SELECT customer_id, change_set_id, thing_id, min(to_version) AS version FROM audit.events WHERE thing_type = 'product'
      GROUP BY customer_id, change_set_id, thing_id) e
    ON e.customer_id = p.customer_id AND e.change_set_id = p.change_set_id AND e.thing_id = (
      SELECT product_id FROM catalog.variants v WHERE v.customer_id = p.customer_id AND v.id = p.variant_id)
"""

# Each gives a row for what is broken; the sentence is filled from its columns.
ASKED: dict[str, str] = {
    "thing {thing_id} has {count} versions from {first} to {last}": f"""
        SELECT thing_id, count(*) AS count, min(version) AS first, max(version) AS last FROM ({ALL_VERSIONS}) v
        GROUP BY customer_id, thing_id HAVING min(version) <> 1 OR max(version) <> count(*)""",
    "version {version} of {thing_id} has {count} events that tell of it": f"""
        SELECT v.thing_id, v.version, count(e.to_version) AS count FROM ({ALL_VERSIONS}) v
        LEFT JOIN audit.events e ON e.customer_id = v.customer_id AND e.thing_id = v.thing_id AND e.to_version = v.version
          AND e.from_version = v.version - 1 AND e.kind = v.kind AND e.change_set_id = v.change_set_id
        GROUP BY v.customer_id, v.thing_id, v.version HAVING count(e.to_version) <> 1""",
    "an event tells of version {to_version} of {thing_id}, which is not there": f"""
        SELECT e.thing_id, e.to_version FROM audit.events e LEFT JOIN ({ALL_VERSIONS}) v
          ON v.customer_id = e.customer_id AND v.thing_id = e.thing_id AND v.version = e.to_version WHERE v.thing_id IS NULL""",
    "version {to_version} of {thing_id} belongs to the change set {change_set_id}, which is not there": """
        SELECT e.thing_id, e.to_version, e.change_set_id FROM audit.events e
        LEFT JOIN audit.change_sets s ON s.customer_id = e.customer_id AND s.id = e.change_set_id WHERE s.id IS NULL""",
    "the change set {id} ({verb}) has changed nothing": """
        SELECT s.id, s.verb FROM audit.change_sets s
        LEFT JOIN audit.events e ON e.customer_id = s.customer_id AND e.change_set_id = s.id
        LEFT JOIN audit.change_set_marks m ON m.customer_id = s.customer_id AND s.id IN (m.change_set_id, m.id)
        WHERE e.change_set_id IS NULL AND m.change_set_id IS NULL""",
    "the change set {change_set_id} is marked {mark} {count} times": """
        SELECT change_set_id, mark, count(*) AS count FROM audit.change_set_marks WHERE mark <> 'undone'
        GROUP BY customer_id, change_set_id, mark HAVING count(*) > 1""",
    "the numbers of customer {customer_id} end at {newest} and their head says {number}": """
        SELECT c.customer_id, max(c.number) AS newest, coalesce(max(h.number), 0) AS number FROM ops.changes c
        LEFT JOIN ops.change_heads h ON h.customer_id = c.customer_id
        GROUP BY c.customer_id HAVING max(c.number) <> coalesce(max(h.number), 0)""",
    "customer {customer_id} has {count} numbers from {first} to {last}": """
        SELECT c.customer_id, count(*) AS count, min(c.number) AS first, max(c.number) AS last FROM ops.changes c
        LEFT JOIN ops.change_heads h ON h.customer_id = c.customer_id WHERE c.number >= coalesce(h.oldest, 1)
        GROUP BY c.customer_id, h.oldest HAVING max(c.number) - coalesce(h.oldest, 1) + 1 <> count(*)""",
    "number {number} of {thing_id} is for version {version} and comes after that of version {before}": """
        SELECT * FROM (SELECT number, thing_id, version, lag(version) OVER (
          PARTITION BY customer_id, thing_id ORDER BY number) AS before FROM ops.changes) o WHERE before >= version""",
    "version {version} of {thing_id} was numbered or waits {count} times": f"""
        SELECT v.thing_id, v.version, count(n.thing_id) AS count FROM ({ALL_VERSIONS}) v
        LEFT JOIN (SELECT customer_id, thing_id, version, is_deleted FROM ops.changes
          UNION ALL SELECT customer_id, thing_id, version, is_deleted FROM ops.changes_in) n
          ON n.customer_id = v.customer_id AND n.thing_id = v.thing_id AND n.version = v.version AND n.is_deleted = (v.kind = 'deleted')
        LEFT JOIN ops.change_heads h ON h.customer_id = v.customer_id
        GROUP BY v.customer_id, v.thing_id, v.version, v.kind, h.oldest
        HAVING count(n.thing_id) > 1 OR (count(n.thing_id) = 0 AND NOT (v.kind = 'deleted' AND coalesce(h.oldest, 1) > 1))""",
    "a number or an inbox row is for version {version} of {thing_id}, which is not there": f"""
        SELECT n.thing_id, n.version FROM (SELECT customer_id, thing_id, version FROM ops.changes
          UNION ALL SELECT customer_id, thing_id, version FROM ops.changes_in) n
        LEFT JOIN ({ALL_VERSIONS}) v ON v.customer_id = n.customer_id AND v.thing_id = n.thing_id AND v.version = n.version
        WHERE v.thing_id IS NULL""",
    "{count} posts are live at {kind} {slug} ({lang}) of site {site_id}": """
        SELECT site_id, lang, kind, slug, count(*) AS count FROM content.publications
        GROUP BY customer_id, site_id, lang, kind, slug HAVING count(*) > 1""",
    "{count} products are live at {slug} ({lang}) of site {site_id}": """
        SELECT site_id, lang, slug, count(*) AS count FROM catalog.product_publications
        GROUP BY customer_id, site_id, lang, slug HAVING count(*) > 1""",
    "{count} posts have the address {slug} ({lang}) of site {site_id}": """
        SELECT site_id, lang, slug, count(*) AS count FROM content.posts WHERE state = 'draft'
        GROUP BY customer_id, site_id, lang, kind, slug HAVING count(*) > 1""",
    "post {post_id} is live as “{title}” in version {version}, which was not published so": """
        SELECT p.post_id, p.title, p.version FROM content.publications p LEFT JOIN content.post_versions v
          ON v.customer_id = p.customer_id AND v.thing_id = p.post_id AND v.version = p.version
        WHERE coalesce(v.kind, '') NOT IN ('published', 'undone') OR v.payload->>'slug' IS DISTINCT FROM p.slug
          OR v.payload->>'title' IS DISTINCT FROM p.title OR v.payload->>'lang' IS DISTINCT FROM p.lang""",
    "post {thing_id} was last published in version {version} and last withdrawn in {withdrawn}; live is {live}": """
        SELECT s.thing_id, s.version, s.withdrawn, p.version AS live FROM (
          SELECT customer_id, thing_id, max(CASE WHEN kind = 'published' THEN version END) AS version,
            max(CASE WHEN kind IN ('unpublished', 'trashed', 'deleted') THEN version ELSE 0 END) AS withdrawn
          FROM content.post_versions GROUP BY customer_id, thing_id HAVING count(CASE WHEN kind = 'undone' THEN 1 END) = 0) s
        LEFT JOIN content.publications p ON p.customer_id = s.customer_id AND p.post_id = s.thing_id
        WHERE p.version IS DISTINCT FROM (CASE WHEN s.version > s.withdrawn THEN s.version END)""",
    "product {product_id} is live with version {text_version}, which was not published": """
        SELECT p.product_id, p.text_version FROM catalog.product_publications p LEFT JOIN catalog.product_versions v
          ON v.customer_id = p.customer_id AND v.thing_id = p.product_id AND v.version = p.text_version
        WHERE coalesce(v.kind, '') NOT IN ('published', 'undone')""",
    "post {thing_id} is live in version {live}, and its version {version} tells of {told}": """
        SELECT v.thing_id, v.version, v.payload->>'live_version' AS told, p.version AS live FROM content.post_versions v
        JOIN (SELECT customer_id, thing_id, max(version) AS version FROM content.post_versions GROUP BY customer_id, thing_id) n
          ON n.customer_id = v.customer_id AND n.thing_id = v.thing_id AND n.version = v.version
        LEFT JOIN content.publications p ON p.customer_id = v.customer_id AND p.post_id = v.thing_id
        WHERE CAST(v.payload->>'live_version' AS BIGINT) IS DISTINCT FROM p.version""",
    "variant {variant_id} has {on_hand} in stock after a movement of {delta} from {before}": f"""
        SELECT * FROM (SELECT m.*, lag(on_hand) OVER (PARTITION BY customer_id, variant_id ORDER BY place) AS before FROM (
          {ORDERED.format(columns="p.delta, p.on_hand", kind="1", table="movements")}) m) o
        WHERE on_hand <> coalesce(before, 0) + delta AND on_hand <> delta""",
    "variant {variant_id} has {on_hand} in stock, and its last movement left {moved}": f"""
        SELECT s.variant_id, s.on_hand, m.on_hand AS moved FROM catalog.stock s LEFT JOIN (
          SELECT o.*, max(place) OVER (PARTITION BY customer_id, variant_id) AS newest FROM (
            {ORDERED.format(columns="p.on_hand", kind="1", table="movements")}) o) m
          ON m.customer_id = s.customer_id AND m.variant_id = s.variant_id AND m.place = m.newest
        WHERE s.on_hand IS NOT NULL AND m.on_hand IS DISTINCT FROM s.on_hand""",
    "variant {variant_id} costs {amount} ({kind}), and its history ends with {past}": f"""
        SELECT s.variant_id, s.kind, s.amount, h.amount AS past FROM catalog.prices s LEFT JOIN (
          SELECT o.*, max(place) OVER (PARTITION BY customer_id, variant_id, kind) AS newest FROM (
            {ORDERED.format(columns="p.kind, p.amount", kind="p.kind", table="price_history")}) o) h
          ON h.customer_id = s.customer_id AND h.variant_id = s.variant_id AND h.kind = s.kind AND h.place = h.newest
        WHERE h.amount IS DISTINCT FROM s.amount""",
    "a request was claimed at {created_at} and its answer is not there": """
        SELECT k.created_at FROM ops.idempotency_keys k
        LEFT JOIN ops.idempotency_answers a ON a.customer_id = k.customer_id AND a.claim = k.claim WHERE a.claim IS NULL""",
    "import {import_id} remembers {thing_type} {source_id} as {thing_id}, which nobody has made": f"""
        SELECT i.import_id, i.thing_type, i.source_id, i.thing_id FROM ops.import_items i
        LEFT JOIN ({ALL_VERSIONS}) v ON v.customer_id = i.customer_id AND v.thing_id = i.thing_id AND v.version = 1
        WHERE v.thing_id IS NULL""",
}


def broken(admin: Connection | Engine | str) -> list[str]:
    """What is wrong in the database of an administrator's connection or address; nothing, when everything holds."""
    if isinstance(admin, str):
        engine = create_engine(admin)
        try:
            return broken(engine)
        finally:
            engine.dispose()
    if isinstance(admin, Connection):
        return broken(admin.engine)
    with admin.connect().execution_options(isolation_level="SERIALIZABLE") as connection, Session(connection) as session:
        return findings(session)


def findings(session: Session) -> list[str]:
    """What is wrong in the snapshot of a session."""
    found = [line for sentence, question in ASKED.items() for line in told(asked(session, sentence, question))]
    return found + [line for lines in replayed(session) for line in told(lines)]


def asked(session: Session, sentence: str, question: str) -> list[str]:
    """A sentence for each row of an answer."""
    return [sentence.format(**row._asdict()) for row in session.execute(text(question))]


def told(findings: Iterable[str]) -> list[str]:
    """The first findings of one kind, and how many more there are."""
    known = list(findings)
    more = len(known) - MOST_OF_A_KIND
    return known[:MOST_OF_A_KIND] + ([f"and {more} more like the last"] if more > 0 else [])
