"""Where the browser is found, and what happens where there is none."""

from pathlib import Path

import pytest

from tests.browser.chromium import find_chromium, need_chromium, open_chromium

pytestmark = pytest.mark.browser


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_one_on_the_path_comes_before_playwrights_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    own = tmp_path / "own" / "chrome"
    assert find_chromium(lambda: own) is None
    assert find_chromium(lambda: executable(own)) == own
    on_path = executable(tmp_path / "bin" / "chromium")
    assert find_chromium(lambda: own) == on_path


def test_without_a_browser_a_module_is_skipped_with_the_remedy() -> None:
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        need_chromium(None, is_ci=False)


async def test_where_every_change_is_checked_a_missing_browser_is_a_failure() -> None:
    need_chromium(None, is_ci=True)
    with pytest.raises(pytest.fail.Exception, match="no Chromium here"):
        async with open_chromium(None):
            pass
