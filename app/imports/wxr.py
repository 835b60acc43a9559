"""Checking a WordPress export (WXR 1.0 to 1.2). The file is read twice as a stream: once for what posts point at, once for the posts."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from app.document.plain import plain_text
from app.imports.plan import Checked, Imported, ImportedPost, Progress, Refused, Warned
from app.imports.wxr_index import Index
from app.imports.wxr_posts import Converted, converted
from app.imports.wxr_stream import read_raw

_POSTS = ("post", "page")


def check_wxr(path: Path, progress: Progress) -> Checked:
    """Read a whole export and say what it would bring; nothing is written.

    Memory is bounded by the number of things and the longest text, not by the size of the file.
    Raises BrokenFile, with the line, for a file that is ill-formed, cut off, carries a document type or is no export.
    """
    index = Index()
    for raw in read_raw(path, lambda done, total: progress(done, total * 2)):
        index.add(raw)
    index.finish()
    counts: Counter[str] = Counter(author=len(index.bylines.found), tag=len(index.terms.by_slug), attachment=len(index.attachments))
    images: dict[str, None] = {}
    for outcome in _outcomes(path, index, lambda done, total: progress(done + total, total * 2)):
        if isinstance(outcome, Refused):
            index.refused.append(outcome)
        else:
            counts[outcome.post.kind] += 1
            images.update(dict.fromkeys(outcome.images))
            index.warned += [Warned(outcome.post.line, outcome.post.source_id, outcome.post.kind, x) for x in outcome.post.warnings]
    return _checked(path, index, counts, tuple(images))


def _checked(path: Path, index: Index, counts: Counter[str], images: tuple[str, ...]) -> Checked:
    return Checked(
        source=_source(index),
        title=plain_text(index.settings.get("title", "")),
        lang=index.settings.get("language", "").strip() or None,
        found=dict(index.found),
        counts={kind: number for kind, number in counts.items() if number},
        left_out={kind: number for kind, number in index.left_out.items() if number},
        refused=tuple(sorted(index.refused, key=lambda x: x.line)),
        warnings=tuple(sorted(index.warned, key=lambda x: x.line)),
        images=images,
        read=lambda: _imported(path, index),
    )


def _imported(path: Path, index: Index) -> Iterator[Imported]:
    yield from index.bylines.found.values()
    yield from index.terms.tags()
    yield from index.attachments.values()
    yield from _posts(path, index)


def _posts(path: Path, index: Index) -> Iterator[ImportedPost]:
    outcomes = _outcomes(path, index, lambda done, total: None)
    return (x.post for x in outcomes if isinstance(x, Converted))


def _outcomes(path: Path, index: Index, progress: Progress) -> Iterator[Converted | Refused]:
    for raw in read_raw(path, progress):
        if raw.kind == "item" and raw.get("wp:post_type") in _POSTS and index.accepts(raw):
            yield converted(raw, index)


def _source(index: Index) -> str:
    """The site whose numbers these are, so that exports of two sites are never taken for one. Its host and path, without the scheme."""
    address = index.settings.get("wp:base_blog_url") or index.settings.get("wp:base_site_url") or ""
    parts = urlsplit(address.strip()) if "[" not in address else urlsplit("")
    return f"wxr:{parts.netloc.lower()}{parts.path.rstrip('/')}"[:200]
