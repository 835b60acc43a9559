"""The things of a file in an order in which they can be made, and as many of them as one transaction should make. Pure."""

from collections.abc import Iterator

from app.imports.plan import Checked, Imported, ImportedPost, ImportedProduct

# What a lost race has to repeat stays small: so many versions, the import's own among them, and so much text.
VERSIONS_EACH = 200
CHARACTERS_EACH = 2_000_000


def in_order(checked: Checked) -> Iterator[Imported]:
    """Everything that a file brings, a page after the page above it.

    Where a page stands before its parent, it is passed over and the file is read again, so that no texts have to be kept. A page whose
    parent does not come at all goes last.
    """
    seen: set[str] = set()
    waiting: set[str] | None = None
    is_last_round = False
    while True:
        passed: set[str] = set()
        for thing in checked.read():
            if waiting is not None and not (isinstance(thing, ImportedPost) and thing.source_id in waiting):
                continue
            if isinstance(thing, ImportedPost):
                if not is_last_round and _must_wait(thing, seen):
                    passed.add(thing.source_id)
                    continue
                seen.add(thing.source_id)
            yield thing
        if not passed:
            return
        is_last_round = passed == waiting
        waiting = passed


def _must_wait(post: ImportedPost, seen: set[str]) -> bool:
    return post.kind == "page" and post.parent_source_id is not None and post.parent_source_id not in seen


def next_batch(waiting: list[Imported], things: Iterator[Imported]) -> list[Imported]:
    """The things for the next transaction: those that wait, filled up from the file. Empty when there are none left.

    `waiting` keeps what was read and not made; whoever makes things takes them out.
    """
    count, versions, characters = 0, 1, 0
    while True:
        if count == len(waiting):
            thing = next(things, None)
            if thing is None:
                return waiting[:count]
            waiting.append(thing)
        versions += _versions(waiting[count])
        characters += _characters(waiting[count])
        if count and (versions > VERSIONS_EACH or characters > CHARACTERS_EACH):
            return waiting[:count]
        count += 1


def _versions(thing: Imported) -> int:
    """How many versions making a thing writes: publishing, archiving and trashing come after saving, categories before."""
    if isinstance(thing, ImportedPost):
        return 1 if thing.status == "draft" else 2
    if isinstance(thing, ImportedProduct):
        return (1 if thing.status == "draft" else 2) + (1 if thing.product_type else thing.category.count(">") + 1)
    return 1


def _characters(thing: Imported) -> int:
    return len(thing.body_source) if isinstance(thing, ImportedPost | ImportedProduct) else 0
