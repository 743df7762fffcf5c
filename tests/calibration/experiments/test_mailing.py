"""A mailing in the market: what a stand-in says, what is recovered from customers the market made itself."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import omolab
from calibration.experiments import mailing, messages
from calibration.experiments.halves import control_of, customers, factors, half
from calibration.experiments.mailing import NONE, simulate, stand_in
from calibration.experiments.mailing_fit import Counts, fit
from calibration.experiments.uplift import differences, scored
from calibration.history import load_history
from results.problems import BadInput
from tests.omolab.ids import holding, named

DAYS, AGENTS = 10, 3_000
NEEDS = {"few": 0.01, "some": 0.03, "many": 0.08}
SHAPE, EFFORT, APPEAL, INTENT = 0.6, 12.0, -2.5, 0.8


def point(need: float, effort: float) -> np.ndarray:
    return np.array([np.log(need), np.log(SHAPE), np.log(effort) if effort else NONE, APPEAL, INTENT])


@pytest.fixture(scope="module")
def stand() -> mailing.StandIn:
    return stand_in(DAYS, 1, design=64, agents=2_000)


def test_a_half_is_the_same_whatever_the_order() -> None:
    names = [f"c{k}" for k in range(4_000)]
    first = half(names, 1)
    assert abs(first.mean() - 0.5) < 0.03
    assert (half(names[::-1], 1)[::-1] == first).all()
    assert (half(names, 2) != first).mean() == pytest.approx(0.5, abs=0.05)


def test_messages_bring_members_and_none_bring_none() -> None:
    quiet, loud = (simulate(point(0.03, effort), DAYS, 3, AGENTS) for effort in (0.0, EFFORT))
    assert loud[0] > 1.5 * quiet[0]
    assert loud[1] > quiet[1]
    again = simulate(point(0.03, 0.0), DAYS, 3, AGENTS)
    assert (again == quiet).all()


def test_the_stand_in_speaks_for_the_market(stand: mailing.StandIn) -> None:
    points = np.array([point(need, effort) for need in NEEDS.values() for effort in (0.0, EFFORT)])
    looked = stand.shares(points)[0]
    seen = np.array([simulate(one, DAYS, 5, AGENTS)[0] for one in points])
    assert np.abs(np.log(looked / seen)).max() < 0.4
    assert np.abs(np.log(looked / seen)).mean() < 0.2


def test_uplifts_of_the_market_s_own_customers_are_recovered(stand: mailing.StandIn) -> None:
    """Cells whose truth is known: the posterior's uplift holds it, and ranks the cells."""
    cells = pd.DataFrame({"segment": list(NEEDS)})
    truth = np.array(
        [[simulate(point(n, e), DAYS, 7, 40_000) for e in (0.0, EFFORT)] for n in NEEDS.values()]
    )
    people = np.full((3, 2), 3_000.0)
    luck = np.random.default_rng(1)
    looked, bought = (luck.binomial(3_000, truth[:, :, k]).astype(float) for k in (0, 1))
    counts = Counts(cells, ("none", "mail"), np.eye(3), people, looked, bought)
    found = fit(counts, stand, 1, draws=100)
    lifts = np.array([np.diff(found.shares(draw, counts.design)[0], axis=1)[:, 0] for draw in found.draws])
    spread = 1.0 + found.tau * luck.standard_normal(lifts.shape)
    low, high = np.quantile(lifts * spread, (0.02, 0.98), axis=0)
    true = truth[:, 1, 0] - truth[:, 0, 0]
    assert ((true >= low - 0.01) & (true <= high + 0.01)).all()
    assert (np.argsort(lifts.mean(axis=0)) == np.argsort(true)).all()


def test_scores_of_the_truth_and_of_nonsense() -> None:
    luck = np.random.default_rng(2)
    truth, error = np.linspace(0.0, 1.0, 400), np.full(400, 0.1)
    seen = truth + 0.1 * luck.standard_normal(400)
    good, bad = scored(seen, error, truth, np.zeros(400)), scored(seen, error, truth[::-1], np.zeros(400))
    assert good["chi2"] == pytest.approx(1.0, abs=0.25)
    assert good["coverage_90"] == pytest.approx(0.9, abs=0.05)
    assert good["crps"] < bad["crps"]


def trial(folder: Path, rows: int = 4_000, groups: tuple[str, str] = ("No E-Mail", "E-Mail")) -> Path:
    """Write an experiment in which a message doubles visits of the few and the many alike."""
    folder.mkdir(parents=True, exist_ok=True)
    luck = np.random.default_rng(4)
    table = pd.DataFrame({"id": [named(number) for number in range(rows)], "arm": luck.choice(groups, rows)})
    table["kind"] = luck.choice(["old", "new"], rows)
    chance = np.where(table["kind"] == "old", 0.2, 0.1) * np.where(table["arm"] == groups[1], 2.0, 1.0)
    table["came"] = (luck.random(rows) < chance).astype(int)
    table["bought"] = table["came"] * (luck.random(rows) < 0.2)
    table["paid"] = table["bought"] * luck.gamma(4.0, 10.0, rows).round(2)
    table["months"] = luck.integers(1, 13, rows)
    table.to_csv(folder / "trial.csv", index=False)
    text = """name: trial
currency: EUR
tables:
  experiment:
    file: trial.csv
    columns: {customer: id, group: arm, segment: kind, visit: came, conversion: bought, spend: paid}
    days: 7
    traits: {recency: months}
"""
    (folder / "history.yaml").write_text(text, encoding="utf-8")
    return folder / "history.yaml"


def test_what_differs_between_customers(tmp_path: Path) -> None:
    history = load_history(trial(tmp_path))
    table = customers(history, 1)
    assert control_of(history) == "No E-Mail"
    assert factors(table) == ("segment", "trait.recency")
    assert set(table["trait.recency"]) == {"0", "1", "2"}
    truth = differences(table, ("segment",), "No E-Mail", ("visit",)).set_index("segment")["truth"]
    assert truth["old"] == pytest.approx(0.2, abs=0.05)
    assert truth["new"] == pytest.approx(0.1, abs=0.05)


def test_a_group_left_alone_must_be_known(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="left alone"):
        control_of(load_history(trial(tmp_path / "a", groups=("blue", "green"))))
    path = trial(tmp_path / "b")
    path.write_text(path.read_text().replace("days: 7", "control: Nobody"), encoding="utf-8")
    with pytest.raises(BadInput, match="no group of the experiment"):
        load_history(path)


def test_an_experiment_is_back_tested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "DESIGN", 48)
    monkeypatch.setattr(messages, "MANY", 4_000)
    run = omolab.backtest(trial(tmp_path), out=tmp_path / "run", lang="zh")
    assert holding(run.path) == []
    said = json.loads((run.path / "evaluation.json").read_text(encoding="utf-8"))["evaluations"][0]
    assert said["kind"] == "experiment"
    assert {row["model"] for row in said["summary"]} == {"omolab", "pooled", "regression"}
    told = run.read("experiment_uplift")
    visits = told[(told["outcome"] == "visit") & (told["level"] == "segment")].set_index("segment")
    assert visits.loc["old", "omolab"] > visits.loc["new", "omolab"]
    off = (visits["omolab"] - visits["truth"]).abs() / np.hypot(visits["truth_se"], visits["omolab_se"])
    assert (off < 3.0).all()
    assert "与实验对照" in (run.path / "report.html").read_text(encoding="utf-8")
    assert (visits["pooled"].nunique()) == 1
