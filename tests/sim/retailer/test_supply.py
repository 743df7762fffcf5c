"""The queue of orders obeys Little's law and starts with the first order."""

from __future__ import annotations

import numpy as np
import pytest

from sim.parameters import Values
from sim.retailer.supply import Fulfilment


def desk() -> Fulfilment:
    return Fulfilment(Values({"handling_hours": 24.0, "capacity_ratio": 1.4}))


def test_no_queue_below_capacity() -> None:
    supply = desk()
    assert {supply.fulfil(100.0, 0.0) for _ in range(200)} == {24.0}
    assert supply.fulfil(100.0, 0.5) == 12.0  # automation halves handling


def test_little_s_law() -> None:
    """Over a busy period the mean backlog is the arrival rate times the mean wait of those who arrive."""
    supply = desk()
    for _ in range(400):
        supply.fulfil(100.0, 0.0)
    backlogs, arrivals, waits = [], [], []
    for day in range(120):
        hours = supply.fulfil(220.0 if day < 15 else 90.0, 0.0)
        backlogs.append(supply.backlog)
        arrivals.append(supply.inflow)
        waits.append((hours - supply.base) / 24.0)
    assert max(backlogs) > 300 and backlogs[-1] == 0.0
    wait = np.average(waits, weights=arrivals)
    assert np.mean(backlogs) == pytest.approx(np.mean(arrivals) * wait, rel=0.05)


def test_goods_are_neither_lost_nor_made() -> None:
    """Backlog grows by what comes in and shrinks by what capacity takes out."""
    supply = desk()
    for _ in range(200):
        supply.fulfil(100.0, 0.0)
    for _ in range(30):
        before = supply.backlog
        supply.fulfil(300.0, 0.0)
        handled = before + supply.inflow - supply.backlog
        assert -1e-9 <= handled <= 1.4 * supply.load + 1e-9


def test_a_channel_opened_later_hires_for_its_first_orders() -> None:
    """A desk that averaged in the idle days before would start with weeks of backlog."""
    supply = desk()
    for _ in range(500):
        assert supply.fulfil(0.0, 0.0) == 24.0
    assert max(supply.fulfil(80.0, 0.0) for _ in range(200)) == 24.0


def test_quality_falls_with_delay_online_only() -> None:
    supply = desk()
    quality = supply.quality(np.array([0.7, 0.7, 0.05]), np.array([9.0, 5.0, 9.0]), np.array([0, 1, 1]))
    np.testing.assert_allclose(quality, [0.7, 0.7 - 2 * supply.dislike, 0.0])
