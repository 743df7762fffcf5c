"""The tutorial's figures come from its commands: what prose tells of them stands in a printed block."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import tutorial
from benchmarks.tutorial import BLOCK, PAGE, printed, unfounded

TEXT = PAGE.read_text(encoding="utf-8")


def test_every_figure_told_stands_in_what_was_printed() -> None:
    assert [found["what"] for found in BLOCK.finditer(TEXT)] == ["demo", "plans", "asked"]
    assert list(unfounded(TEXT)) == []


def test_a_figure_that_has_gone_stale_is_named() -> None:
    (table,) = (found["text"] for found in BLOCK.finditer(TEXT) if found["what"] == "demo")
    expected = re.search(r"Repurchase.*\n *plan +([\d.]+)", table)[1]  # type: ignore[index]
    stale = TEXT.replace(table, table.replace(expected, "99.9"))
    assert expected in [figure for figure, _ in unfounded(stale)]


def test_the_list_of_plans_is_todays() -> None:
    (table,) = (found["text"] for found in BLOCK.finditer(TEXT) if found["what"] == "plans")
    assert table == printed("plans", Path("nowhere"))


def test_the_command_writes_the_blocks_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "tutorial.md"
    page.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(tutorial, "PAGE", page)
    monkeypatch.setattr(tutorial, "printed", lambda what, runs: f"{what} of {runs}\n")
    monkeypatch.setattr("sys.argv", ["tutorial.py", "--runs", "here"])
    tutorial.main()
    written = page.read_text(encoding="utf-8")
    assert [found["text"] for found in BLOCK.finditer(written)] == [
        f"{what} of here\n" for what in ("demo", "plans", "asked")
    ]
    assert BLOCK.sub("", written) == BLOCK.sub("", TEXT)
    assert "to be mended" in capsys.readouterr().out
