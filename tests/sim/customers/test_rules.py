"""The scalar rules, by hand."""

from __future__ import annotations

import math

import pytest

from sim.customers.choice import nested_utility, utility
from sim.customers.funnel import fills_cart, succeeds
from sim.customers.habit import FULL, moved, narrow, widen
from sim.customers.lifecycle import borrowed_need, dropout_probability
from sim.customers.needs import (
    habit_attraction,
    looks_in,
    need_share,
    stocked_up,
    walk_attraction,
)


def test_fixed_point_is_tight_and_clipped() -> None:
    assert [narrow(x) for x in (-1.0, 0.0, 1.0, 2.0)] == [0, 0, FULL, FULL]
    for quantum in (0, 1, 12_345, 65_534, FULL):
        assert narrow(widen(quantum)) == quantum
    # A slow learner moves: a gain of 0.001 is 65 quanta of a full gap, and 16 bits see it.
    assert narrow(moved(widen(0), 1.0, 0.001)) == 66


def test_utility_by_hand() -> None:
    value = utility(1.0, math.log(1.1), 2.0, 0.5, 0.8, 2.0, 4.0, 1.0, 2.6, 1.0, 1.5, 0.02, 3.0)
    assert value == pytest.approx(1.0 - 5.2 * math.log(1.1) + 0.5 + 0.45 - 0.01 - 3.0)
    # One alternative of utility 1, its Gumbel error .25 as an exponential clock: V + nest (shock + G).
    clock = math.exp(-0.25) / math.exp(1.0 / 0.4)
    assert nested_utility(clock, 0.5, 0.4) == pytest.approx(1.3)


def test_needs_by_hand() -> None:
    assert habit_attraction(0.0, 1.5) == 1.0
    assert walk_attraction(0.5, 10.0, 1.5, 0.08) == pytest.approx(math.exp(0.75 - 0.8))
    assert need_share(0.1, 2.0, 3.0) == pytest.approx(0.05)
    assert stocked_up(0.4, 30.0, 30.0) == pytest.approx(1.0 - 0.4 / math.e)
    assert not looks_in(1e-300, 0.0)
    assert not looks_in(1e-3, 1e-3)  # the gate's bound
    for intensity in (1e-6, 0.02, 0.7, 1.9, 5.0, 40.0):
        chance = -math.expm1(-intensity)
        for near in (0.5, 0.999, 1.001, 1.5):
            assert looks_in(chance * near, intensity) == (near < 1.0)


def test_lifecycle_by_hand() -> None:
    assert dropout_probability(0.2, 0.5, 2.0, 0.0) == 0.2
    assert dropout_probability(0.2, 1.0, 2.0, 0.0) == pytest.approx(0.2 / math.e)
    assert dropout_probability(0.2, 0.5, 2.0, 1.0) == pytest.approx(0.2 / math.e)
    assert dropout_probability(0.9, 0.0, 2.0, 0.0) == 1.0
    assert borrowed_need(0.0, 0.25) == 0.0
    # Of a bump of (1 - d)^-3.63 - 1 a quarter, per unit bought.
    bump = 0.8**-3.63 - 1.0
    assert borrowed_need(0.2, 0.25) == pytest.approx(0.25 * bump / (1.0 + bump))


def test_funnel_steps() -> None:
    assert fills_cart(-1.0, 0.0, 1.5) and not fills_cart(-2.0, 0.0, 1.5)
    assert not succeeds(0.5, 0.5) and succeeds(0.49, 0.5)
