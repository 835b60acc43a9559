"""What people do with their own access: sign in and out, passwords, single-use links, sessions.

These acts belong to no customer; they run through the role `directory` and are noted in `identity.person_events`.
"""

import hmac
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from uuid import UUID, uuid4

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Clock, Shared, now_here
from app.document.input import one_line, wrong_line
from app.errors import Invalid, LimitReached, NotFound, Taken, Unauthenticated
from app.identity import repository
from app.identity.credentials import Passwords, check_password, new_token, token_hash
from app.identity.models import Session, SignInAttempt, SingleUseLink, User
from app.settings import LIMITS

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS = 10, 50
# A session's last use is written at most this often, so that reading pages does not write rows.
SEEN_EVERY = timedelta(minutes=5)
LONGEST_NAME = 120
REFUSED = "This address and password do not fit together."

Purpose = Literal["first_password", "reset"]


class Visitor(Struct, frozen=True):
    """Where a request to sign in comes from: client address and the browser's own name."""

    address: str
    agent: str


class SignedIn(Struct, frozen=True):
    """A living session and its person."""

    user_id: UUID
    name: str
    email: str
    session_id: UUID


class Expired(Struct, frozen=True):
    """A session that has run out by itself (and was not ended by anybody), which still tells whose it was."""

    user_id: UUID


class People:
    """The acts of people on their own access. `secret` keys the hashes by which failed attempts are counted, `clock` says the time."""

    def __init__(self, directory: Shared, passwords: Passwords, secret: bytes, *, clock: Clock = now_here) -> None:
        self.directory = directory
        self.passwords = passwords
        self._secret = secret
        self.clock = clock

    def subject(self, kind: str, value: str) -> bytes:
        """The keyed hash under which attempts are counted, so that the table tells nobody who tried."""
        return hmac.digest(self._secret, f"{kind}:{value.strip().lower()}".encode(), "sha256")

    async def sign_in(self, email: str, password: str, visitor: Visitor) -> tuple[str, SignedIn]:
        """A new session's token, and who signed in.

        Raises Unauthenticated with one text for every reason, LimitReached after too many failures. Unknown people cost
        the same statements and the same hash as known ones.
        """
        now = self.clock()
        subjects = [
            (self.subject("account", email), FAILURES_PER_ACCOUNT),
            (self.subject("address", visitor.address), FAILURES_PER_ADDRESS),
        ]
        await self.check_limits(subjects, now)
        user = await self.directory.read(lambda session: repository.user_by_email(session, email))
        fits = await self.passwords.verify(user.password_hash if user else None, password)
        if user is None or not fits or user.state != "active":
            await self.note_failure([subject for subject, _ in subjects], now)
            raise Unauthenticated(REFUSED)
        return await self.open_session(user, visitor, now)

    async def check_limits(self, subjects: list[tuple[bytes, int]], now: datetime) -> None:
        """Raise LimitReached when an account or a client address has failed too often lately."""
        for subject, most in subjects:
            count, first = await self.directory.read(partial(repository.attempts_since, subject=subject, since=now - WINDOW))
            if count >= most and first is not None:
                wait = max(1, int((first + WINDOW - now).total_seconds()))
                raise LimitReached(f"Too many attempts. Wait {max(1, wait // 60)} minutes, then try again.", retry_after=wait)

    async def note_failure(self, subjects: list[bytes], now: datetime) -> None:
        """Count a failed sign-in."""

        async def unit(session: AsyncSession) -> None:
            session.add_all(SignInAttempt(subject=subject, at=now, id=uuid4()) for subject in subjects)

        await self.directory.run(unit)

    async def open_session(self, user: User, visitor: Visitor, now: datetime) -> tuple[str, SignedIn]:
        """Make a session with a token that nobody has seen before."""
        token, session_id = new_token(), uuid4()

        async def unit(session: AsyncSession) -> None:
            row = Session(
                token_hash=token_hash(token),
                id=session_id,
                user_id=user.id,
                created_at=now,
                seen_at=now,
                expires_at=now + LIMITS.session_absolute,
                address=visitor.address,
                agent=visitor.agent[:300],
            )
            session.add(row)
            repository.note_person(session, user.id, "signed in", now, session_id=str(session_id))

        await self.directory.run(unit)
        return token, SignedIn(user.id, user.name, user.email, session_id)

    async def find_session(self, token: str) -> SignedIn | Expired | None:
        """Who a token belongs to: a living session, one that ran out, or None when it is unknown or was ended."""
        now = self.clock()
        found = await self.directory.read(lambda session: repository.session_with_user(session, token_hash(token)))
        if found is None or found[0].revoked_at is not None or found[1].state != "active":
            return None
        row, user = found
        if row.expires_at <= now or row.seen_at + LIMITS.session_idle <= now:
            return Expired(user.id)
        if row.seen_at + SEEN_EVERY <= now:
            await self.touch(row.token_hash, now)
        return SignedIn(user.id, user.name, user.email, row.id)

    async def touch(self, key: bytes, now: datetime) -> None:
        """Remember that a session is in use."""

        async def unit(session: AsyncSession) -> None:
            row = await session.get(Session, key)
            if row is not None:
                row.seen_at = now

        await self.directory.run(unit, repeatable=True)

    async def end_sessions(self, user_id: UUID, *, keep: UUID | None = None, only: UUID | None = None) -> int:
        """End sessions of a person: all, all but `keep`, or `only` one. Gives how many were ended."""
        now = self.clock()

        async def unit(session: AsyncSession) -> int:
            rows = await repository.living_sessions(session, user_id, now)
            ended = [row for row in rows if row.id != keep and only in (None, row.id)]
            for row in ended:
                row.revoked_at = now
                repository.note_person(session, user_id, "session ended", now, session_id=str(row.id))
            return len(ended)

        return await self.directory.run(unit)

    async def sessions(self, user_id: UUID) -> list[Session]:
        """The living sessions of a person."""
        return await self.directory.read(lambda session: repository.living_sessions(session, user_id, self.clock()))

    async def change_password(self, user_id: UUID, present: str, new: str) -> None:
        """Change a password after asking for the present one. Raises Invalid naming `present_password` or `password`."""
        user = await self.directory.read(lambda session: repository.user_by_id(session, user_id))
        if user is None or not await self.passwords.verify(user.password_hash, present):
            raise Invalid({"present_password": "This is not your present password."})
        check_password(new, email=user.email)
        await self.store_password(user_id, await self.passwords.hash(new), "password changed")

    async def store_password(self, user_id: UUID, hashed: str, verb: str) -> None:
        """Write a new hash."""
        now = self.clock()

        async def unit(session: AsyncSession) -> None:
            user = await session.get(User, user_id)
            if user is None:
                raise NotFound()
            user.password_hash, user.version = hashed, user.version + 1
            repository.note_person(session, user_id, verb, now)

        await self.directory.run(unit)

    async def rename(self, user_id: UUID, name: str) -> None:
        """Change how a person is called. Raises Invalid naming `name`."""
        wanted, now = " ".join(name.split()), self.clock()
        if not wanted or len(wanted) > LONGEST_NAME:
            raise Invalid({"name": f"Write your name, in {LONGEST_NAME} characters or fewer." if wanted else "Write your name."})

        async def unit(session: AsyncSession) -> None:
            user = await session.get(User, user_id)
            if user is None:
                raise NotFound()
            if user.name != wanted:
                user.name, user.version = wanted, user.version + 1
                repository.note_person(session, user_id, "name changed", now)

        await self.directory.run(unit)

    async def create_person(self, email: str, name: str) -> User:
        """A person who cannot sign in before a link has set a password. Raises Invalid, Taken."""
        address, called = checked_email(email), one_line(name)
        if wrong := wrong_line(called, "Write the person's name."):
            raise Invalid({"name": wrong})
        now, user_id = self.clock(), uuid4()

        async def unit(session: AsyncSession) -> User:
            if await repository.user_by_email(session, address):
                raise Taken("email", f"{address} already has an account.")
            user = User(id=user_id, version=1, email=address, name=called, state="active", created_at=now)
            session.add(user)
            repository.note_person(session, user_id, "person created", now)
            return user

        return await self.directory.run(unit)

    async def create_link(self, user_id: UUID, purpose: Purpose) -> str:
        """The token of a link by which a person sets a password once within 24 hours; older links of theirs end."""
        now, token = self.clock(), new_token()
        expires_at = now + LIMITS.single_use_link

        async def unit(session: AsyncSession) -> None:
            for old in await repository.open_links(session, user_id):
                old.used_at = now
            session.add(
                SingleUseLink(token_hash=token_hash(token), user_id=user_id, purpose=purpose, created_at=now, expires_at=expires_at)
            )
            repository.note_person(session, user_id, f"link made: {purpose}", now)

        await self.directory.run(unit)
        return token

    async def link_owner(self, token: str) -> User:
        """The person a usable link belongs to. Raises NotFound for a used, expired or unknown one."""
        found = await self.directory.read(lambda session: repository.link_with_user(session, token_hash(token)))
        if found is None or found[0].used_at is not None or found[0].expires_at <= self.clock():
            raise NotFound("This link has been used or has run out. Ask for a new one.")
        return found[1]

    async def use_link(self, token: str, password: str) -> User:
        """Set a password by a link, which is spent by it; all sessions of the person end. Raises NotFound, Invalid."""
        user = await self.link_owner(token)
        check_password(password, email=user.email)
        hashed, now = await self.passwords.hash(password), self.clock()

        async def unit(session: AsyncSession) -> User:
            found = await repository.link_with_user(session, token_hash(token))
            if found is None or found[0].used_at is not None:
                raise NotFound("This link has been used or has run out. Ask for a new one.")
            link, person = found
            link.used_at, person.password_hash, person.version = now, hashed, person.version + 1
            repository.note_person(session, person.id, "password set by link", now)
            return person

        person = await self.directory.run(unit)
        await self.end_sessions(person.id)
        return person


def checked_email(value: str) -> str:
    """An e-mail address in lower case. Raises Invalid unless it has one @ between something and a dotted name."""
    address = value.strip().lower()
    local, at, domain = address.rpartition("@")
    if not at or not local or "@" in local or "." not in domain or not address.isprintable() or " " in address or len(address) > 254:
        raise Invalid({"email": "Write the address as name@example.org."})
    return address
