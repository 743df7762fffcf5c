from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from results.pages import Figures, Material, Section, Table, Text
from results.report import render
from results.sections.risks import by_future, risks

Told = Callable[..., Material]
FUTURES = 48


def struck(loss: float, saved: float, futures: int, risk: str = "late") -> pd.DataFrame:
    """Return a strike in each of the first futures under the plan."""
    strike = {"scenario": "plan", "risk": risk, "kind": "technical", "day": 9, "days": 5}
    strike |= {"booked": loss, "margin": 0.0, "loss": loss, "saved": saved}
    places = [{"draw": number // 4, "replicate": number % 4} for number in range(futures)]
    return pd.DataFrame([strike | place for place in places])


def register(loss: float, saved: float, risk: str = "late", cost: float = 100.0) -> pd.DataFrame:
    row: dict[str, Any] = {"scenario": "plan", "risk": risk, "kind": "technical", "probability": 0.3}
    row |= {"struck": 0.5, "strikes": 0.5, "loss": loss, "loss_when_struck": 2 * loss, "loss_p50": 0.0}
    row |= {"loss_p90": 2 * loss, "loss_max": 2 * loss, "saved": saved, "contingency_cost": cost}
    return pd.DataFrame([row, row | {"risk": "all", "kind": "all", "probability": float("nan")}])


def words(section: Section) -> str:
    texts = [block.text for block in section.blocks if isinstance(block, Text)]
    texts += [chart.title for block in section.blocks if isinstance(block, Figures) for chart in block.charts]
    return " ".join(texts).replace("\u00a0", " ")


def test_futures_without_a_strike_count_as_free_of_loss(told: Told) -> None:
    runs = by_future(told(losses=struck(800.0, 80.0, 12)))
    assert runs is not None
    plan = runs[runs["scenario"] == "plan"]
    assert len(plan) == FUTURES
    assert plan["loss"].sum() == 12 * 800.0
    assert (runs.loc[runs["scenario"] != "plan", "loss"] == 0).all()


@pytest.mark.parametrize(
    ("futures", "finding"),
    [
        (48, "more than CNY 800 in half of the futures"),
        (12, "nothing in half of the futures, and more than CNY 8"),
    ],
)
def test_the_finding_follows_how_often_risks_strike(told: Told, futures: int, finding: str) -> None:
    section = risks(told(losses=struck(800.0, 80.0, futures), risks=register(400.0, 40.0)))
    assert section is not None
    assert finding in words(section)


def test_what_contingencies_save_stands_beside_what_they_cost_over_the_plan(told: Told) -> None:
    section = risks(told(losses=struck(800.0, 80.0, 48), risks=register(400.0, 40.0)))
    assert section is not None
    assert "take CNY 80.0 (CNY 80.0 to CNY 80.0) off the losses of a run and cost CNY 300." in words(section)
    free = risks(told(losses=struck(800.0, 80.0, 48), risks=register(400.0, 40.0, cost=0.0)))
    assert free is not None
    assert "none is paid for" in words(free)


def test_risks_that_no_run_lived_through_are_only_named(told: Told) -> None:
    section = risks(told())
    assert section is not None
    assert "no run has lived through them" in words(section)
    assert [type(block) for block in section.blocks] == [Text, Table]
    material = told()
    material.about.pop("risks")
    assert risks(material) is None


def test_names_of_risks_are_only_ever_shown(told: Told) -> None:
    bad = "<script>alert(1)</script>\u202e"
    material = told(losses=struck(8.0, 0.0, 48, bad), risks=register(8.0, 0.0, bad))
    section = risks(material)
    assert section is not None
    page = render(material, [section])
    assert "<script>" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page.lower()
