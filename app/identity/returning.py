"""How memberships and API keys return. A key that was made is revoked; one that was revoked stays so."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from app.db.repository import Repository
from app.db.returning import Back, Holder, Payload, PlainRows, Reference
from app.db.work import Reading, Work
from app.identity.models import ApiKey, Membership
from app.identity.repository import API_KEYS, MEMBERSHIPS, hash_of_key, members


@dataclass(frozen=True)
class ReturningMemberships(PlainRows[Membership]):
    """The return of memberships and roles."""

    async def obstacles(self, reading: Reading, wanted: Mapping[UUID, Payload | None], together: Set[UUID]) -> dict[UUID, str]:
        """A customer keeps an owner of all sites."""
        owners = {row.id for row in await members(reading) if row.role == "owner" and row.site_id is None}
        losing = {key for key, payload in wanted.items() if key in owners and not is_owner(payload)}
        kept = (owners - losing) | {key for key, payload in wanted.items() if is_owner(payload)}
        said = "Nobody would be owner of all sites any more. Make somebody else owner first."
        return {} if kept else dict.fromkeys(losing, said)


def is_owner(payload: Payload | None) -> bool:
    """Whether a stored membership is that of an owner of all sites."""
    return payload is not None and payload["role"] == "owner" and payload["site_id"] is None


@dataclass(frozen=True)
class ReturningKeys:
    """The return of API keys."""

    repository: Repository[ApiKey] = API_KEYS

    def refers_to(self, payload: Payload) -> Iterable[Reference]:
        """A key names nothing that it could not do without."""
        return ()

    async def holders(self, reading: Reading, wanted: Mapping[UUID, Payload]) -> list[Holder]:
        """No two keys are the same."""
        return []

    async def obstacles(self, reading: Reading, wanted: Mapping[UUID, Payload | None], together: Set[UUID]) -> dict[UUID, str]:
        """What was revoked is gone: its fingerprint was thrown away."""
        said = "A key that was revoked cannot be made valid again. Make a new one."
        return {key: said for key, payload in wanted.items() if payload is not None}

    async def put_back(self, work: Work, back: Back) -> None:
        """Revoke the key at once; its row stays, so that its acts keep a name."""
        row = await API_KEYS.get(work, back.thing_id)
        API_KEYS.check_version(row, back.present)
        stored = await hash_of_key(work, row.id)
        if stored is not None:
            await API_KEYS.remove_part(work, stored)
        await API_KEYS.change(work, row, {"revoked_at": row.revoked_at or work.now}, expect=None)


MEMBERSHIPS_BACK = ReturningMemberships(MEMBERSHIPS)
KEYS_BACK = ReturningKeys()
