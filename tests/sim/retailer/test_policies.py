"""Closed loops: they see the books, conserve money, and do nothing where they are not declared."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.ledger import Ledger
from sim.market import Market
from sim.retailer.governance import ChannelReview, ReserveRelease, Rule
from sim.retailer.policies import BudgetControl, Policy, Reallocation
from sim.setup import Setup
from tests.sim.markets import eventful

DAYS = 200


def market(*rules: Rule, **changes: Any) -> Market:
    given = {"customers": 400, "days": DAYS, "burn_in": 60, "shocks": (), "effects": ()} | changes
    return Market.from_setup(eventful(policies=rules, **given), seed=3)


def lived(*rules: Rule, **changes: Any) -> tuple[Market, Ledger]:
    made = market(*rules, **changes)
    return made, made.run()


@pytest.mark.parametrize(
    "rule",
    [
        Reallocation(step=0.0),
        ReserveRelease((1e4,), np.ones(DAYS), below=0.0),
        ChannelReview((1, 2), least=-1e9),
    ],
)
def test_rules_that_find_nothing_to_do_change_no_bit(rule: Rule) -> None:
    static, ruled = lived()[1], lived(rule)[1]
    assert np.array_equal(static.events, ruled.events) and np.array_equal(static.spend, ruled.spend)


def test_money_moves_to_what_was_seen_to_sell_and_the_day_spends_the_same() -> None:
    parameters = {"cpc.paid_search": 0.2, "cpc.live": 8.0}
    _, static = lived(parameters=parameters)
    _, moved = lived(Reallocation(step=0.3), parameters=parameters)
    before, after = static.spend[60:], moved.spend[60:]
    np.testing.assert_allclose(after[:, :2].sum(axis=1), before[:, :2].sum(axis=1))
    np.testing.assert_array_equal(after[:, 2:], before[:, 2:])  # no last clicks of their own
    share = after[:, 0] / after[:, :2].sum(axis=1)
    planned = before[:, 0] / before[:, :2].sum(axis=1)
    assert share[-1] > planned[-1] + 0.05
    np.testing.assert_array_equal(after[:12], before[:12])  # the first review ends the first month
    monthly = share[[15, 45, 75, 105]]
    assert (np.abs(np.diff(monthly)) <= 0.3).all()
    _, floored = lived(Reallocation(step=0.9, floor=0.2), parameters=parameters)
    assert (floored.spend[60:, 1] / floored.spend[60:, :2].sum(axis=1)).min() >= 0.2 - 1e-9


@pytest.mark.parametrize(("floor", "money"), [(0.9, 1.0), (0.5, 1.0), (0.05, 1e-307), (0.0, 0.0)])
def test_no_floor_and_no_sum_of_money_breaks_the_day_s_total(floor: float, money: float) -> None:
    """A floor as high as the shares leaves nothing to move; next to no money says nothing of returns."""
    made = market(Reallocation(step=0.3, floor=floor))
    planned = made.setup.drivers.spend
    planned *= money
    spent = made.run().spend[60:]
    assert np.isfinite(spent).all()
    np.testing.assert_allclose(spent.sum(axis=1), planned.sum(axis=1))
    if floor >= 0.5:
        assert (spent[:, 1] >= planned[:, 1] * (1.0 - 1e-9)).all(), "less than half of what is moved"


@pytest.mark.parametrize(("below", "to"), [(10.0, "marketing"), (10.0, "service")])
def test_the_reserve_pays_out_when_sales_are_behind_and_never_more_than_it_is(below: float, to: Any) -> None:
    _, static = lived()
    made, ledger = lived(ReserveRelease((5_000.0,), np.ones(DAYS), below=below, part=0.5, to=to))
    policy = made.policies[0]
    outlay = [b.spend.sum() + b.invest.sum() for b in (ledger, static)]
    assert outlay[0] - outlay[1] == pytest.approx(sum(policy.released))  # type: ignore[attr-defined]
    assert 0.0 < sum(policy.released) <= 5_000.0  # type: ignore[attr-defined]
    kept, _ = lived(ReserveRelease((5_000.0,), np.ones(DAYS), below=0.01))
    assert sum(kept.policies[0].released) == 0.0  # type: ignore[attr-defined]


def test_a_stage_releases_the_reserve_whatever_sales_are() -> None:
    made, ledger = lived(ReserveRelease((900.0,), np.ones(DAYS), below=0.0, part=1.0, stage=(60, 100)))
    assert made.policies[0].released == [900.0]  # type: ignore[attr-defined]
    _, static = lived()
    more = (ledger.spend - static.spend).sum(axis=1)[60:]
    assert more[:60].sum() == 0.0 and more.sum() == pytest.approx(900.0)


def test_channels_that_lose_money_are_shut_in_the_end_and_others_are_left_alone() -> None:
    made, ledger = lived(ChannelReview((2,), least=10.0, step=0.3, close_after=2, every=2))
    assert made.policies[0].support == {2: 0.0}  # type: ignore[attr-defined]
    late = ledger.visits[-20:].sum(axis=(0, 1))
    assert late[2] == 0 and late[1] > 0
    back, _ = lived(ChannelReview((1, 2), least=-10.0))
    assert set(back.policies[0].support.values()) == {1.0}  # type: ignore[attr-defined]


def test_watched_budgets_stray_less() -> None:
    def strayed(correct: float) -> float:
        far = []
        for seed in range(6):
            setup = eventful(
                customers=20, days=360, burn_in=0, shocks=(), effects=(), policies=(BudgetControl(correct),)
            )
            ledger = Market.from_setup(setup, seed=seed).run()
            planned = setup.drivers.spend.sum() + setup.drivers.invest.sum()
            far.append((ledger.spend.sum() + ledger.invest.sum()) / planned - 1.0)
        return float(np.sqrt(np.mean(np.square(far))))

    assert 0 < strayed(1.0) < 0.7 * strayed(0.0)


def test_a_rule_of_ones_own_is_a_subclass() -> None:
    class Frugal(Policy):
        every = 2

        def act(self, market: Market, first: int, last: int) -> None:
            market.drivers.spend[first : last + 1] *= 0.5

    made = market()
    made.policies.append(Frugal())
    planned = made.setup.drivers.spend.copy()
    ledger = made.run()
    np.testing.assert_allclose(ledger.spend[60:], 0.5 * planned)
    np.testing.assert_array_equal(made.setup.drivers.spend, planned)  # the plan itself stands


def test_luck_of_spending_is_the_seeds() -> None:
    first, second = (lived(BudgetControl())[1].spend for _ in range(2))
    assert np.array_equal(first, second)
    setup: Setup = dataclasses.replace(market(BudgetControl()).setup)
    assert not np.array_equal(Market.from_setup(setup, seed=4).run().spend, first)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Reallocation(step=1.0),
        lambda: Reallocation(every=0),
        lambda: ReserveRelease((-1.0,), np.ones(2)),
        lambda: ReserveRelease((1.0,), np.ones(2), to="fun"),  # type: ignore[arg-type]
        lambda: ChannelReview((0,), step=2.0),
        lambda: BudgetControl(correct=-0.1),
    ],
)
def test_impossible_rules_are_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        wrong()
