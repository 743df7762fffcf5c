"""Stock: the newsvendor's fill, Little's law in transit, goods conserved, levers and what they cost."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.parameters import Values
from sim.retailer.foresight import Foresight
from sim.retailer.pile import OPENING_DAYS, Pile, share_short
from sim.retailer.stock import MEMORY, Stock, StockPolicy
from sim.setup import Setup
from tests.sim.identities import assert_conserved
from tests.sim.markets import simple

BURN_IN = 100


def kept(
    policy: StockPolicy, kinds: str = "store own", days: int = 900, groups: int = 1, **values: float
) -> Stock:
    setup = dataclasses.replace(simple(10, days, kinds, burn_in=BURN_IN), stock=policy)
    known = Values(values)
    return Stock(setup, known, Foresight(setup, known, MEMORY), 7, groups)


def live(stock: Stock, days: int, demand: Any, data: float = 0.0, returned: float = 0.0) -> np.ndarray:
    """Live ``days``: ``demand(day)`` [G, C] is asked for, and lost where short; return daily figures."""
    rows = []
    for day in range(-BURN_IN, -BURN_IN + days):
        short = np.array(stock.open_day(day, data))
        asked = np.asarray(demand(day), float)
        sold = asked * (1.0 - short)
        stock.close_day(day, sold.tolist(), (asked - sold).tolist(), (sold * returned).tolist())
        assert_conserved(stock)
        parts = stock.parts()
        coming = sum(pile.coming for row in stock.piles for pile in row)
        rows.append(
            [sum(parts) + 0.5 * sold.sum(), coming, (asked - sold).sum() / max(asked.sum(), 1e-9), *parts]
        )
    return np.array(rows)


def test_the_newsvendor_s_fill() -> None:
    """Stocking normal demand to the critical ratio leaves just that share of periods without shortage."""
    rng = np.random.default_rng(1)
    mean, spread, ratio = 1000.0, 200.0, 0.8  # 4 lost on a unit short, 1 on a unit left over
    safety = Stock.safety_of(ratio)
    short = share_short(safety * spread, spread)
    assert short == pytest.approx(1.0 - ratio)
    demand = rng.normal(mean, spread, 200_000)
    assert (demand > mean + safety * spread).mean() == pytest.approx(short, abs=0.003)
    costs = [4.0 * np.maximum(demand - level, 0).mean() + np.maximum(level - demand, 0).mean() for level in
             (mean + (safety + step) * spread for step in (-0.3, 0.0, 0.3))]  # fmt: skip
    assert costs[1] == min(costs)


@pytest.mark.parametrize("late", [0.0, 0.3])
def test_little_s_law_in_transit(late: float) -> None:
    """What is on its way is the demand rate times the mean lead time, delays included."""
    policy = StockPolicy(lead_days=20.0, on_time=1.0 - late, late_days=10.0)
    rows = live(kept(policy), 900, lambda day: [[60.0, 40.0]])
    transit = rows[300:, 1].mean()
    assert transit == pytest.approx(98.0 * (20.0 + late * 10.0), rel=0.06 if late else 0.01)


def test_steady_demand_meets_the_customary_stock_and_service() -> None:
    rows = live(kept(StockPolicy(days=120.0, service=0.95)), 900, lambda day: [[60.0, 40.0]])
    late = rows[400:]
    assert late[:, 0].mean() == pytest.approx(120.0 * 95.0, rel=0.06)
    assert late[:, 2].mean() == pytest.approx(0.05, rel=0.15)
    assert late[:, 3:].sum(axis=1).mean() == pytest.approx(late[:, 0].mean() - 0.5 * 95.0, rel=1e-3)


def test_stock_too_small_for_its_service_means_steadier_items() -> None:
    stock = kept(StockPolicy(days=20.0))
    rows = live(stock, 600, lambda day: [[60.0, 40.0]])
    assert stock.customary.steadier < 1.0
    assert rows[300:, 0].mean() == pytest.approx(20.0 * 98.0, rel=0.15)


def test_returned_goods_come_back_in_part_and_need_not_be_bought() -> None:
    rows = live(kept(StockPolicy(days=100.0), resell=0.8), 900, lambda day: [[60.0, 40.0]], returned=0.2)
    assert rows[400:, 0].mean() == pytest.approx(100.0 * 98.0, rel=0.08)


LEVERS = ("abc", "vendor_managed", "flexible_capacity", "shared")


@pytest.mark.parametrize("lever", [*LEVERS, "presale", "markdown"])
def test_a_lever_shrinks_stock_at_the_same_service_and_costs_something(lever: str) -> None:
    quiet, acting = (
        live(stock, 1000, lambda day: [[60.0, 40.0]])
        for stock in (kept(StockPolicy(days=120.0)), kept(StockPolicy(days=120.0, **{lever: True})))  # type: ignore[arg-type]
    )
    np.testing.assert_array_equal(quiet[: BURN_IN - 1], acting[: BURN_IN - 1])
    before, after = quiet[-200:], acting[-200:]
    assert 0.5 * before[:, 0].mean() < after[:, 0].mean() < 0.97 * before[:, 0].mean()
    assert after[:, 2].mean() < 0.03
    stock = kept(StockPolicy(days=120.0, **{lever: True}))  # type: ignore[arg-type]
    live(stock, 500, lambda day: [[60.0, 40.0]])
    _, _, cleared, policy = stock.costs(10.0)
    assert (cleared + policy > 0.0) == (lever != "presale")


def test_eighty_days_can_be_reached_and_wanting_it_is_not_enough() -> None:
    """The plans' levers together bring 120 days to 80 at the usual service; the aim alone empties shelves."""
    levers = dict.fromkeys((*LEVERS, "presale", "markdown"), True)
    together = live(kept(StockPolicy(days=120.0, **levers)), 1000, lambda day: [[60.0, 40.0]])  # type: ignore[arg-type]
    assert together[-100:, 0].mean() < 80.0 * 98.0
    assert together[-300:, 2].mean() < 0.03
    only = live(kept(StockPolicy(days=120.0, aim=80.0)), 1000, lambda day: [[60.0, 40.0]])
    assert only[-100:, 0].mean() < 105.0 * 98.0
    assert only[-300:, 2].mean() > 0.05


def test_better_data_needs_less_safety_stock() -> None:
    plain, informed = (
        live(kept(StockPolicy()), 500, lambda day: [[60.0, 40.0]], data) for data in (0.0, 1.0)
    )
    ratio = informed[-200:, 0].mean() / plain[-200:, 0].mean()
    assert 0.75 < ratio < 0.92
    assert informed[-200:, 2].mean() == pytest.approx(plain[-200:, 2].mean(), rel=0.2)


def test_scored_suppliers_are_on_time_more_often() -> None:
    def punctual(policy: StockPolicy) -> float:
        stock, arrived = kept(policy), np.zeros(2)
        for day in range(-BURN_IN, 700):
            stock.open_day(day, 0.0)
            stock.close_day(day, [[60.0, 40.0]], [[0.0, 0.0]], [[0.0, 0.0]])
            if day > 200:
                arrived += (stock.punctual, stock.arrived)
        return float(arrived[0] / arrived[1])

    assert punctual(StockPolicy(on_time=0.8)) == pytest.approx(0.8, abs=0.04)
    assert punctual(StockPolicy(on_time=0.8, supplier_scoring=True)) == pytest.approx(0.88, abs=0.04)


def test_a_surge_leaves_shelves_short_and_a_warned_firm_less_so() -> None:
    def surge(day: int) -> list[list[float]]:
        return [[60.0, 40.0]] if day < 200 else [[150.0, 100.0]]

    rows = live(kept(StockPolicy()), 360, surge)
    assert rows[BURN_IN + 230 : BURN_IN + 250, 2].mean() > 3.0 * rows[200 : BURN_IN + 199, 2].mean()


def test_a_place_that_opens_later_opens_with_its_first_order() -> None:
    stock = kept(StockPolicy(days=90.0))
    rows = live(stock, 700, lambda day: [[60.0, 40.0 if day > 100 else 0.0]])
    assert rows[BURN_IN + 90, 0] == pytest.approx(90.0 * 60.0, rel=0.2)
    assert rows[-100:, 0].mean() == pytest.approx(90.0 * 100.0, rel=0.15)


def test_an_untouched_pile_holds_nothing() -> None:
    pile = Pile()
    assert pile.receive(0) == (0.0, 0.0)
    assert pile.short(0.02) == 0.02
    assert pile.on_hand == 0.0 and OPENING_DAYS > 0


@st.composite
def policies(draw: st.DrawFn) -> StockPolicy:
    """Draw any policy."""
    flags = {name: draw(st.booleans()) for name in (*LEVERS, "supplier_scoring", "presale", "markdown")}
    return StockPolicy(
        days=draw(st.one_of(st.none(), st.floats(0.0, 400.0))),
        aim=draw(st.one_of(st.none(), st.floats(0.0, 400.0))),
        service=draw(st.floats(0.5, 0.999)),
        review_days=draw(st.floats(1.0, 90.0)),
        lead_days=draw(st.floats(1.0, 90.0)),
        on_time=draw(st.floats(0.0, 1.0)),
        late_days=draw(st.floats(0.0, 40.0)),
        start=draw(st.integers(-50, 100)),
        ripen=draw(st.integers(0, 100)),
        **flags,
    )


@settings(max_examples=40, deadline=None)
@given(
    policies(),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["store own", "store", "own", "store own store social"]),
)
def test_goods_are_conserved_every_day_under_any_policy(policy: StockPolicy, seed: int, kinds: str) -> None:
    rng = np.random.default_rng(seed)
    stock = kept(policy, kinds, days=260, groups=2)
    shape = (2, len(kinds.split()))
    live(
        stock,
        250,
        lambda day: (
            rng.uniform(0, 100, shape) * (rng.random(shape) < 0.7) * (8.0 if rng.random() < 0.05 else 1.0)
        ),
        data=float(rng.random()),
        returned=float(rng.random()),
    )
    assert all(np.isfinite(stock.costs(10.0)))


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"days": -1.0}, "stock.days: -1.0"),
        ({"service": 1.0}, "stock.service"),
        ({"on_time": 1.2}, "stock.on_time"),
        ({"lead_days": float("nan")}, "stock.lead_days"),
    ],
)
def test_bad_policies_are_refused_by_name(bad: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        StockPolicy(**bad)  # type: ignore[arg-type]


def test_foresight_knows_the_season_and_the_promotions() -> None:
    setup = simple(10, 400, "own", burn_in=30)
    setup.drivers.demand[:] = 1.0 + 0.3 * np.sin(np.arange(400) / 365 * 2 * np.pi)
    setup.drivers.discount[100:110] = 0.2
    foresight = Foresight(dataclasses.replace(setup, usual=setup.customary()), Values({}), MEMORY)
    plain: Setup = simple(10, 400, "own", burn_in=30)
    assert Foresight(plain, Values({}), MEMORY).ahead(50, 30) == pytest.approx(1.0)
    assert foresight.ahead(20, 60) > 1.05
    assert foresight.ahead(98, 10) > 1.2
    assert foresight.ahead(200, 60) < 0.95
