"""Places in lists as visitors carry them: signed, so that none can be made up, and good for one list of one site."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from app.publishing.visits import Edge
from app.web.tokens import BadToken, sign, unsign


class SignedCursors:
    """Cursors under the keys of this installation."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self.keys = keys

    def write(self, bound_to: str, edge: Edge) -> str:
        """The cursor of a place in a list."""
        return sign(self.keys, bound_to, (edge.at.astimezone(UTC), edge.id))

    def read(self, bound_to: str, text: str) -> Edge | None:
        """The place, None for a cursor that was not written for this list."""
        try:
            return Edge(*unsign(self.keys, bound_to, text, tuple[datetime, UUID]))
        except BadToken:
            return None
