"""Customers as a table: traits have their laws, state its size, and the verbs of an AgentSet work."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from scipy import special, stats

from sim.customers.identity import NEXT
from sim.customers.population import (
    NEUTRAL,
    NEVER,
    State,
    draw_traits,
    first_state,
    leaving,
    quantiles,
    renew,
)
from sim.market import Market
from sim.parameters import Values
from sim.setup import Channel, Drivers, Setup
from tests.sim.markets import eventful


def test_changing_state_fits_in_64_bytes_at_six_channels() -> None:
    channels = tuple(Channel(f"c{c}", "own") for c in range(6))
    setup = Setup(datetime.date(2027, 1, 1), 1, channels, Drivers.constant(1, 6), customers=10)
    traits = draw_traits(10, Values({}), 1)
    state = first_state(setup, Values({}), traits, 1)
    assert sum(column.nbytes for column in state) / 10 <= 64


def test_traits_have_their_laws() -> None:
    given = {"need_rate": 0.02, "need_shape": 0.5, "digital": 0.4, "digital_spread": 5.0, "dropout": 0.2}
    traits = draw_traits(20_000, Values(given | {"dropout_spread": 3.0, "price_spread": 0.5}), 4)
    laws = {
        "rate": stats.gamma(0.5, scale=0.04),
        "digital": stats.beta(2.0, 3.0),
        "proneness": stats.beta(0.6, 2.4),
        "distance": stats.lognorm(0.8, scale=5.0),
    }
    for name, law in laws.items():
        assert stats.kstest(getattr(traits, name).astype(float), law.cdf).pvalue > 1e-3, name
    for name in ("price_sensitivity", "basket"):
        assert getattr(traits, name).mean() == pytest.approx(1.0, rel=0.02)
    pairs = np.corrcoef([column.astype(float) for column in traits])[np.triu_indices(7, 1)]
    assert np.abs(stats.norm.sf(np.abs(pairs) * np.sqrt(20_000))).min() > 1e-4


def test_quantiles_of_many_are_read_off_a_table() -> None:
    luck = np.random.default_rng(2).random(50_000)
    luck[:3] = 1e-16, 1e-9, 1.0 - 2e-16
    for inverse in (lambda u: special.gammaincinv(0.2, u), lambda u: special.betaincinv(0.6, 2.4, u)):
        np.testing.assert_allclose(quantiles(inverse, luck)[1:2], inverse(luck)[1:2], rtol=2e-3)
        np.testing.assert_allclose(quantiles(inverse, luck)[3:], inverse(luck)[3:], rtol=1e-4)


def test_customers_keep_their_quantiles_when_a_parameter_moves() -> None:
    """Paired comparisons need the same customers: a heavier user stays the heavier user."""
    low, high = (draw_traits(2_000, Values({"need_rate": rate}), 1).rate for rate in (0.01, 0.05))
    np.testing.assert_array_equal(np.argsort(low, kind="stable"), np.argsort(high, kind="stable"))


@pytest.mark.parametrize("dropout", [0.0, 1.0])
def test_certain_dropout_is_no_special_law(dropout: float) -> None:
    assert set(draw_traits(10, Values({"dropout": dropout}), 1).proneness.tolist()) == {dropout}


def test_past_orders_lie_in_calendar_months() -> None:
    """An order of k calendar months before the first month is bit k; a year back is at most twelve."""
    setup = eventful(customers=3_000, burn_in=30)
    traits = draw_traits(3_000, Values({}), 1)
    state = first_state(setup, Values({}), traits, 1)
    bought = state.orders > 0
    assert bought.mean() == pytest.approx(
        1.0 - 1.0 / (1.0 - np.log(0.7)), abs=0.03
    )  # E[1 - .7**x], x exponential
    assert (state.recent[~bought] == 0).all()
    begin = setup.start - datetime.timedelta(days=30)
    for i in np.flatnonzero(bought)[:200]:
        date = setup.start + datetime.timedelta(days=int(state.last_order[i]))
        months = (begin.year - date.year) * 12 + begin.month - date.month
        assert state.recent[i] == 1 << months
        assert 0 < (begin - date).days <= 365


def test_renewal_leaves_no_trace_of_the_replaced() -> None:
    setup = eventful(parameters={"renewal": 1.0, "initial_aware": 0.0})
    values = Values(setup.parameters)
    market = Market.from_setup(setup, seed=3)
    market.run()
    state, traits = market.customers.state, market.customers.traits
    state.lost[:50] = 1
    replaced = leaving(state, values, 3, 60)
    assert set(range(50)) <= set(replaced.tolist())
    renew(setup, values, traits.rate, state, 3, 60, replaced)
    fresh = first_state(eventful(entry=np.zeros(300, int)), values, draw_traits(300, values, 3), 3)
    for name in State._fields:
        expected = traits.rate if name == "gate" else getattr(fresh, name)
        if name == "flags":
            expected = np.where(np.isin(np.arange(300), replaced), state.flags // NEXT * NEXT, expected)
            assert (state.flags[replaced] >= NEXT).all()
        np.testing.assert_array_equal(getattr(state, name)[replaced], expected[replaced], err_msg=name)
    assert (state.satisfaction[replaced] == NEUTRAL).all() and (state.first_order[replaced] == NEVER).all()


def test_verbs_of_an_agent_set() -> None:
    market = Market(customers=500, days=30)
    market.run()
    customers = market.customers
    near = customers.select(customers.get("distance") < 5.0)
    assert 0 < len(near) < len(customers) == 500
    assert near.agg("distance", np.max) < 5.0
    assert len(near.select(lambda some: some.get("orders") > 0)) <= len(near)
    groups = customers.groupby("registered")
    assert sum(len(group) for group in groups.values()) == 500
    assert {group.agg("registered", np.max) for group in groups.values()} == set(groups)
    thirds = customers.groupby(np.arange(500) % 3)
    assert [len(group) for group in thirds.values()] == [167, 167, 166]
    frame = near.to_frame()
    assert len(frame) == len(near) and frame.index.name == "customer"
    assert {"rate", "orders", "habit_0", "satisfaction_1"} <= set(frame.columns)
    one = customers[7]
    assert one["orders"] == customers.get("orders")[7] and one["habit"].shape == (2,)


def test_entrants_wait_for_their_day() -> None:
    """Before its first order an entrant does nothing; one whose day lies outside the run never does."""
    entry = np.array([-9, -3, 0, 5, 5, 20, 29, 30, 10_000])
    setup = eventful(customers=9, days=30, burn_in=5, entry=entry, parameters={"need_rate": 2.0})
    market = Market.from_setup(setup, seed=1)
    while market.running:
        market.step()
        here = (entry >= -5) & (entry < market.day)
        state = market.customers.state
        np.testing.assert_array_equal(state.orders > 0, here)
        assert (state.gate[~here] == 0.0).all()
        np.testing.assert_array_equal(state.first_order[here], entry[here])
    first = np.bincount(entry[(entry >= 0) & (entry < 30)], minlength=30)
    new = market.ledger.events[5:, 0, 11]
    np.testing.assert_array_equal(new, first)
