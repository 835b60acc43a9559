"""Every cache key, tag, lock, lease and channel of the product, on one page. Pure.

Keys of a customer are `tenant:{<id>}:<entity>:<id>`; the braces keep a customer's keys in one slot of a Redis cluster.
A tag names what a cached page shows; it is counted per customer, and bumping it makes every page that carries it out of date.
Words that come from outside are percent-encoded, so that no word can reach into another key.
"""

from hashlib import sha256
from urllib.parse import quote
from uuid import UUID

# Leases are rows of ops.leases: the one owner of a piece of work, until when, and the fence that rises with every owner.
SEQUENCER_LEASE = "sequencer"
COMPACTOR_LEASE = "compactor"
SEALER_LEASE = "sealer"
HOUSEKEEPING_LEASE = "housekeeping"
MIGRATION_LEASE = "migrations"

# Channels wake or warn other processes; whoever misses a message finds out by polling.
CHANGES_CHANNEL = "agoat:changes"
JOBS_CHANNEL = "agoat:jobs"
INVALIDATIONS_CHANNEL = "agoat:invalidations"


def acknowledgements_channel(process_id: UUID) -> str:
    """Where the other processes tell this one that they have dropped what it invalidated."""
    return f"agoat:acknowledgements:{process_id}"


def tenant_key(customer_id: UUID, entity: str, *names: UUID | str) -> str:
    """The key of a cached value of one customer."""
    return f"{_home(customer_id)}:{entity}:{_joined(names)}"


def tenant_pattern(customer_id: UUID, entity: str | None = None) -> str:
    """What SCAN must match to find all keys of a customer, or those of one entity."""
    return f"{_home(customer_id)}:{entity}:*" if entity else f"{_home(customer_id)}:*"


def page_key(customer_id: UUID, site_id: UUID, path: str, query: str = "") -> str:
    """A finished page. `path` is decoded, `query` holds only the parameters that the page knows, sorted."""
    return tenant_key(customer_id, "page", site_id, _digest(path, query))


def fragment_key(customer_id: UUID, site_id: UUID, name: str) -> str:
    """A part that many pages of a site share."""
    return tenant_key(customer_id, "frag", site_id, name)


def list_key(customer_id: UUID, site_id: UUID, name: str, query: str = "") -> str:
    """One page of a list or feed."""
    return tenant_key(customer_id, "list", site_id, name, _digest(query))


def person_key(customer_id: UUID, user_id: UUID) -> str:
    """What is known of a person in this customer's house."""
    return tenant_key(customer_id, "user", user_id)


def permissions_key(customer_id: UUID, user_id: UUID) -> str:
    """Role and site of a person."""
    return tenant_key(customer_id, "perm", user_id)


def token_key(customer_id: UUID, digest: str) -> str:
    """An API key, by the digest of its text; the text itself is never part of a key."""
    return tenant_key(customer_id, "tok", digest)


def site_key(customer_id: UUID, site_id: UUID) -> str:
    """Name, theme, menus and languages of a site."""
    return tenant_key(customer_id, "site", site_id)


def rate_key(customer_id: UUID, act: str, who: UUID | str) -> str:
    """How often somebody has done something lately."""
    return tenant_key(customer_id, "rl", act, who)


def fill_lock(key: str) -> str:
    """Who renders the value of `key` just now. It stays in the slot of `key`."""
    return f"{key}:fill"


def host_key(host: str) -> str:
    """Whose site a host is; asked before any customer is known."""
    return f"house:host:{_word(host)}"


def session_key(digest: str) -> str:
    """A session, by the digest of its token; asked before any customer is known."""
    return f"house:session:{_word(digest)}"


def house_rate_key(act: str, who: str) -> str:
    """How often somebody unknown has tried something lately, by network or by mail address."""
    return f"house:rl:{_word(act)}:{_word(who)}"


def post_tag(post_id: UUID) -> str:
    """Pages that show a post."""
    return f"post:{post_id}"


def posts_tag(site_id: UUID, lang: str) -> str:
    """Lists of posts of a site in one language."""
    return f"list:posts:{site_id}:{_word(lang)}"


def product_tag(product_id: UUID) -> str:
    """Pages that show a product."""
    return f"product:{product_id}"


def products_tag(site_id: UUID, lang: str) -> str:
    """Lists of products of a site in one language."""
    return f"list:products:{site_id}:{_word(lang)}"


def category_tag(category_id: UUID) -> str:
    """Pages that show a category of products."""
    return f"category:{category_id}"


def feed_tag(site_id: UUID, name: str) -> str:
    """A feed of a site, such as `google.xml`."""
    return f"feed:{site_id}:{_word(name)}"


def site_tag(site_id: UUID) -> str:
    """Everything of a site: its name, theme, languages and hosts."""
    return f"site:{site_id}"


def menu_tag(site_id: UUID) -> str:
    """The menus of a site."""
    return f"menu:{site_id}"


def redirects_tag(site_id: UUID) -> str:
    """The redirects of a site."""
    return f"redirects:{site_id}"


def tag_tag(tag_id: UUID) -> str:
    """Pages that show a tag."""
    return f"tag:{tag_id}"


def author_tag(author_id: UUID) -> str:
    """Pages that show a byline."""
    return f"author:{author_id}"


def media_tag(media_id: UUID) -> str:
    """Pages that show a picture."""
    return f"media:{media_id}"


def person_tag(user_id: UUID) -> str:
    """What is known of a person: name, role, sessions."""
    return f"user:{user_id}"


def token_tag(key_id: UUID) -> str:
    """An API key and its scopes."""
    return f"key:{key_id}"


def _home(customer_id: UUID) -> str:
    return f"tenant:{{{customer_id}}}"


def _joined(names: tuple[UUID | str, ...]) -> str:
    return ":".join(_word(str(name)) for name in names)


def _word(text: str) -> str:
    return quote(text, safe="")


def _digest(*texts: str) -> str:
    return sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
