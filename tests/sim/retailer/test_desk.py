"""The order desk: M/M/1 hours, Little's law, first in first out, orders conserved, automation."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.parameters import Values
from sim.retailer.desk import Desk, OrderDesk
from sim.retailer.foresight import Foresight
from tests.sim.markets import simple


def desk(hours: float = 48.0, days: int = 2000, **values: float) -> Desk:
    known = Values(values)
    setup = dataclasses.replace(simple(10, days, "own"), order_desk=OrderDesk(hours))
    return Desk(OrderDesk(hours), known, Foresight(setup, known, 14.0))


@pytest.mark.parametrize("hours", [12.0, 24.0, 48.0, 120.0])
def test_customary_hours_follow_from_capacity_and_load(hours: float) -> None:
    """Staffed for the customary hours, a steady load takes just these: service time over 1 - utilisation."""
    supply = desk(hours)
    for _ in range(900):
        supply.fulfil(100.0, 0.0)
    assert supply.hours == pytest.approx(hours, rel=1e-3)
    assert supply.handled == pytest.approx(100.0, rel=1e-3)
    utilisation = supply.handled / supply.capacity
    assert supply.hours == pytest.approx(supply.unhurried / (1.0 - utilisation), rel=1e-3)


def test_hours_rise_as_load_nears_capacity_and_work_is_carried_over() -> None:
    supply = desk(hiring_days=90.0)
    for _ in range(600):
        supply.fulfil(100.0, 0.0)
    waits = [supply.fulfil(140.0, 0.0) for _ in range(15)]
    assert waits == sorted(waits)
    assert waits[-1] > 70.0
    assert supply.backlog > 300.0
    after = [supply.fulfil(100.0, 0.0) for _ in range(60)]
    assert after[3] > 55.0
    assert after[-1] < 55.0


def test_little_s_law_and_first_in_first_out() -> None:
    """Mean work is arrivals times the mean hours of those who leave in the order in which they came."""
    supply, rng = desk(), np.random.default_rng(4)
    came, left, work, hours = [], [], [], []
    for day in range(1500):
        supply.fulfil(float(rng.uniform(50, 150)) * (1.5 if day % 100 < 10 else 1.0), 0.0)
        if day >= 300:
            came.append(supply.inflow)
            left.append(supply.handled)
            work.append(supply.backlog)
            hours.append(supply.hours)
    first = work[0] + left[0] - came[0]
    inside = np.cumsum(came) - np.cumsum(left) + first
    np.testing.assert_allclose(inside, work, rtol=1e-6)
    told = float(np.average(hours, weights=left)) / 24.0
    assert np.mean(work) == pytest.approx(np.mean(left) * told, rel=0.02)
    out = np.interp(np.cumsum(came)[:-100] + first, np.cumsum(left), np.arange(len(left)))
    assert float(np.mean(out - np.arange(len(out)))) == pytest.approx(told, rel=0.1)


def test_automation_shortens_hours_and_labour() -> None:
    plain, automated = desk(), desk()
    for _ in range(900):
        plain.fulfil(100.0, 0.0)
        automated.fulfil(100.0, 0.5)
    assert automated.hours < 0.5 * plain.hours
    assert automated.labour == pytest.approx(0.5 * plain.labour, rel=1e-3)
    assert automated.staff < plain.staff
    assert automated.late < plain.late


def test_a_desk_that_opens_later_hires_for_its_first_orders() -> None:
    supply = desk()
    for _ in range(300):
        assert supply.fulfil(0.0, 0.0) == 48.0
    waits = [supply.fulfil(80.0, 0.0) for _ in range(300)]
    assert max(waits) < 50.0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(2.0, 200.0), st.floats(0.0, 0.9), st.floats(1.0, 1000.0))
def test_orders_are_conserved(seed: int, hours: float, saved: float, weight: float) -> None:
    known, rng = Values({}), np.random.default_rng(seed)
    setup = simple(10, 400, "own")
    supply, came, left = Desk(OrderDesk(hours), known, Foresight(setup, known, 14.0), weight), 0.0, 0.0
    for _ in range(300):
        orders = weight * float(rng.poisson(rng.uniform(0, 5)))
        supply.fulfil(orders, saved)
        came, left = came + orders, left + supply.handled
        assert came == pytest.approx(left + supply.backlog + supply.lumps, rel=1e-9, abs=1e-6)
        assert min(supply.backlog, supply.lumps, supply.handled) >= 0.0
        assert supply.handled <= supply.capacity + 1e-9
        assert 0.0 <= supply.late <= 1.0


def test_a_bad_desk_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"order_desk\.hours: 0\.0; expected a number from 1"):
        OrderDesk(0.0)
