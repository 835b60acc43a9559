"""One transaction after another until a unit of work stands: whole, again when it lost a race, settled when its COMMIT was not answered."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.db.failures import Verdict, is_disconnect, judge
from app.db.settling import Outcome, Trace, settle, trace_of
from app.db.work import Effect
from app.errors import AGoatError, Conflict, OutcomeUnknown, Unavailable
from app.settings import LIMITS

T = TypeVar("T")
# Commits a session; told the number of the attempt, from 1.
Committer = Callable[[AsyncSession, int], Awaitable[None]]
Unit = Callable[[AsyncSession], Awaitable[tuple[T, list[Effect]]]]
log = structlog.get_logger()

FIRST_PAUSE_S, LONGEST_PAUSE_S, WHOLE_UNIT_S = 0.02, 2.0, 15.0
RECONNECTS = 3
TOO_MANY = "Too many others are changing this at the moment. Try again."


class InDoubt(Exception):
    """A COMMIT was not answered. `result` and `effects` are what the attempt had come to, `trace` is what it had written."""

    def __init__(self, result: Any, effects: list[Effect], trace: Trace) -> None:
        super().__init__("nobody knows yet")
        self.result = result
        self.effects = effects
        self.trace = trace


class Transactions:
    """Runs units of work over one engine: whole, again from the start when they lost a race, and bounded in time."""

    def __init__(self, engine: AsyncEngine, *, session: type[AsyncSession], committer: Committer) -> None:
        self.engine = engine
        self.session = session
        self.committer = committer

    def open(self, options: dict[str, Any]) -> AsyncSession:
        """A session of its own; it begins with its first statement."""
        return self.session(self.engine.execution_options(**options), expire_on_commit=False)

    async def read(self, options: dict[str, Any], fn: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Run `fn` in one read-only snapshot; run it once more when it lost a race or the connection. Raises Unavailable."""
        for is_last in (False, True):
            try:
                return await self.attempt_read(options, fn)
            except (SQLAlchemyError, ConnectionError) as error:
                self.give_up_or_pass(error, is_last)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def attempt_read(self, options: dict[str, Any], fn: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """One snapshot, ended without a trace."""
        async with self.open(options | {"mode": "read"}) as session:
            result = await fn(session)
            # A rollback would empty the rows that go to the caller, so they leave the session first.
            session.expunge_all()
            await session.rollback()
            return result

    @staticmethod
    def give_up_or_pass(error: Exception, is_last: bool) -> None:
        """Let a read be tried once more, or turn its failure into words that hold no text of the database."""
        verdict = judge(error, committing=False)
        if verdict is Verdict.RAISE and not is_disconnect(error):
            raise error
        if is_last or verdict is Verdict.AWAY:
            log.warning("database.read_failed", error=type(error).__name__)
            raise Unavailable() from None

    async def run(self, options: dict[str, Any], fn: Unit[T], *, repeatable: bool = False) -> T:
        """Run `fn` and commit. `fn` may be run several times, so it must do nothing that a rollback does not undo.

        `repeatable` says that committing it twice is harmless. A COMMIT that was not answered is settled: what has happened is not
        done again. Raises OutcomeUnknown where that cannot be known, Unavailable when the database did not answer and nothing was
        changed, Conflict when every attempt lost its race, and whatever `fn` raises of our own errors.
        """
        deadline = asyncio.get_running_loop().time() + WHOLE_UNIT_S
        may_have_happened, doubts = False, 0
        for attempt in range(1, LIMITS.write_attempts + 1):
            try:
                result, effects = await self.attempt(options, fn, attempt)
            except AGoatError:
                raise
            except InDoubt as doubt:
                doubts += 1
                outcome = await self.settle(options, doubt.trace, repeatable=repeatable)
                may_have_happened |= outcome is Outcome.REPEATABLE
                if outcome is not Outcome.COMMITTED and doubts < RECONNECTS:
                    continue
                if outcome is not Outcome.COMMITTED:
                    raise end_of(Unavailable(), may_have_happened) from None
                result, effects = doubt.result, doubt.effects
            except (SQLAlchemyError, ConnectionError) as error:
                await self.pause_or_raise(error, attempt, deadline, may_have_happened)
                continue
            await run_effects(effects)
            return result
        raise end_of(Conflict(TOO_MANY), may_have_happened)

    async def attempt(self, options: dict[str, Any], fn: Unit[T], attempt: int) -> tuple[T, list[Effect]]:
        """One attempt in a session of its own. Raises InDoubt when its COMMIT was not answered."""
        async with self.open(options) as session:
            result, effects = await fn(session)
            await session.flush()
            # A COMMIT that fails would empty the rows that go to the caller, and it may have been made all the same.
            session.expunge_all()
            try:
                await self.committer(session, attempt)
            except (SQLAlchemyError, ConnectionError) as error:
                if judge(error, committing=True) is Verdict.UNKNOWN:
                    raise InDoubt(result, effects, trace_of(session.sync_session)) from None
                raise
            return result, effects

    async def settle(self, options: dict[str, Any], trace: Trace, *, repeatable: bool) -> Outcome:
        """Find out whether an attempt was committed. Raises OutcomeUnknown."""
        outcome = await settle(lambda: self.open(options), trace)
        if outcome is Outcome.UNKNOWN and repeatable:
            outcome = Outcome.REPEATABLE
        log.warning("database.commit_unanswered", outcome=outcome.name)
        if outcome is Outcome.UNKNOWN:
            raise OutcomeUnknown() from None
        return outcome

    @staticmethod
    async def pause_or_raise(error: Exception, attempt: int, deadline: float, may_have_happened: bool) -> None:
        """Wait before the next attempt, longer each time and never in step with others; or say that there is none."""
        verdict = judge(error, committing=False)
        if verdict is Verdict.RAISE:
            raise error
        late = asyncio.get_running_loop().time() > deadline
        if verdict is Verdict.AWAY or (is_disconnect(error) and (attempt >= RECONNECTS or late)):
            log.warning("database.away", error=type(error).__name__, attempt=attempt)
            raise end_of(Unavailable(), may_have_happened) from None
        if late or attempt >= LIMITS.write_attempts:
            raise end_of(Conflict(TOO_MANY), may_have_happened) from None
        ceiling = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)
        await asyncio.sleep(random.uniform(0, ceiling))


def end_of(failure: AGoatError, may_have_happened: bool) -> AGoatError:
    """What is told when a unit is given up: that it failed, unless an earlier attempt may have been committed."""
    return OutcomeUnknown() if may_have_happened else failure


async def run_effects(effects: list[Effect]) -> None:
    """Run what waited for the commit. A failing effect is logged and changes nothing: the act has happened."""
    for effect in effects:
        try:
            await effect()
        except Exception:
            log.exception("effect.failed")
