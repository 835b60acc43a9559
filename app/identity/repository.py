"""Reads and writes of people, sessions and links (asked before the tenant is known), memberships, keys and held forms."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct
from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.actor import Role
from app.db.record.housekeeping import Sweep
from app.db.repository import Repository, Slips
from app.db.work import Reading
from app.identity.models import ApiKey, HeldForm, KeyHash, Membership, PersonEvent, Session, SignInAttempt, SingleUseLink, User
from app.settings import LIMITS
from app.tenancy.models import Customer

MEMBERSHIPS = Repository(Membership, "membership", label=lambda row: row.role)
API_KEYS = Repository(ApiKey, "api_key", parts=(KeyHash,))
HELD_FORMS = Slips(HeldForm)

# What the worker removes of this room, and when.
SWEEPS: dict[str, Sweep] = {
    "sessions": lambda now: delete(Session).where(
        or_(Session.expires_at < now - LIMITS.expired_session, Session.seen_at < now - LIMITS.session_idle - LIMITS.expired_session)
    ),
    "sign-in attempts": lambda now: delete(SignInAttempt).where(SignInAttempt.at < now - timedelta(days=1)),
    "single-use links": lambda now: delete(SingleUseLink).where(SingleUseLink.expires_at < now - LIMITS.single_use_link),
    "held forms": lambda now: delete(HeldForm).where(HeldForm.expires_at < now),
}


class Belonging(Struct, frozen=True):
    """What a person may do for one customer, as the console's switch shows it."""

    customer_id: UUID
    customer_slug: str
    customer_name: str
    customer_state: str
    role: Role
    site_id: UUID | None


async def user_by_email(session: AsyncSession, email: str) -> User | None:
    """The person with this address, which is compared in lower case."""
    return (await session.execute(select(User).where(User.email == email.strip().lower()))).scalar_one_or_none()


async def user_by_id(session: AsyncSession, user_id: UUID) -> User | None:
    """The person of this id."""
    return await session.get(User, user_id)


async def belongings(session: AsyncSession, user_id: UUID) -> list[Belonging]:
    """The customers that a person belongs to, by name."""
    statement = (
        select(Customer.id, Customer.slug, Customer.name, Customer.state, Membership.role, Membership.site_id)
        .join(Membership, Membership.customer_id == Customer.id)
        .where(Membership.user_id == user_id)
        .order_by(Customer.name, Customer.id)
    )
    return [Belonging(*row) for row in await session.execute(statement)]


async def session_with_user(session: AsyncSession, token_hash: bytes) -> tuple[Session, User] | None:
    """A session and its person, whatever the state of either."""
    statement = select(Session, User).join(User, User.id == Session.user_id).where(Session.token_hash == token_hash)
    row = (await session.execute(statement)).one_or_none()
    return (row[0], row[1]) if row else None


async def living_sessions(session: AsyncSession, user_id: UUID, now: datetime) -> list[Session]:
    """The sessions of a person that have neither ended nor been ended, the latest used first."""
    statement = (
        select(Session)
        .where(Session.user_id == user_id, Session.revoked_at.is_(None), Session.expires_at > now)
        .order_by(Session.seen_at.desc(), Session.id)
    )
    return list((await session.execute(statement)).scalars())


async def attempts_since(session: AsyncSession, subject: bytes, since: datetime) -> tuple[int, datetime | None]:
    """How often a sign-in of this account or address failed since then, and when first."""
    statement = select(func.count(), func.min(SignInAttempt.at)).where(SignInAttempt.subject == subject, SignInAttempt.at > since)
    count, first = (await session.execute(statement)).one()
    return int(count), first


async def link_with_user(session: AsyncSession, token_hash: bytes) -> tuple[SingleUseLink, User] | None:
    """A single-use link and its person."""
    statement = select(SingleUseLink, User).join(User, User.id == SingleUseLink.user_id).where(SingleUseLink.token_hash == token_hash)
    row = (await session.execute(statement)).one_or_none()
    return (row[0], row[1]) if row else None


async def open_links(session: AsyncSession, user_id: UUID) -> list[SingleUseLink]:
    """The links of a person that have not been used."""
    statement = select(SingleUseLink).where(SingleUseLink.user_id == user_id, SingleUseLink.used_at.is_(None))
    return list((await session.execute(statement)).scalars())


async def has_customers(session: AsyncSession) -> bool:
    """Whether the installation has any customer yet."""
    return (await session.execute(select(Customer.id).limit(1))).first() is not None


def note_person(session: AsyncSession, user_id: UUID, verb: str, at: datetime, **details: Any) -> None:
    """Write down what happened to a person's access."""
    session.add(PersonEvent(user_id=user_id, at=at, id=uuid4(), verb=verb, details=details))


async def key_of_hash(session: AsyncSession, key_hash: bytes) -> tuple[UUID, UUID] | None:
    """Customer and key of the hash of a secret."""
    row = (await session.execute(select(KeyHash.customer_id, KeyHash.key_id).where(KeyHash.hash == key_hash))).one_or_none()
    return (row[0], row[1]) if row else None


async def keys_of_customer(reading: Reading) -> list[ApiKey]:
    """All API keys, newest first, revoked ones too."""
    statement = select(ApiKey).where(ApiKey.customer_id == reading.customer_id).order_by(ApiKey.created_at.desc(), ApiKey.id)
    return list((await reading.session.execute(statement)).scalars())


async def hash_of_key(reading: Reading, key_id: UUID) -> KeyHash | None:
    """The stored hash of a key, None once it is revoked."""
    statement = select(KeyHash).where(KeyHash.customer_id == reading.customer_id, KeyHash.key_id == key_id)
    return (await reading.session.execute(statement)).scalar_one_or_none()


async def members(reading: Reading) -> list[Membership]:
    """All memberships of the customer in the order of joining. Names are asked through `directory`."""
    statement = select(Membership).where(Membership.customer_id == reading.customer_id).order_by(Membership.created_at, Membership.id)
    return list((await reading.session.execute(statement)).scalars())


async def membership_of(reading: Reading, user_id: UUID) -> Membership | None:
    """What one person may do for this customer."""
    statement = select(Membership).where(Membership.customer_id == reading.customer_id, Membership.user_id == user_id)
    return (await reading.session.execute(statement)).scalar_one_or_none()


async def people(session: AsyncSession, user_ids: list[UUID]) -> dict[UUID, User]:
    """People by id, asked through `directory`."""
    if not user_ids:
        return {}
    return {user.id: user for user in (await session.execute(select(User).where(User.id.in_(user_ids)))).scalars()}


async def held_form(reading: Reading, form_id: UUID, user_id: UUID, now: datetime) -> HeldForm | None:
    """A held form of this person that has not run out."""
    row = await reading.session.get(HeldForm, (reading.customer_id, form_id))
    return row if row is not None and row.user_id == user_id and row.expires_at > now else None


async def held_forms_of(reading: Reading, user_id: UUID) -> list[HeldForm]:
    """All held forms of a person, oldest first."""
    statement = (
        select(HeldForm).where(HeldForm.customer_id == reading.customer_id, HeldForm.user_id == user_id).order_by(HeldForm.created_at)
    )
    return list((await reading.session.execute(statement)).scalars())
