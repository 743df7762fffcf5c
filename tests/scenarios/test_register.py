"""The risk register: strikes counted, losses added up, savings of contingencies, and warnings that matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenarios.experiment import futures
from scenarios.hazards import Funding, shocks_of
from scenarios.plan import scenario_plan
from scenarios.register import losses, register
from tests.scenarios.test_hazards import FLOOD, READY, SEEDS, planned, struck

SURE = {**FLOOD, "probability": 1.0, "month": 3, "contingency": READY}


def kpis(plan: Any, panel: Any) -> pd.DataFrame:
    """Each month sells 3100 in stores at a margin of a half, whatever the scenario."""
    rows = []
    for scenario in ("status_quo", "plan"):
        for future in panel:
            for month in range(1, 13):
                first = pd.Timestamp(plan.first_day(month))
                end = first + pd.offsets.MonthEnd(0)
                place = (scenario, future.draw, future.replicate, first, end)
                for channel, sales in (("all", 100.0 * end.day), ("store", 60.0 * end.day)):
                    rows += [(*place, channel, "net_sales", sales), (*place, channel, "gross_margin", 0.5)]
    columns = ["scenario", "draw", "replicate", "period_start", "period_end", "channel", "kpi", "value"]
    return pd.DataFrame(rows, columns=columns)


def booked(risk: dict[str, Any], replicates: int = 3, **parts: Any) -> tuple[Any, pd.DataFrame, pd.DataFrame]:
    plan = planned({"flood": risk}, months=12, **parts)
    panel = futures([], replicates, 5)
    plans = {"status_quo": scenario_plan(plan, "status_quo"), "plan": plan}
    found = losses(plans, panel, kpis(plan, panel))
    return plan, found, register(plans, panel, found).set_index(["scenario", "risk"])


def test_a_strike_costs_what_it_books_and_the_margin_it_takes() -> None:
    _, found, table = booked(SURE)
    assert len(found) == 6 and set(found["day"]) == {59}
    quiet, ready = (found[found["scenario"] == name].iloc[0] for name in ("status_quo", "plan"))
    assert (quiet["booked"], quiet["margin"]) == (50.0, pytest.approx(0.8 * 30.0 * 10))  # 30 a day in stores
    assert ready["loss"] == pytest.approx(0.5 * quiet["loss"])
    assert ready["saved"] == pytest.approx(0.5 * quiet["loss"]) and quiet["saved"] == 0.0
    row = table.loc["plan", "flood"]
    assert (row["struck"], row["strikes"], row["loss_when_struck"]) == (
        1.0,
        1.0,
        pytest.approx(ready["loss"]),
    )
    assert row["contingency_cost"] == 80.0
    assert table.loc["plan", "all"]["loss_max"] == pytest.approx(ready["loss"])


def test_the_register_counts_what_strikes_the_market() -> None:
    plan, found, table = booked({**FLOOD, "probability": 0.4}, replicates=200)
    panel = futures([], 200, 5)
    hits = [len(shocks_of(plan, Funding.of(plan), future.seed)) > 0 for future in panel]
    assert table.loc["plan", "flood"]["struck"] == np.mean(hits)
    assert len(found) == 2 * sum(hits)
    assert table.loc["plan", "all"]["loss"] == pytest.approx(
        found[found["scenario"] == "plan"]["loss"].sum() / 200
    )


def test_calm_plans_have_an_empty_register() -> None:
    _, found, table = booked({**FLOOD, "probability": 0.0})
    assert not len(found)
    assert table.loc["plan", "all"]["loss"] == 0.0 and np.isnan(
        table.loc["plan", "flood"]["loss_when_struck"]
    )


WARNED = {**FLOOD, "probability": 1.0, "contingency": {**READY, "takes_days": 4}}


def warned(quality: float | None, lead: int = 14, **policies: Any) -> Any:
    sign = "clouds" if quality is None else {"sign": "clouds", "quality": quality, "lead_days": lead}
    plan = planned({"flood": {**WARNED, "early_warning": sign}}, months=12, policies=policies)
    return struck(plan, 1)[0]


def test_a_strike_seen_in_time_is_answered_from_its_first_day() -> None:
    seen, unseen = warned(1.0), warned(0.0)
    assert (seen.answer, seen.loss, seen.factor) == (0.0, 25.0, pytest.approx(0.6))
    assert (unseen.answer, unseen.answered, unseen.loss, unseen.factor) == (0.5, 49, 50.0, pytest.approx(0.2))
    monthly = warned(0.0, governance={"risk_review": "monthly"})
    assert monthly.answered == 19
    assert warned(1.0, lead=1).answered == 3  # seen a day ahead, ready four days later
    assert [monthly.strength(monthly.start + k) for k in (0, 9)] == pytest.approx([0.2, 0.2])


def test_an_answer_that_comes_late_saves_what_is_left() -> None:
    long = {**WARNED, "days": 100, "early_warning": {"sign": "clouds", "quality": 0.0}}
    (shock,) = struck(planned({"flood": long}, months=12), 1)
    assert shock.strength(shock.start + 48) == pytest.approx(0.2)
    assert shock.strength(shock.start + 49) == pytest.approx(0.6)


def test_warnings_are_seen_as_often_as_they_are_good() -> None:
    plan = planned({"flood": {**WARNED, "early_warning": {"sign": "clouds", "quality": 0.3}}}, months=12)
    seen = [struck(plan, seed)[0].answer == 0.0 for seed in range(SEEDS)]
    assert np.mean(seen) == pytest.approx(0.3, abs=0.045)


def test_impacts_fade_and_preparation_shortens_that() -> None:
    slow = {**FLOOD, "probability": 1.0, "recovery_days": 9}
    (shock,) = struck(planned({"flood": slow}, months=12), 1)
    course = [shock.strength(shock.start + day) for day in range(20)]
    assert course[:10] == pytest.approx([0.2] * 10)
    assert course[10:19] == pytest.approx([1 - 0.8 * (1 - k / 10) for k in range(1, 10)])
    assert course[19] == 1.0
    ready = {**slow, "contingency": {**READY, "reduces": 0.0, "shortens": 1.0}}
    (shock,) = struck(planned({"flood": ready}, months=12), 1)
    assert shock.recovery == 0


def test_initiatives_can_make_risks_rarer_once_they_are_ripe() -> None:
    pumps = {"lever": "technology", "eases": {"flood": 0.5}, "ripen_months": 12, "start_month": 1}
    plan = planned({"flood": {**FLOOD, "probability": 0.8}}, initiatives={"pumps": pumps})
    hits = np.array(
        [[s.start < 365 for s in struck(plan, seed)] for seed in range(SEEDS) if struck(plan, seed)],
        dtype=object,
    )
    days = np.concatenate([[shock.start for shock in struck(plan, seed)] for seed in range(SEEDS)])
    second = np.sum(days >= 365) / SEEDS
    first = np.sum(days < 365) / SEEDS
    assert second == pytest.approx(0.4, abs=0.05)  # ripe after a year
    assert 0.4 < first < 0.8 and len(hits)
    quiet = [len(struck(scenario_plan(plan, "status_quo"), seed)) for seed in range(300)]
    assert np.mean(quiet) == pytest.approx(1.6, abs=0.12)
