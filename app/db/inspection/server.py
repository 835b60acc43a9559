"""Which server answers at an address: asked through the driver itself, so that an address with the wrong dialect is told apart."""

import re

import psycopg
from msgspec import Struct
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from app.errors import Conflict, Unavailable

OLDEST = {"postgresql": (18, 0), "cockroachdb": (25, 4)}
NAMES = {"postgresql": "PostgreSQL", "cockroachdb": "CockroachDB"}
CONNECT_S = 5


class Server(Struct, frozen=True):
    """What a server says it is; `product` is the name of the dialect for it, None when it is neither."""

    product: str | None
    version: tuple[int, int]

    @property
    def name(self) -> str:
        """Name and version as people write them."""
        return f"{NAMES.get(self.product or '', 'an unknown server')} {self.version[0]}.{self.version[1]}"

    @property
    def is_new_enough(self) -> bool:
        """Whether this product runs on it."""
        return self.product is not None and self.version >= OLDEST[self.product]


async def ask_server(url: str) -> Server:
    """The server at an address. Raises Unavailable where none lets this user in, Conflict where the address is none."""
    try:
        address = make_url(url)
        _, options = address.get_dialect()().create_connect_args(address)
    except (ArgumentError, NoSuchModuleError):
        raise Conflict("This is no address of a database. Write it like postgresql+psycopg://user:password@host:5432/database.") from None
    try:
        async with await psycopg.AsyncConnection.connect(**{"connect_timeout": CONNECT_S, **options}, autocommit=True) as connection:
            row = await (await connection.execute("SELECT version()")).fetchone()
    except psycopg.Error as error:
        reason = str(error).strip().split("\n")[0].rstrip(".")
        raise Unavailable(f"The database cannot be reached: {reason}. Check its address and that it runs.") from None
    return read_version(str(row[0]) if row else "")


def read_version(said: str) -> Server:
    """The server from its own words."""
    for product, pattern in (("cockroachdb", r"CockroachDB\b.*?\bv(\d+)\.(\d+)"), ("postgresql", r"PostgreSQL (\d+)(?:\.(\d+))?")):
        if found := re.match(pattern, said):
            return Server(product, (int(found[1]), int(found[2] or 0)))
    return Server(None, (0, 0))


def dialect_of(url: str) -> str:
    """The dialect that an address names."""
    return make_url(url).get_backend_name()


def corrected(url: str, product: str) -> str:
    """The same address for another dialect, its password hidden."""
    return make_url(url).set(drivername=f"{product}+psycopg").render_as_string(hide_password=True)
