"""Capabilities ripen slowly, level off, and wear."""

from __future__ import annotations

import numpy as np
import pytest

from sim.parameters import Values
from sim.retailer.capability import EFFECTS, Capabilities

COST = {f"capability_cost.{name}": 1000.0 for name in ("site", "data", "automation", "service", "skill")}


def course(days: int, money: float, lateness: float = 1.0, once: bool = False, **values: float) -> np.ndarray:
    """Return the site's level by day under ``money`` a day (or all on the first day)."""
    able = Capabilities(Values(COST | {"ripening_days": 60.0, "wear": 0.0} | values))
    levels = []
    for day in range(days):
        able.ripen(np.array([money if not once or day == 0 else 0.0, 0, 0, 0, 0]), lateness)
        levels.append(able.level[0])
    return np.array(levels)


def test_money_becomes_capability_along_an_s_curve() -> None:
    level = course(600, 1000.0, once=True)
    assert (np.diff(level) >= 0).all()
    assert ((level >= 0) & (level < 1)).all()
    steepest = int(np.diff(level).argmax())
    assert 15 < steepest < 60  # slow, fast, slow: an Erlang-2 delay of mean 60 days
    assert level[-1] == pytest.approx(1.0 - np.exp(-1.0), abs=1e-3)  # the cost buys 63 %


def test_mean_delay_is_as_stated() -> None:
    stock = -np.log(1.0 - course(2000, 1.0, once=True))
    arrivals = np.diff(np.append(0.0, stock))
    assert (arrivals * np.arange(1, 2001)).sum() / arrivals.sum() == pytest.approx(61.0, rel=0.02)


def test_lateness_delays_and_wear_erodes() -> None:
    assert (course(100, 10.0, lateness=3.0)[5:] < course(100, 10.0)[5:]).all()
    assert course(10, 10.0, lateness=0.0)[-1] > 0.0  # nothing divides by a lateness of nought
    worn = course(3000, 1000.0, once=True, wear=0.3)
    assert worn[-1] < worn.max() / 3


def test_effects_follow_their_capability() -> None:
    able = Capabilities(Values(COST))
    assert set(able.effects.values()) == {0.0}
    for _ in range(400):
        able.ripen(np.full(5, 50.0), 1.0)
    for name, owner in EFFECTS.items():
        assert able.effect(name) == pytest.approx(Values({})[f"effect.{name}"] * able.level[owner])
