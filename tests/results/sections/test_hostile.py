"""Hostile names of channels, scenarios, media and plans: in a report, its charts and CSVs they are text."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from results.pages import Figures, Material
from results.report import render
from results.sections.experiments import evaluations
from results.sections.levers import levers
from results.sections.money import money
from results.sections.operations import operations
from results.sections.people import people
from results.sections.plan import mixture, side_by_side
from results.sections.trust import backtest, fitted

Told = Callable[..., Material]
SCRIPT, FORMULA, TURNED = "<script>alert(1)</script>", "=HYPERLINK(1)", "\u202egnp.exe"
LONG = "Umsatz" * 700
EVIL = {"store": SCRIPT, "own_site": FORMULA, "tmall": TURNED + LONG}
DATES = pd.to_datetime(["2028-12-31", "2029-12-31"])


class Page(HTMLParser):
    """The tags of a page and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags, self.text, self.handlers = set[str](), list[str](), set[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers |= {name for name, _ in attrs if name.startswith("on")}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture
def hostile(told: Told) -> Material:
    """A run whose scenario, channels, media, budget lines, groups, history and title are hostile."""
    plain = told()
    assert plain.kpis is not None
    kpis = plain.kpis.drop(columns="year").replace({"channel": EVIL, "scenario": {"deep_discount": SCRIPT}})
    stock = kpis[kpis["kpi"] == "net_sales"].assign(kpi="stockout_rate", unit="share")
    stock["value"] /= 1e9
    days = plain.run.read("daily").rename(columns={"visits_live": f"visits_{SCRIPT}"})
    moves = [
        {"scenario": "plan", "draw": draw, "replicate": 0, "date": date, "origin": a, "goal": b}
        | {"customers": 5.0 + draw}
        for draw in range(3) for date in DATES for a in EVIL.values() for b in EVIL.values()
    ]  # fmt: skip
    lives = [
        {"scenario": "plan", "draw": draw, "replicate": 0, "date": DATES[-1], "kind": "stage", "name": name}
        | {"customers": 10.0}
        for draw in range(3) for name in EVIL.values()
    ]  # fmt: skip
    budget = [
        {"scenario": "plan", "draw": 0, "replicate": 0, "kind": "purpose", "name": name}
        | {"planned": 10.0, "actual": 11.0}
        for name in EVIL.values()
    ]
    tables: dict[str, Any] = {"migration": moves, "lifecycle": lives, "budget": budget}
    material = told(
        kpis=pd.concat([kpis, stock], ignore_index=True),
        daily=days,
        **{name: pd.DataFrame(rows) for name, rows in tables.items()},
    )
    material.about["title"] = SCRIPT + TURNED + LONG
    return material


def test_the_report_shows_them_and_nothing_more(hostile: Material, tmp_path: Path) -> None:
    makers = (side_by_side, mixture, people, operations, money, backtest)
    sections = [section for make in makers if (section := make(hostile)) is not None]
    assert len(sections) == len(makers)
    page = Page(render(hostile, sections))
    assert not page.tags & {"script", "img", "iframe", "object", "foreignobject"} and not page.handlers
    said = "".join(page.text)
    assert "<script>alert" in said.lower() and "\u202e" not in said
    assert max(map(len, said.split())) <= 125  # a title is cut at 120, other names sooner

    charts = [c for s in sections for b in s.blocks if isinstance(b, Figures) for c in b.charts]
    for chart in charts:
        assert not Page(chart.svg).tags & {"script", "img", "foreignobject"}
        assert "\u202e" not in chart.title and "\u202e" not in chart.alt
        chart.save(tmp_path)
    cells = [
        cell
        for path in tmp_path.glob("*.csv")
        for row in csv.reader(path.open(encoding="utf-8"))
        for cell in row
    ]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith(("=", "@", "+", "\t")) for cell in cells)


def test_campaigns_levers_and_parameters_of_any_name_are_text(told: Told) -> None:
    moved = [
        {"lever": name, "kpi": "orders", "channel": "all", "relative": 0.2, "sure": True}
        for name in EVIL.values()
    ]
    material = told(levers=pd.DataFrame(moved))
    path = material.run.path
    for table, column in (("fit/identified", "parameter"), ("fit/statistics", "name")):
        frame = pd.read_parquet(path / f"{table}.parquet").head(3)
        frame.assign(**{column: list(EVIL.values())}).to_parquet(path / f"{table}.parquet")
    campaigns = [{"quantity": name, "low": 1.0} for name in EVIL.values()]
    found = {"kind": "campaigns", "summary": campaigns, "notes": [SCRIPT, FORMULA, TURNED]}
    (path / "evaluation.json").write_text(json.dumps({"evaluations": [found]}), encoding="utf-8")
    sections = [section for make in (levers, fitted, evaluations) if (section := make(material)) is not None]
    assert len(sections) == 3
    page = Page(render(material, sections))
    assert not page.tags & {"script", "img", "iframe", "object", "foreignobject"} and not page.handlers
    said = "".join(page.text)
    assert said.lower().count("<script>alert") >= 3 and "\u202e" not in said
    assert max(map(len, said.split())) <= 125
