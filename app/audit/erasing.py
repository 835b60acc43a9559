"""Erasure of what history says of a thing or a person, as an act of the operator, after which the chain still proves the rest.

What goes: payload, title and label of versions; names, reasons, sessions and requests of acts. What stays: that something
happened, when, to which thing, by which id. The erasure is itself a thing with a version, an event and a number; its payload keeps
the digests of what it took away.
"""

from collections.abc import Collection
from uuid import UUID, uuid4

from app.audit.sealing import AT_ONCE, HISTORIES
from app.audit.verification import ERASURE
from app.db.record import chaining, seals
from app.db.record.digests import Entry, Key, Recorded, are_names_erased, entries_of, is_content_erased, pack_entry, parts
from app.db.record.tables import ThingVersion
from app.db.record.writer import Entry as Change
from app.db.record.writer import record
from app.db.work import Work
from app.errors import Conflict, Forbidden

SEALS_AT_ONCE = 20


async def erase(work: Work, *, contents: Collection[Key] = (), acts: Collection[UUID] = ()) -> int:
    """Erase the content of versions (thing, version) and the names of acts; gives the number of versions touched.

    Raises Forbidden for anybody but the operator, Conflict for what is not sealed yet. Erasing again changes nothing.
    """
    if work.actor.kind != "operator":
        raise Forbidden("Only the operator may erase history.")
    named = {key for act in acts for key in await seals.keys_of_act(work.session, work.customer_id, act)}
    wanted, erasure_id, digests = named | set(contents), uuid4(), dict[str, str]()
    left, number = set(wanted), 0
    while left and (some := await seals.seals_after(work.session, work.customer_id, number, SEALS_AT_ONCE)):
        for seal in some:
            entries = list(entries_of(seal))
            if hit := {entry.key for entry in entries} & left:
                rows = await rows_of(work, sorted(hit))
                made = [await erased(work, entry, rows.get(entry.key), named, set(contents), erasure_id, digests) for entry in entries]
                if made != entries:
                    await chaining.replace_salts(work, seal.number, b"".join(pack_entry(entry)[1] for entry in made))
                left -= hit
        number = some[-1].number
    if left:
        raise Conflict("Not all of this is sealed yet. Run: agoat audit seal")
    if digests:
        await note(work, erasure_id, digests)
    return len(wanted)


async def rows_of(work: Work, keys: list[Key]) -> dict[Key, Recorded]:
    """What is written down of some changes."""
    found: dict[Key, Recorded] = {}
    for start in range(0, len(keys), AT_ONCE):
        found |= await seals.recorded(work.session, work.customer_id, keys[start : start + AT_ONCE], HISTORIES)
    return found


async def erased(
    work: Work, entry: Entry, found: Recorded | None, named: set[Key], contents: set[Key], erasure_id: UUID, digests: dict[str, str]
) -> Entry:
    """Erase what is wanted of one change; gives its entry with the new salts, and adds the digests of what went."""
    if found is None or found.event is None or found.version is None or found.act is None:
        return entry
    proven = parts(found, entry.names_salt, entry.content_salt)
    names_salt, content_salt, name = entry.names_salt, entry.content_salt, f"{entry.thing_id} {entry.version}"
    if entry.key in named and not are_names_erased(found):
        await chaining.blank_names(work, found.version, found.act)
        digests[f"{name} names"], names_salt = proven.names.hex(), erasure_id.bytes
    if entry.key in contents and not is_content_erased(found):
        await chaining.blank_content(work, found.event, found.version)
        digests[f"{name} content"], content_salt = proven.content.hex(), erasure_id.bytes
    return Entry(entry.thing_id, entry.version, entry.digest, names_salt, content_salt)


async def note(work: Work, erasure_id: UUID, digests: dict[str, str]) -> None:
    """Write the erasure down like any change."""
    change = Change(
        thing_type=ERASURE,
        thing_id=erasure_id,
        label=f"{len(digests)} erased",
        from_version=0,
        to_version=1,
        kind="saved",
        fields=("digests",),
        payload={"digests": digests},
        history=ThingVersion,
    )
    await record(work, change)
