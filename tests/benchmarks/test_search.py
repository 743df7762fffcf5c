"""The search benchmark at the size of a test: every part gives a whole row, and finds what is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import search
from benchmarks.searches import allocator, budgets, fronts, optimum, promises
from benchmarks.searches.history import History, learnt
from benchmarks.searches.markets import draws, shop
from scenarios.executor import Pool


@pytest.fixture(scope="module")
def pool() -> Any:
    with Pool(1) as one:
        yield one


def test_the_allocator_finds_curves_that_it_can_know() -> None:
    luck = np.random.default_rng(3)
    spend = np.exp(luck.normal(0, 0.8, (156, 2))) * [100.0, 300.0]
    one = np.ones(2)
    curve = allocator.hill(allocator.adstock(spend, 0.3 * one) / spend.mean(axis=0), one, one)
    sales = 5000 + curve @ np.array([2000.0, 400.0]) + luck.normal(0, 10, 156)
    found = allocator.fit(sales, spend)
    assert found.error < 0.01
    assert found.sales(np.array([200.0, 0.0])) > 3 * found.sales(np.array([0.0, 600.0]))
    weekly = allocator.best_budget(found, 400.0, margin=0.5)
    assert weekly.sum() <= 400.0 + 1e-6
    assert weekly[0] > 2 * weekly[1]
    assert allocator.best_budget(found, 400.0, margin=0.0).sum() == pytest.approx(0.0, abs=1e-3)


def test_a_history_varies_its_media_and_narrows_the_prior(pool: Pool) -> None:
    plan = shop(budgets.SPEND)
    real, prior = draws(1, 5)[0], draws(8, 6)
    history = History(plan, real, 5, 52, 400)
    assert history.spend.shape == (52, 4) and history.clicks.shape == (52, 3)
    assert history.spend.std(axis=0).min() / history.spend.mean() > 0.1 and 0 < history.margin < 1
    ensemble = learnt(plan, history, prior, 3, 400, pool)
    assert len(ensemble) == 3 and set(ensemble[0]) == set(real)
    for name in real:
        least, most = (pick(one[name] for one in prior) for pick in (min, max))
        assert all(least - 1e-9 <= one[name] <= most + 1e-9 for one in ensemble)


def test_the_known_optimum_is_found_in_a_small_market(pool: Pool) -> None:
    grid = (optimum.DEPTHS[::3], optimum.LEVELS[::3], optimum.TOTALS[::4])
    row = optimum.known_optimum(pool, 1, grid=grid, trials=30, seeds=1, customers=200, runs=1)
    assert row["plans"] == 32
    assert 0.97 <= row["ratio"] <= 1.0 + 1e-9


def test_fronts_are_held_against_each_other(pool: Pool) -> None:
    sizes: dict[str, int] = {"trials": 6, "seeds": 1, "random": 12, "customers": 200, "panel": 1, "truth": 1}
    row = fronts.hypervolume_efficiency(pool, 1, **sizes)
    assert row["ratio"] > 0 and row["random_trials"] == [10, 12]
    assert 0 < row["hypervolume"][0] <= 1


def test_cost_is_read_off_a_climb() -> None:
    climb, costs = np.array([0.2, 0.4, 0.3, 0.8]), np.array([10.0, 20.0, 40.0, 80.0])
    assert fronts._cost_at(0.4, climb, costs) == pytest.approx(40.0)
    assert fronts._cost_at(0.9, climb, costs) == 80.0
    assert fronts._cost_at(0.3, climb, costs) == pytest.approx(10 * 2**0.5)


def test_promises_are_held_against_what_came(pool: Pool) -> None:
    sizes = {"searches": 1, "trials": 4, "panel": 1, "fresh": 2, "customers": 200, "truth": 2}
    row = promises.optimism_coverage(pool, 1, **sizes)
    (one,) = row["rows"]
    assert row["ratio"] == float(one["covered"]) == float(one["low_90"] <= one["true"] <= one["high_90"])


def test_markets_are_won_or_lost(pool: Pool) -> None:
    sizes = {"markets": 1, "weeks": 52, "customers": 200, "prior": 4, "kept": 2, "trials": 4, "truth": 2}
    row = budgets.against_allocator(pool, 1, **sizes)
    assert row["won"] == int(row["rows"][0]["ours"] >= row["rows"][0]["allocator"])


def test_money_becomes_shares() -> None:
    said = budgets.spending({"tv": 30.0, "live": 10.0}, 100.0)
    assert said == {
        "budget.media": {"tv": 0.75, "live": 0.25},
        "budget.year_1.split": {"marketing": 0.4, "reserve": 0.6},
    }


def test_what_cannot_be_measured_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pool: Pool
) -> None:
    def broken(pool: Pool, seed: int) -> dict[str, Any]:
        raise RuntimeError("no room")

    monkeypatch.setitem(search.PARTS, "two_workers", broken)
    row = search.measured("two_workers", pool, 1, {})
    assert row == {"name": "two_workers", "skipped": "RuntimeError: no room"}
    path = tmp_path / "rows.json"
    path.write_text(json.dumps({"rows": [row]}), encoding="utf-8")
    assert search.written(path) == {"two_workers": row}
