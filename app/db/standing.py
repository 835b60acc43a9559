"""Whether a customer takes changes: the one place where a customer or site that is read-only, suspended or archived refuses them.

It is asked at the end of every recorded unit and within its transaction, so that a change of state comes before an act or after it.
The operator, the product itself and its jobs go on: they keep what was promised before, and they alone can lift the state.
"""

from sqlalchemy import Uuid, and_, column, select, table

from app.db.work import Work
from app.errors import ReadOnly

# These belong to a room above, so their columns are named here.
CUSTOMERS = table("customers", column("id", Uuid()), column("name"), column("state"), schema="tenancy")
SITES = table("sites", column("customer_id", Uuid()), column("id", Uuid()), column("name"), column("state"), schema="tenancy")
BOUND = ("person", "key")
OPEN = "active"
SAID = {"read_only": "is read-only at the moment", "suspended": "has been suspended", "archived": "has been archived"}


async def refuse_closed(work: Work) -> None:
    """Raise ReadOnly when a person or key has changed something of a customer or site that takes no changes."""
    if not work.inbox or work.actor.kind not in BOUND:
        return
    own_sites = and_(SITES.c.customer_id == work.customer_id, SITES.c.id.in_(touched_sites(work)))
    statement = (
        select(CUSTOMERS.c.name, CUSTOMERS.c.state, SITES.c.name, SITES.c.state)
        .select_from(CUSTOMERS.outerjoin(SITES, own_sites))
        .where(CUSTOMERS.c.id == work.customer_id)
    )
    for customer, customer_state, site, site_state in await work.session.execute(statement):
        if customer_state != OPEN:
            raise refusal(customer, customer_state)
        if site_state not in (None, OPEN):
            raise refusal(f"The site {site}", site_state)


def touched_sites(work: Work) -> list[object]:
    """The sites to which rows of this unit belong, and those that were changed themselves."""
    rows = list(work.sanctioned)
    found = {getattr(row, "site_id", None) for row in rows} | {row.id for row in rows if row.__tablename__ == SITES.name}
    return sorted(found - {None}, key=str)


def refusal(name: str, state: str) -> ReadOnly:
    """What people and programs are told."""
    return ReadOnly(f"{name} {SAID[state]}, so nothing was saved. Ask the operator of this installation.")
