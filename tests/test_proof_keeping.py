"""The long runs keep their results and their place."""

from pathlib import Path

from tests.proof.keeping import Progress, proven


def test_a_run_replaces_its_own_row_and_leaves_the_others(tmp_path: Path) -> None:
    document = tmp_path / "proof.md"
    proven("fuzz", "guard and policies agree", seed=7, document=document, statements=500_000)
    proven("kills", "nothing acknowledged was lost", document=document, rounds=3)
    proven("fuzz", "guard and policies agree", seed=8, document=document, statements=600_000)
    rows = [line for line in document.read_text().splitlines() if line.startswith("| `")]
    assert [row.split(" | ")[0] for row in rows] == ["| `fuzz`", "| `kills`"]
    assert "statements 600,000 | 8 |" in rows[0]


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    first = Progress("fuzz", tmp_path / "kept")
    first["done"] = 1500
    first.save()
    assert Progress("fuzz", tmp_path / "kept")["done"] == 1500
    first.clear()
    assert Progress("fuzz", tmp_path / "kept") == {}
