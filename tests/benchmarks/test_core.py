"""The choice core: shares against theory, habit, luck, and NumPy's form of it."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.speed.core import CHANNELS, HABIT, MODEL, SHARE, CoreMarket
from benchmarks.speed.cores import _options, check_same_shares
from sim.customers.habit import FULL, moved, narrow, widen

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "peers"))
CUSTOMERS = 40_000


def lived(days: int, core: object = MODEL, customers: int = CUSTOMERS) -> CoreMarket:
    market = CoreMarket(customers, days, core=core)
    for _ in range(days):
        market.step()
    return market


def test_first_choices_follow_the_logit() -> None:
    """A day is so short that nobody has bought twice: shares are the multinomial logit's."""
    everybody = lived(1, MODEL._replace(share=1.0))
    value = np.exp(MODEL.worth - MODEL.price_weight * MODEL.price_term + MODEL.habit_weight * HABIT)
    expected = CUSTOMERS * value / value.sum()
    assert everybody.orders.sum() == CUSTOMERS
    assert ((everybody.orders - expected) ** 2 / expected).sum() < 20.5  # chi-square, 5 degrees, one in 1,000


def test_the_share_of_shoppers_is_the_gate_s() -> None:
    days = 20
    orders = lived(days).orders.sum()
    assert abs(orders - SHARE * CUSTOMERS * days) < 4 * math.sqrt(SHARE * CUSTOMERS * days)


def test_a_purchase_moves_the_habits_of_all_channels() -> None:
    market = lived(1, customers=5_000)
    start = narrow(HABIT)
    bought = (market.habit != start).any(axis=1)
    assert bought.sum() == market.orders.sum() > 0
    up, down = (narrow(moved(widen(start), goal, MODEL.habit_gain)) for goal in (1.0, 0.0))
    assert (np.sort(market.habit[bought], axis=1) == [*[down] * (CHANNELS - 1), up]).all()


def test_habit_keeps_customers_with_their_channel() -> None:
    """The channel of the latest purchase has the greatest habit where the gain is a half or more."""
    stayed = []
    for weight in (0.0, 8.0):
        market = CoreMarket(2_000, 40, core=MODEL._replace(share=1.0, habit_weight=weight, habit_gain=0.6))
        for _ in range(39):
            market.step()
        before = market.habit.argmax(axis=1)
        market.step()
        stayed.append((market.habit.argmax(axis=1) == before).mean())
    assert stayed[0] < 0.3 and stayed[1] > 0.9


def test_the_numpy_peer_sells_through_the_same_channels() -> None:
    import numpy_core

    days = 12
    ours = lived(days)
    for style in ({"bits": 16, "chunk": 1_000}, {"bits": 32, "chunk": 65_536}):
        options = _options(style, CUSTOMERS, 1)
        theirs = numpy_core.NumpyCore(CUSTOMERS, options["model"], style["chunk"], style["bits"], seed=3)
        for _ in range(days):
            theirs.step()
        check_same_shares(ours.orders.tolist(), theirs.orders.tolist())
        assert theirs.habit.mean() == pytest.approx(ours.habit.mean() / FULL, abs=1e-3)


def test_another_model_is_found_out() -> None:
    orders = lived(12).orders.tolist()
    with pytest.raises(RuntimeError, match="not the same model: channel 0"):
        check_same_shares(orders, [orders[5], *orders[1:5], orders[0]])
    with pytest.raises(RuntimeError, match="of the peer's"):
        check_same_shares(orders, [2 * count for count in orders])
