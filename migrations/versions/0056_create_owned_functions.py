"""Create the owned functions for the lists that grow with a customer."""

from app.db.schema import create_function

revision = "0056"
down_revision = "0055"

LISTED = "id uuid, at timestamptz"

PUBLICATIONS = """
    SELECT p.post_id, p.published_at FROM content.publications p
    WHERE p.customer_id = :tenant AND p.site_id = wanted_site AND p.kind = wanted_kind AND p.lang = wanted_lang
      AND (p.published_at, p.post_id) {side} (edge_at, edge_id)
    ORDER BY p.published_at {direction}, p.post_id {direction} LIMIT how_many
"""
TAGGED = """
    SELECT t.post_id, t.published_at FROM content.publication_tags t
    WHERE t.customer_id = :tenant AND t.tag_id = wanted_tag AND t.lang = wanted_lang
      AND (t.published_at, t.post_id) {side} (edge_at, edge_id)
    ORDER BY t.published_at {direction}, t.post_id {direction} LIMIT how_many
"""
PRODUCTS = """
    SELECT p.product_id, p.published_at FROM catalog.product_publications p
    WHERE p.customer_id = :tenant AND p.site_id = wanted_site AND p.lang = wanted_lang
      AND (p.published_at, p.product_id) {side} (edge_at, edge_id)
    ORDER BY p.published_at {direction}, p.product_id {direction} LIMIT how_many
"""
RECENT_POSTS = """
    SELECT v.thing_id, v.at FROM content.post_versions v
    JOIN content.posts p ON p.customer_id = :tenant AND p.id = v.thing_id AND p.version = v.version
    LEFT JOIN content.publications l ON l.customer_id = :tenant AND l.post_id = p.id
    WHERE v.customer_id = :tenant AND v.site_id = wanted_site AND p.kind = wanted_kind
      AND (v.at, v.thing_id) < (edge_at, edge_id)
      AND p.state = CASE WHEN wanted_view = 'trash' THEN 'trashed' ELSE 'draft' END
      AND (wanted_view NOT IN ('live', 'waiting') OR l.post_id IS NOT NULL)
      AND (wanted_view <> 'drafts' OR l.post_id IS NULL)
      AND (wanted_view <> 'waiting' OR l.version < p.version)
      AND (wanted_words = '' OR position(lower(wanted_words) IN lower(p.title)) > 0)
      AND (wanted_author = '00000000-0000-0000-0000-000000000000'::uuid OR p.author_id = wanted_author)
      AND (wanted_tag = '00000000-0000-0000-0000-000000000000'::uuid OR p.id IN (
        SELECT t.post_id FROM content.post_tags t WHERE t.customer_id = :tenant AND t.tag_id = wanted_tag))
    ORDER BY v.at DESC, v.thing_id DESC LIMIT how_many
"""
POSTS_PAGE = """
    SELECT p.id, p.created_at FROM content.posts p
    WHERE p.customer_id = :tenant AND p.state = 'draft' AND p.kind = wanted_kind AND p.id > edge_id
      AND (wanted_site = '00000000-0000-0000-0000-000000000000'::uuid OR p.site_id = wanted_site)
    ORDER BY p.id LIMIT how_many
"""
RECENT_PRODUCTS = """
    SELECT v.thing_id, v.at FROM catalog.product_versions v
    JOIN catalog.products p ON p.customer_id = :tenant AND p.id = v.thing_id AND p.version = v.version
    WHERE v.customer_id = :tenant AND (v.at, v.thing_id) < (edge_at, edge_id)
      AND (wanted_state = '' OR p.state = wanted_state)
      AND (wanted_words = '' OR position(lower(wanted_words) IN lower(p.title)) > 0)
    ORDER BY v.at DESC, v.thing_id DESC LIMIT how_many
"""
PRODUCTS_PAGE = """
    SELECT p.id, p.created_at FROM catalog.products p
    WHERE p.customer_id = :tenant AND p.id > edge_id
    ORDER BY p.id LIMIT how_many
"""
RECENT_CHANGE_SETS = """
    SELECT s.id, s.at FROM audit.change_sets s
    WHERE s.customer_id = :tenant AND (s.at, s.id) < (edge_at, edge_id)
    ORDER BY s.at DESC, s.id DESC LIMIT how_many
"""

EDGE = "edge_at timestamptz, edge_id uuid, how_many bigint"
OLDER = {"side": "<", "direction": "DESC"}
NEWER = {"side": ">", "direction": "ASC"}


def upgrade() -> None:
    """Each begins after an edge: the order and id of the last row of the page before."""
    site_kind = f"wanted_site uuid, wanted_kind text, wanted_lang text, {EDGE}"
    tag = f"wanted_tag uuid, wanted_lang text, {EDGE}"
    site = f"wanted_site uuid, wanted_lang text, {EDGE}"
    create_function("content.newest_publications", site_kind, LISTED, PUBLICATIONS.format(**OLDER))
    create_function("content.newer_publications", site_kind, LISTED, PUBLICATIONS.format(**NEWER))
    create_function("content.newest_tagged", tag, LISTED, TAGGED.format(**OLDER))
    create_function("content.newer_tagged", tag, LISTED, TAGGED.format(**NEWER))
    create_function("catalog.newest_products", site, LISTED, PRODUCTS.format(**OLDER))
    create_function("catalog.newer_products", site, LISTED, PRODUCTS.format(**NEWER))
    filters = "wanted_site uuid, wanted_kind text, wanted_view text, wanted_words text, wanted_author uuid, wanted_tag uuid"
    create_function("content.recent_posts", f"{filters}, {EDGE}", LISTED, RECENT_POSTS)
    create_function("content.posts_page", "wanted_kind text, wanted_site uuid, edge_id uuid, how_many bigint", LISTED, POSTS_PAGE)
    create_function("catalog.recent_products", f"wanted_state text, wanted_words text, {EDGE}", LISTED, RECENT_PRODUCTS)
    create_function("catalog.products_page", "edge_id uuid, how_many bigint", LISTED, PRODUCTS_PAGE)
    create_function("audit.recent_change_sets", EDGE, LISTED, RECENT_CHANGE_SETS)
