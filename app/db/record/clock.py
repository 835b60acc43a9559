"""The database's clock, which decides for all machines what is old. The clocks of two machines differ, and one may be set back."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Shared


async def database_now(shared: Shared) -> datetime:
    """The present moment by the database's clock. Raises Unavailable."""

    async def look(session: AsyncSession) -> datetime:
        moment: datetime = (await session.execute(select(func.now()))).scalar_one()
        return moment

    return await shared.read(look)
