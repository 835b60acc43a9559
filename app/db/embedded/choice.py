"""Which database lives in a data folder. It is chosen at the first start, kept there, and never found out by looking around."""

from pathlib import Path
from typing import Literal

from msgspec import DecodeError, Struct, ValidationError, json

from app.db.embedded.failure import EngineError
from app.db.embedded.folder import Folder, write_private

Kind = Literal["postgres", "cockroach"]
NAMES: dict[Kind, str] = {"postgres": "PostgreSQL", "cockroach": "CockroachDB"}
FILE = "database.json"


class Choice(Struct, frozen=True):
    """What the data folder keeps of the choice."""

    database: Kind


def recorded(folder: Folder) -> Kind | None:
    """What was chosen, None before the first start. Raises OSError, EngineError when the record is damaged."""
    file = folder.path / FILE
    try:
        return json.decode(file.read_bytes(), type=Choice).database
    except FileNotFoundError:
        # Folders that were made before there was a choice hold PostgreSQL.
        return "postgres" if folder.postgres.exists() else None
    except (DecodeError, ValidationError):
        raise EngineError(f'{file} is damaged. Write {{"database": "postgres"}} or {{"database": "cockroach"}} into it.') from None


def chosen(data_dir: Path) -> Kind | None:
    """What a data folder holds, None where there is nothing yet. Raises OSError, EngineError when the record is damaged."""
    return recorded(Folder.at(data_dir)) if data_dir.is_dir() else None


def choose(folder: Folder, wanted: Kind | None) -> Kind:
    """The database of a folder: the recorded one, else the wanted one, else PostgreSQL. Raises EngineError when both differ."""
    kept = recorded(folder)
    if kept is not None and wanted is not None and wanted != kept:
        raise EngineError(
            f"The data folder {folder.path} holds {NAMES[kept]}, not {NAMES[wanted]}. Start without --database {wanted}, "
            "name another folder with AGOAT_DATA_DIR, or begin anew with: agoat demo --reset"
        )
    return kept or wanted or "postgres"


def record(folder: Folder, kind: Kind) -> None:
    """Keep the choice. Raises OSError."""
    write_private(folder.path / FILE, json.encode(Choice(kind)))
