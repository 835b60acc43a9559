"""Statements of the worker that fold what writers have inserted. They are text, so they are all kept on this page.

Each runs alike on CockroachDB and PostgreSQL; every bound value has its type, and no table is written twice by one of them. Moments are
the database's: the clocks of two machines differ, and a machine's own may be set back.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Interval, SmallInteger, Text, TextClause, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

TIME, ID, BIG, SMALL, SPAN = DateTime(timezone=True), Uuid(as_uuid=True), BigInteger(), SmallInteger(), Interval()


def statement(sql: str, **types: TypeEngine[Any]) -> TextClause:
    """A text with typed values; CockroachDB does not infer the types of placeholders."""
    return text(sql).bindparams(*(bindparam(name, type_=kind) for name, kind in types.items()))


TAKE_LEASE = statement(
    """
    INSERT INTO ops.leases AS held (name, owner, lease_until, fence) VALUES (:name, :owner, now() + :life, 1)
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until,
      fence = CASE WHEN held.owner = excluded.owner THEN held.fence ELSE held.fence + 1 END
    WHERE held.owner = excluded.owner OR held.lease_until < now()
    RETURNING fence
    """,
    name=Text(), owner=ID, life=SPAN,
)  # fmt: skip

DROP_LEASE = statement("UPDATE ops.leases SET lease_until = :past WHERE name = :name AND owner = :owner", name=Text(), owner=ID, past=TIME)

# A version whose predecessor still waits is left for the next round, so that the numbers of a thing rise with its versions.
WAITING = statement(
    """
    SELECT w.shard, w.at, w.customer_id, w.thing_id, w.version FROM ops.changes_in w
    LEFT JOIN ops.changes_in o ON o.shard = w.shard AND o.customer_id = w.customer_id AND o.thing_id = w.thing_id
      AND o.version < w.version AND o.at <= now() - :back
    WHERE w.shard BETWEEN 0 AND 15 AND w.at > now() - :back AND o.thing_id IS NULL
    ORDER BY w.shard, w.at, w.version LIMIT :most
    """,
    back=SPAN, most=BigInteger(),
)  # fmt: skip

# One statement moves the waiting keys into the numbered sequence, and does nothing when the lease has passed to another.
NUMBER = statement(
    """
    WITH fenced AS (SELECT fence FROM ops.leases WHERE name = :name AND owner = :owner AND fence = :fence),
    gone AS (
      DELETE FROM ops.changes_in i
      USING fenced f, unnest(:shards, :times, :customers, :things, :versions) AS w (shard, at, customer_id, thing_id, version)
      WHERE i.shard = w.shard AND i.at = w.at AND i.customer_id = w.customer_id AND i.thing_id = w.thing_id AND i.version = w.version
      RETURNING i.customer_id, i.thing_id, i.version, i.thing_type, i.is_deleted
    ),
    numbered AS (
      SELECT g.customer_id, g.thing_id, g.version, g.thing_type, g.is_deleted,
        coalesce(h.number, 0) + row_number() OVER (PARTITION BY g.customer_id ORDER BY g.thing_id, g.version) AS number
      FROM gone g LEFT JOIN ops.change_heads h ON h.customer_id = g.customer_id
    ),
    kept AS (
      INSERT INTO ops.changes (customer_id, number, thing_type, thing_id, version, is_deleted, at)
      SELECT customer_id, number, thing_type, thing_id, version, is_deleted, now() FROM numbered RETURNING customer_id, number
    ),
    heads AS (SELECT customer_id, max(number) AS number FROM kept GROUP BY customer_id)
    INSERT INTO ops.change_heads AS head (customer_id, number, oldest) SELECT customer_id, number, 1 FROM heads
    ON CONFLICT (customer_id) DO UPDATE SET number = excluded.number
    """,
    name=Text(), owner=ID, fence=BIG, shards=ARRAY(SMALL), times=ARRAY(TIME), customers=ARRAY(ID), things=ARRAY(ID), versions=ARRAY(BIG),
)  # fmt: skip

# Bumps younger than two minutes stay: a reader that polls late must still see them one by one.
FOLD_BUMPS = statement(
    """
    WITH old AS (DELETE FROM ops.cache_bumps WHERE shard = :shard AND at < :before RETURNING customer_id, tag),
    counted AS (SELECT customer_id, tag, count(*) AS bumps FROM old GROUP BY customer_id, tag)
    INSERT INTO ops.cache_tags AS known (customer_id, tag, base) SELECT customer_id, tag, bumps FROM counted
    ON CONFLICT (customer_id, tag) DO UPDATE SET base = known.base + excluded.base
    """,
    shard=SMALL, before=TIME,
)  # fmt: skip

TAKE_SHARD = statement(
    """
    INSERT INTO ops.outbox_shards AS held (shard, owner, lease_until, fence) VALUES (:shard, :owner, now() + :life, 1)
    ON CONFLICT (shard) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until,
      fence = CASE WHEN held.owner = excluded.owner THEN held.fence ELSE held.fence + 1 END
    WHERE held.owner = excluded.owner OR held.lease_until < now()
    RETURNING fence
    """,
    shard=SMALL, owner=ID, life=SPAN,
)  # fmt: skip

# Every shard is read in the order of its index; a customer with much to do gets a few places of each round.
READY = statement(
    """
    WITH due AS (
      SELECT shard, id, customer_id, name, payload, attempts, available_at,
        row_number() OVER (PARTITION BY customer_id ORDER BY available_at, id) AS place
      FROM ops.outbox WHERE shard = :shard AND done_at IS NULL AND dead_at IS NULL AND available_at <= now()
    )
    SELECT shard, id, customer_id, name, payload, attempts FROM due WHERE place <= :each ORDER BY place, available_at, id LIMIT :most
    """,
    shard=SMALL, each=BigInteger(), most=BigInteger(),
)  # fmt: skip

# An outcome is written only by whoever still holds the shard. Writing it twice changes nothing, so it may be written again in doubt.
SETTLE = statement(
    """
    UPDATE ops.outbox o SET attempts = :attempts + 1, error = :error, available_at = now() + :wait,
      done_at = CASE WHEN :is_done THEN now() END, dead_at = CASE WHEN :is_dead THEN now() END
    FROM ops.outbox_shards s
    WHERE o.shard = :shard AND o.id = :id AND s.shard = o.shard AND s.owner = :owner AND s.fence = :fence
      AND (o.attempts = :attempts AND o.done_at IS NULL OR o.attempts = :attempts + 1)
    """,
    shard=SMALL, id=ID, attempts=SMALL, owner=ID, fence=BIG, wait=SPAN, is_done=Boolean(), is_dead=Boolean(), error=Text(),
)  # fmt: skip
