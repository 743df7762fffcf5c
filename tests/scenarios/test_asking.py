"""One question put to plans that promise different things."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from results import store
from results.problems import BadInput
from scenarios.asking import ask, read_question


def finished(path: Path, kpi: str, values: dict[str, list[float]], end: str) -> store.Run:
    """Write a run whose scenarios have ``values`` of an indicator, a future each, in the year to ``end``."""
    day = pd.Timestamp(end)
    rows = [
        {
            "scenario": scenario,
            "draw": number,
            "replicate": 0,
            "period_start": day - pd.Timedelta(days=364),
            "period_end": day,
            "channel": "all",
            "kpi": kpi,
            "value": value,
            "unit": "share",
        }
        for scenario, outcomes in values.items()
        for number, value in enumerate(outcomes)
    ]
    with store.create(path, "run", path.name, {}, {}, 1) as writer:
        writer.table("kpis", pd.DataFrame(rows))
    return store.open_run(path)


@pytest.mark.parametrize(
    ("text", "value", "by"),
    [
        ("repurchase >= 45% by 2029", 0.45, datetime.date(2029, 12, 31)),
        ("repurchase_365>=0.45 by 2028-02", 0.45, datetime.date(2028, 2, 29)),
        ("REPURCHASE >= 4.5e-1 by 2028-03-15", 0.45, datetime.date(2028, 3, 15)),
    ],
)
def test_a_question_is_an_indicator_a_bound_and_a_date(text: str, value: float, by: datetime.date) -> None:
    question = read_question(text)
    assert question.target.kpi == "repurchase_365"
    assert question.target.value == pytest.approx(value)
    assert (question.target.by, question.side) == (by, "higher")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("repurchase", "is not a target"),
        ("repurchase >= 45%", "is not a target"),
        ("repurchase >= 45% by 2029-13", "is not a target"),
        ("repurchase >= 1.2.3 by 2029", "is not a target"),
        ("repurchaze >= 45% by 2029", "did you mean 'repurchase'"),
    ],
)
def test_what_is_no_question_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_question(text)


def test_every_scenario_of_every_run_answers_over_the_same_futures(tmp_path: Path) -> None:
    a = finished(
        tmp_path / "a", "repurchase_365", {"status_quo": [0.3, 0.4], "plan": [0.44, 0.46]}, "2029-12-31"
    )
    b = finished(tmp_path / "b", "repurchase_365", {"status_quo": [0.2], "plan": [0.5]}, "2028-12-31")
    got = ask([a, b], [read_question("repurchase >= 45% by 2029")]).set_index("scenario")
    assert got["odds"].to_dict() == {"a/status_quo": 0.0, "a/plan": 0.5, "b/status_quo": 0.0, "b/plan": 1.0}
    assert got.loc["a/plan", "baseline"] == pytest.approx(0.35)
    assert got.loc["b/plan", "baseline"] == pytest.approx(0.20)
    assert got["measured_on"].dt.year.to_dict()["b/plan"] == 2028  # where that run ends
    below = ask([a], [read_question("repurchase <= 45% by 2029")]).set_index("scenario")
    assert np.allclose(below["odds"], 1.0 - got.loc[["a/status_quo", "a/plan"], "odds"])
