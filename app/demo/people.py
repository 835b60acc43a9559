"""The people and keys of the demonstration, with the secrets that make it easy to try: kept in one private file of the data folder."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from msgspec import DecodeError, Struct, ValidationError, json

from app.actor import Role, system
from app.db.database import Shared, Tenancy, TenantDatabase
from app.db.embedded.folder import write_private
from app.db.work import Work
from app.errors import Conflict
from app.identity.access import SCOPES
from app.identity.actions import CreateKey, create_key, set_role
from app.identity.credentials import token_hash
from app.identity.models import User
from app.identity.people import People
from app.identity.repository import key_of_hash, membership_of, user_by_email

ACTOR = system("demonstration", door="demo")
KEPT = "demo.json"
KEY = "Demonstration"


class Member(Struct, frozen=True):
    """Somebody of the demonstration."""

    email: str
    name: str
    customer: str
    role: Role


CAST = (
    Member("alice@acme.example", "Alice Archer", "acme", "owner"),
    Member("bob@acme.example", "Bob Byrne", "acme", "author"),
    Member("rita@acme.example", "Rita Rossi", "acme", "reader"),
    Member("mallory@globex.example", "Mallory Moss", "globex", "owner"),
)


class Kept(Struct, frozen=True):
    """What the file keeps: passwords by address, secrets of API keys by customer."""

    passwords: dict[str, str] = {}
    keys: dict[str, str] = {}


class Access(Struct, frozen=True):
    """How to get in. The password of somebody who has chosen another one himself is None."""

    passwords: dict[str, str | None]
    keys: dict[str, str]


@dataclass(frozen=True)
class Doorkeeper:
    """Sees to it that everybody of the cast can sign in and that each customer has a key."""

    data_dir: Path
    backoffice: Tenancy
    directory: Shared
    people: People

    async def let_in(self, customers: dict[str, UUID]) -> Access:
        """Make people, memberships and keys that are missing; gives how to get in."""
        before = read_kept(self.data_dir)
        # The file is written first: a password that was set and then forgotten would be of no use to anybody.
        kept = Kept({m.email: before.passwords.get(m.email) or new_password() for m in CAST}, before.keys)
        write_kept(self.data_dir, kept)
        passwords = {
            m.email: await self.password(
                m, kept.passwords[m.email], m.email not in before.passwords, self.backoffice.of(customers[m.customer])
            )
            for m in CAST
        }
        keys = {slug: await self.key(self.backoffice.of(customer_id), kept.keys.get(slug)) for slug, customer_id in customers.items()}
        write_kept(self.data_dir, Kept(kept.passwords, keys))
        return Access(passwords, keys)

    async def password(self, member: Member, password: str, is_new: bool, database: TenantDatabase) -> str | None:
        """The password of a person, who is made when missing; None when the person has another one by now.

        A password that was lost with the file is replaced by the new one.
        """
        user = await self.directory.read(lambda session: user_by_email(session, member.email))
        if user is None:
            user = await self.people.create_person(member.email, member.name)
        if user.password_hash is None or is_new:
            await self.people.store_password(user.id, await self.people.passwords.hash(password), "password of the demonstration set")
            await self.join(member, user, database)
            return password
        return password if await self.people.passwords.verify(user.password_hash, password) else None

    async def join(self, member: Member, user: User, database: TenantDatabase) -> None:
        """Make a person a member."""

        async def unit(work: Work) -> None:
            if await membership_of(work, user.id) is None:
                await set_role(work, ACTOR, user.id, member.role)

        await database.run(ACTOR, f"load demonstration: {member.name} joins", unit)

    async def key(self, database: TenantDatabase, kept: str | None) -> str:
        """The secret of a key that works: the kept one, or a new one in its place."""
        if kept is not None and await self.directory.read(lambda session: key_of_hash(session, token_hash(kept))) is not None:
            return kept
        request = CreateKey(name=KEY, scopes=tuple(scope for scope in SCOPES if scope != "wholesale:read"))
        made = await database.run(ACTOR, "load demonstration: key", lambda work: create_key(work, ACTOR, request))
        return made.secret


def new_password() -> str:
    """A password that nobody can guess and that is short enough to be typed."""
    return secrets.token_hex(6)


def read_kept(data_dir: Path) -> Kept:
    """The file, or nothing. Raises Conflict when it is damaged."""
    file = data_dir / KEPT
    try:
        return json.decode(file.read_bytes(), type=Kept)
    except FileNotFoundError:
        return Kept()
    except (DecodeError, ValidationError):
        raise Conflict(f"{file} is damaged. Remove it to have new passwords and keys, or begin anew: agoat demo --reset") from None


def write_kept(data_dir: Path, kept: Kept) -> None:
    """Write the file, for its owner only."""
    write_private(data_dir / KEPT, json.encode(kept))
