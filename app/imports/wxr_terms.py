"""Bylines and tags of a WordPress export. Categories and tags are both tags here, and one address is one tag. Pure."""

from html import unescape

from msgspec import Struct

from app.content.checks import LABEL_CHARACTERS
from app.document.plain import plain_text
from app.imports.addresses import Taken, slug_of
from app.imports.plan import ImportedAuthor, ImportedTag, Warned
from app.imports.wxr_stream import Raw, RawTerm

_DEEPEST = 20
_TAXONOMIES = {"category": "category", "post_tag": "post_tag", "tag": "post_tag"}
_TAG_FIELDS = {
    "wp:category": ("category", "wp:category_nicename", "wp:category_parent", "wp:cat_name", "wp:category_description"),
    "wp:tag": ("post_tag", "wp:tag_slug", "", "wp:tag_name", "wp:tag_description"),
    "wp:term": ("", "wp:term_slug", "wp:term_parent", "wp:term_name", "wp:term_description"),
}
# Terms that WordPress uses for its own machinery, so nobody misses them.
_MACHINERY = frozenset(("nav_menu", "post_format", "link_category"))


class _Term(Struct):
    line: int
    slug: str
    parent: str
    label: str
    summary: str


class Bylines:
    """The authors of a file, by login. Old exports have no list of authors and name them on their posts alone."""

    def __init__(self) -> None:
        self.found: dict[str, ImportedAuthor] = {}
        self.slugs = Taken()
        self.warned: list[Warned] = []

    def add(self, raw: Raw) -> None:
        """Take over an author of the channel."""
        login = raw.get("wp:author_login")[:LABEL_CHARACTERS]
        names = (raw.get("wp:author_first_name"), raw.get("wp:author_last_name"))
        name = raw.get("wp:author_display_name") or " ".join(x for x in names if x) or login
        if login and login not in self.found:
            self._keep(raw.line, login, unescape(name), plain_text(raw.get("wp:author_description")))

    def login_of(self, item: Raw) -> str | None:
        """The login that a post names, made known if nothing else in the file does; None where the post names nobody."""
        # No login can hold these signs; a stray one comes from editing the file by hand.
        login = item.get("dc:creator").strip("<> \t\n")[:LABEL_CHARACTERS]
        if login and login not in self.found:
            self._keep(item.line, login, login, "")
            message = "The file does not list this author, so the sign-in name is the byline."
            self.warned.append(Warned(item.line, login, "author", message))
        return login or None

    def _keep(self, line: int, login: str, name: str, bio: str) -> None:
        slug = slug_of(login) or slug_of(name) or "author"
        self.found[login] = ImportedAuthor(line, login, self.slugs.claim(slug), name[:LABEL_CHARACTERS], bio)


class Terms:
    """The categories and tags of a file: those that the channel lists and those that only items carry."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], _Term] = {}
        self.by_slug: dict[str, _Term] = {}
        self.warned: list[Warned] = []
        self.strange: set[str] = set()

    def add(self, raw: Raw) -> None:
        """Take over a term of the channel."""
        taxonomy, slug, parent, label, summary = _TAG_FIELDS[raw.kind]
        taxonomy = taxonomy or raw.get("wp:term_taxonomy")
        self._keep(raw.line, taxonomy, raw.get(slug), raw.get(parent), raw.get(label), raw.get(summary))

    def of_item(self, item: Raw) -> tuple[str, ...]:
        """The slugs of an item's categories and tags, made known if the channel did not list them."""
        # The oldest exports write each category twice, once as plain RSS without a domain.
        terms = [x for x in item.terms if x.taxonomy] or [RawTerm("category", x.slug, x.label) for x in item.terms]
        found = (self._keep(item.line, x.taxonomy, x.slug, "", x.label, "") for x in terms)
        return tuple(dict.fromkeys(x.slug for x in found if x))

    def tags(self) -> list[ImportedTag]:
        """Every tag with the labels of its parents."""
        return [ImportedTag(x.line, x.slug, x.slug, x.label, self._path(x), x.summary) for x in self.by_slug.values()]

    def _keep(self, line: int, taxonomy: str, nicename: str, parent: str, label: str, summary: str) -> _Term | None:
        if taxonomy not in _TAXONOMIES:
            self._note_strange(line, taxonomy)
            return None
        key = (_TAXONOMIES[taxonomy], nicename or label)
        if key in self.known:
            return self.known[key]
        label = (unescape(label) or nicename)[:LABEL_CHARACTERS]
        slug = slug_of(nicename) or slug_of(label)
        if not slug:
            self.warned.append(Warned(line, nicename, "tag", f"“{label}” holds no letter or digit for an address and is left out."))
            return None
        term = self.by_slug.setdefault(slug, _Term(line, slug, parent, label, plain_text(summary)))
        if term.label.casefold() != label.casefold():
            message = f"“{label}” has the same address as “{term.label}”; both become the tag “{term.label}”."
            self.warned.append(Warned(line, slug, "tag", message))
        self.known[key] = term
        return term

    def _note_strange(self, line: int, taxonomy: str) -> None:
        if taxonomy and taxonomy not in _MACHINERY and not taxonomy.startswith("wp_") and taxonomy not in self.strange:
            self.strange.add(taxonomy)
            self.warned.append(
                Warned(line, taxonomy, "tag", f"Terms of the kind “{taxonomy}” are neither categories nor tags and are left out.")
            )

    def _path(self, term: _Term) -> tuple[str, ...]:
        path = [term]
        while parent := self.known.get(("category", path[0].parent)):
            if parent in path or len(path) == _DEEPEST:
                break
            path.insert(0, parent)
        return tuple(x.label for x in path)
