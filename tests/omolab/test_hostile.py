"""Hostile names in data: in terminals, drafted files, tables and the dashboard they are text and no more."""

from __future__ import annotations

import math
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from calibration.history import load_history
from omolab import api
from omolab.dashboard import tables
from omolab.printed.inputs import listing, quality
from results.language import Language
from results.problems import Problem

ESCAPE, TURNED, SCRIPT = "\x1b[31mred", "\u202egnp.exe", "<script>alert(1)</script>"
NAMES = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    SCRIPT,
    TURNED,
    ESCAPE,
    "x" * 4_000,
    "'\"><img src=x onerror=alert(1)>",
)
OBEYED = ("\x1b", "\u202e", "\r")


class Tags(HTMLParser):
    """The tags of a page and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}


@pytest.mark.parametrize("name", NAMES)
def test_problems_show_what_they_found_without_obeying_it(name: str) -> None:
    said = str(Problem(f"{name}.csv", 2, name, name, f"not {name}", f"{name} is odd"))
    assert not any(sign in said for sign in OBEYED)


def test_terminal_tables_obey_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    listing("title", [{"name": name} for name in NAMES], {"name": "name"})
    quality([{"note": name} for name in NAMES], ["note"])
    said = capsys.readouterr()
    for sign in OBEYED:
        assert sign not in said.out and sign not in said.err


@pytest.mark.parametrize("name", [name for name in NAMES if len(name) < 100])
def test_columns_of_any_name_are_drafted_and_read_back(name: str, tmp_path: Path) -> None:
    months = [str(month) for month in pd.period_range("2022-01", periods=24, freq="M")]
    frame = pd.DataFrame(
        {"month": months, f"{name} online sales": range(100, 124), "store sales": range(200, 224)}
    )
    frame.to_csv(tmp_path / "sales.csv", index=False)
    api.history([tmp_path / "sales.csv"], tmp_path / "history.yaml")
    read = load_history(tmp_path / "history.yaml")
    assert read.sales is not None
    assert set(read.sales["revenue"]) >= {100.0, 223.0}
    assert len(read.channels) == 2


@pytest.mark.parametrize("name", NAMES)
def test_the_dashboards_tables_hold_names_as_text(name: str) -> None:
    row = {"kpi": name, "unit": "count", "base_value": 2.0, "difference": 1.0, "low": 0.5, "high": 1.5}
    row |= {"scenario": name, "base": name, "period_end": pd.Timestamp("2027-12-31")}
    frame = pd.DataFrame([row])
    words = Language("en", "CNY")
    pages = [
        tables.effect(frame, [name], words, True),
        tables.comparison(frame, [name], words, "CNY"),
        tables.brief(frame, [name], words),
        tables.paragraph(name),
        tables.lever(name, "1"),
        tables.link("/runs/x/report.html", name, name),
    ]
    for page in pages[:2]:
        assert not any(sign in page for sign in OBEYED)
    assert not {"script", "img", "onerror", "src"} & set().union(*(Tags(page).seen for page in pages))


def test_what_is_not_known_has_no_bar_and_no_verdict() -> None:
    row = {"kpi": "orders", "unit": "count", "base_value": 0.0, "difference": 1.0, "low": math.nan}
    page = tables.effect(pd.DataFrame([row | {"high": math.nan}]), ["orders"], Language("en"), True)
    assert "svg" not in page and "better" not in page.replace('class="', "")
