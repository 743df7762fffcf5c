"""Page tests inside the simulated firm."""

from __future__ import annotations

import numpy as np
import pytest

from sim.market import Market
from sim.parameters import Values
from sim.retailer.page_tests import PageLab, PageTests
from sim.setup import Setup
from tests.sim.markets import eventful


def lab(per_month: float, seed: int = 1, start: int = 0, **parameters: float) -> PageLab:
    return PageLab(PageTests(per_month, start), Values(parameters), seed, weight=100.0)


def lived(
    per_month: float, visits: float = 200.0, days: int = 730, seed: int = 1, **parameters: float
) -> PageLab:
    found = lab(per_month, seed, **parameters)
    for day in range(-60, days):
        found.run(day, visits, 0.02 * visits)
    return found


def mean_gain(per_month: float, visits: float = 200.0, **parameters: float) -> float:
    return float(np.mean([lived(per_month, visits, seed=s, **parameters).gain for s in range(40)]))


def test_more_tests_help_with_diminishing_returns() -> None:
    none, few, some, many = (mean_gain(n) for n in (0.0, 2.0, 8.0, 32.0))
    assert none == 0.0
    assert 0.0 < few < some < many
    assert (few - none) / 2.0 > (some - few) / 6.0 > (many - some) / 24.0


def test_what_is_adopted_reads_better_than_it_is() -> None:
    labs = [lived(4.0, 20.0, seed=s) for s in range(60)]
    adopted = [one for one in labs if one.adopted]
    assert len(adopted) > 20
    assert np.mean([one.claimed for one in adopted]) > 1.3 * np.mean([one.gain for one in adopted])
    assert min(one.gain for one in labs) < 0.0, "some adopt duds"


def test_with_few_visits_tests_find_little() -> None:
    assert mean_gain(8.0, 5.0) < 0.5 * mean_gain(8.0, 500.0)


def test_candidates_without_spread_change_nothing_but_cost() -> None:
    found = lived(4.0, page_test_spread=1e-12)
    assert abs(found.gain) < 1e-9 and found.done == pytest.approx(96, abs=1)
    assert lab(4.0).cost == 3_000.0


def test_gains_wear_off() -> None:
    found = lived(8.0, days=365)
    before, found.tests = found.gain, PageTests(0.0)
    for day in range(365, 730):
        found.run(day, 200.0, 4.0)
    assert found.gain == pytest.approx(0.7 * before, rel=0.01)


def test_nothing_is_tested_before_its_start() -> None:
    found = lab(30.0, start=20)
    assert sum(found.run(day, 100.0, 2.0) for day in range(-10, 20)) == 0.0
    assert found.done == 0
    assert found.run(20, 100.0, 2.0) == 6 * 3_000.0


def test_the_market_books_cost_and_state() -> None:
    made: dict[str, Setup] = {
        "none": eventful(burn_in=10),
        "tests": eventful(burn_in=10, page_tests=PageTests(12.0)),
    }
    plain, tested = (Market.from_setup(setup, seed=4).run() for setup in made.values())
    extra = float((tested.costs - plain.costs).sum())
    done = tested.daily().set_index("channel").loc["all"]["page_tests"].iloc[-1]
    assert extra == pytest.approx(done * 3_000.0) and done > 20
    np.testing.assert_array_equal(plain.events[:10], tested.events[:10])


def test_odd_numbers_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"page_tests.per_month: -1"):
        PageTests(-1.0)
