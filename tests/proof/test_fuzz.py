"""The differential fuzz at length: half a million statements, in pieces that an interrupted run goes on from."""

from collections import Counter

from tests.fuzz.comparing import both_ways, compare
from tests.proof.keeping import Progress, proven, scale

SEED, STATEMENTS, PIECE = 1_000_000, 500_000, 1_000


def test_guard_and_policies_agree_on_half_a_million_statements(admin_url: str) -> None:
    progress, wanted = Progress("fuzz"), scale(STATEMENTS)
    done, tally = int(str(progress.get("done", 0))), Counter({str(k): int(str(v)) for k, v in dict(progress.get("tally", {})).items()})
    while done < wanted:
        # A database of its own for every tenth piece keeps what is left behind by rolled-back writes from slowing the rest.
        with both_ways(admin_url) as engines:
            for _ in range(10):
                if done < wanted:
                    tally += compare(engines, SEED + done, min(PIECE, wanted - done))
                    done += min(PIECE, wanted - done)
                    progress |= {"done": done, "tally": dict(tally)}
                    progress.save()
    proven("fuzz", "what the guard accepts has the rows that policies show", seed=SEED, statements=done, **figures(tally))
    progress.clear()


def figures(tally: Counter[str]) -> dict[str, int]:
    """The tally as figures of the document."""
    refused = sum(count for name, count in tally.items() if name.startswith("refused"))
    return {"accepted_with_rows": tally["accepted, with rows"], "accepted_and_empty": tally["accepted, empty"], "refused": refused}
