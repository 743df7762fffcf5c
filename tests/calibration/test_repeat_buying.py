"""The model of repeat buying: its likelihood, what it expects, and its path through past and future."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibration.customer_base import customer_base
from calibration.repeat_buying import BuyTillYouDie, fit, log_likelihood, repeat_path
from calibration.series import observed
from tests.calibration.histories import buyers, log

MODEL = BuyTillYouDie(r=0.8, alpha=6.0, a=0.9, b=3.0)


def test_the_likelihood_of_no_order_is_that_of_waiting_longer_than_seen() -> None:
    """Nobody leaves before a first repeat order: the chance of none is the mixture of exponentials alone."""
    weeks = np.array([1.0, 10.0, 100.0])
    none = log_likelihood(MODEL, np.zeros(3), np.zeros(3), weeks)
    assert none == pytest.approx(MODEL.r * np.log(MODEL.alpha / (MODEL.alpha + weeks)))
    assert MODEL.alive(np.zeros(3), np.zeros(3), weeks).tolist() == [1.0, 1.0, 1.0]
    asleep = MODEL.alive(np.full(3, 5.0), np.full(3, 1.0), weeks)
    assert asleep[0] > asleep[1] > asleep[2] > 0.0  # the longer nothing is heard, the likelier gone


def test_the_fit_finds_what_made_the_customers_buy() -> None:
    rng = np.random.default_rng(3)
    count, weeks = 4_000, 60.0
    rate, chance = rng.gamma(MODEL.r, 1 / MODEL.alpha, count), rng.beta(MODEL.a, MODEL.b, count)
    repeats, recency = np.zeros(count), np.zeros(count)
    now, alive = np.zeros(count), np.ones(count, dtype=bool)
    while alive.any():  # buys, and may leave after each order but the first
        now = now + rng.exponential(1 / rate)
        alive &= now < weeks
        repeats, recency = repeats + alive, np.where(alive, now, recency)
        alive &= rng.random(count) >= chance
    found = fit(repeats, recency, np.full(count, weeks))
    assert found.expected(np.array([20.0, 60.0])) == pytest.approx(
        MODEL.expected(np.array([20.0, 60.0])), rel=0.06
    )
    assert found.expected(np.array(60.0)) == pytest.approx(repeats.mean(), rel=0.03)
    assert found.r == pytest.approx(MODEL.r, rel=0.25) and found.a == pytest.approx(MODEL.a, rel=0.35)


def test_it_says_what_lifetimes_says(tmp_path: Path) -> None:
    pytest.importorskip("lifetimes", reason="lifetimes is not installed")
    from calibration.customer_base import bg_nbd

    base = customer_base(log(tmp_path, buyers(300)))
    state = (base.repeats, base.recency, base.age)
    theirs, _ = bg_nbd(base)
    model = BuyTillYouDie(*(float(theirs.params_[name]) for name in ("r", "alpha", "a", "b")))
    alive = np.asarray(theirs.conditional_probability_alive(*state))
    assert model.alive(*state) == pytest.approx(alive, abs=1e-6)
    ahead = np.asarray(theirs.conditional_expected_number_of_purchases_up_to_time(9.0, *state))
    mine = model.alive(*state) * model.expected(9.0, base.repeats, base.age)
    known = np.isfinite(ahead)  # its formula overflows for those who order most
    assert known.sum() > 250 and np.isfinite(mine).all()
    assert mine[known] == pytest.approx(ahead[known], rel=1e-4, abs=1e-6)
    assert fit(*state).expected(np.array(30.0)) == pytest.approx(model.expected(np.array(30.0)), rel=0.02)


def test_its_path_holds_past_and_future_and_those_still_to_come(tmp_path: Path) -> None:
    history = log(tmp_path, buyers(300))
    known = len(history.calendar)
    nobody = repeat_path(history, 6, np.zeros(6, dtype=np.int64))
    some = repeat_path(history, 6, np.full(6, 50))
    assert nobody.repeat.shape == nobody.new.shape == (known + 6,)
    seen = observed(history)["repeat.orders"]
    assert nobody.repeat[:known].sum() == pytest.approx(seen.sum(), rel=0.15)
    assert np.array_equal(some.repeat[:known], nobody.repeat[:known])
    assert (some.repeat[known:] > nobody.repeat[known:]).all() and (nobody.repeat >= 0).all()
    assert some.new[known:].tolist() == [50.0] * 6


def test_too_few_who_came_back_are_refused() -> None:
    with pytest.raises(ValueError, match="came back"):
        fit(np.zeros(100), np.zeros(100), np.full(100, 20.0))
