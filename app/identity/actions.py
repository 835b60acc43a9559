"""What is done for a customer with its people and keys: memberships, API keys, forms held for somebody."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct

from app.actor import Actor, Role
from app.db.work import Reading, Work
from app.document.input import one_line, wrong_line
from app.errors import Conflict, Invalid, NotFound
from app.identity import repository
from app.identity.access import ROLES, SCOPES, Act, require
from app.identity.credentials import new_key, token_hash
from app.identity.models import ApiKey, HeldForm, KeyHash, Membership
from app.identity.repository import API_KEYS, HELD_FORMS, MEMBERSHIPS
from app.settings import LIMITS


class CreateKey(Struct, frozen=True, kw_only=True):
    """A new API key. Without `expires_at` it works until it is revoked."""

    name: str
    scopes: tuple[str, ...]
    expires_at: datetime | None = None


class NewKey(Struct, frozen=True):
    """A key with its secret, which is shown once and stored nowhere."""

    id: UUID
    name: str
    secret: str


async def set_role(work: Work, actor: Actor, user_id: UUID, role: Role, site_id: UUID | None = None) -> Membership:
    """Make a person a member, or give a member another role. Raises Forbidden, Invalid, Conflict (the last owner)."""
    require(actor, Act.MANAGE_TEAM)
    if role not in ROLES:
        raise Invalid({"role": f"Choose one of {', '.join(ROLES)}."})
    row = await repository.membership_of(work, user_id)
    if row is None:
        fresh = Membership(id=uuid4(), user_id=user_id, role=role, site_id=site_id, created_at=work.now)
        return await MEMBERSHIPS.add(work, fresh)
    if role != "owner" or site_id is not None:
        await refuse_last_owner(work, row)
    return await MEMBERSHIPS.change(work, row, {"role": role, "site_id": site_id}, expect=None)


async def remove_member(work: Work, actor: Actor, user_id: UUID) -> None:
    """End a membership. Raises Forbidden, NotFound, Conflict (the last owner)."""
    require(actor, Act.MANAGE_TEAM)
    row = await repository.membership_of(work, user_id)
    if row is None:
        raise NotFound("This person is no member.")
    await refuse_last_owner(work, row)
    await MEMBERSHIPS.delete(work, row, expect=None)


async def refuse_last_owner(reading: Reading, row: Membership) -> None:
    """Raise Conflict when the customer would be left without an owner of all sites."""
    owners = [member for member in await repository.members(reading) if member.role == "owner" and member.site_id is None]
    if [owner.id for owner in owners] == [row.id]:
        raise Conflict("This is the last owner. Make somebody else owner first.")


async def create_key(work: Work, actor: Actor, request: CreateKey) -> NewKey:
    """Make an API key. Raises Forbidden, Invalid."""
    require(actor, Act.MANAGE_KEYS)
    unknown = [scope for scope in request.scopes if scope not in SCOPES]
    name = one_line(request.name)
    said = wrong_line(name, "Write what the key is for, for example the name of the shop system.")
    wrong = {"name": said} if said else {}
    if unknown or not request.scopes:
        wrong["scopes"] = f"Choose from {', '.join(SCOPES)}."
    if request.expires_at is not None and request.expires_at <= work.now:
        wrong["expires_at"] = "Choose a time that is still to come, or none."
    if wrong:
        raise Invalid(wrong)
    secret = new_key()
    row = ApiKey(
        id=uuid4(),
        name=name,
        prefix=secret[:12],
        last_four=secret[-4:],
        scopes=sorted(set(request.scopes)),
        created_by=actor.id,
        created_at=work.now,
        expires_at=request.expires_at,
    )
    await API_KEYS.add(work, row)
    API_KEYS.add_part(work, KeyHash(hash=token_hash(secret), key_id=row.id))
    return NewKey(row.id, row.name, secret)


async def revoke_key(work: Work, actor: Actor, key_id: UUID) -> ApiKey:
    """Revoke a key at once; the row stays, so that its acts keep a name. Raises Forbidden, NotFound."""
    require(actor, Act.MANAGE_KEYS)
    row = await API_KEYS.get(work, key_id)
    if row.revoked_at is not None:
        return row
    stored = await repository.hash_of_key(work, key_id)
    if stored is not None:
        await API_KEYS.remove_part(work, stored)
    return await API_KEYS.change(work, row, {"revoked_at": work.now}, expect=None)


async def key_actor(reading: Reading, key_id: UUID, now: datetime, request_id: str | None) -> Actor | None:
    """The key as an actor, None when it was revoked or has run out."""
    row = await API_KEYS.find(reading, key_id)
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return Actor(
        kind="key",
        door="api",
        name=row.name,
        id=row.id,
        customer_id=reading.customer_id,
        scopes=frozenset(row.scopes),
        request_id=request_id,
    )


async def hold_form(work: Work, actor: Actor, user_id: UUID, address: str, fields: dict[str, Any]) -> UUID:
    """Keep the fields of a form for one person for a day; beyond ten the oldest go. Gives the id of the held form."""
    held = await repository.held_forms_of(work, user_id)
    for row in held[: max(0, len(held) + 1 - LIMITS.held_forms_per_person)]:
        await HELD_FORMS.remove(work, row)
    form = HeldForm(
        id=uuid4(), user_id=user_id, address=address, fields=fields, created_at=work.now, expires_at=work.now + LIMITS.held_form
    )
    return HELD_FORMS.add(work, form).id
