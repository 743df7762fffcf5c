"""Perceived unfairness: who knows several channels minds a gap; without a gap nothing happens."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.customers.exchange import EVENTS
from sim.customers.fairness import perceived_loss
from sim.ledger import Ledger
from sim.market import Market
from sim.retailer.pricing import Pricing
from tests.sim.markets import simple

SEEN = {"need_rate": 0.3, "appeal.a": 0.0, "appeal.b": -0.5, "renewal": 0.0, "rival_reaction": 0.0}


def run(store: float, online: float, pricing: Pricing | None, **parameters: float) -> Ledger:
    setup = simple(3_000, 40, "store own", SEEN | {"initial_aware": 1.0} | parameters)
    setup.drivers.price[:] = [store, online]
    return Market.from_setup(dataclasses.replace(setup, pricing=pricing), seed=9).run()


def orders(ledger: Ledger) -> np.ndarray:
    return ledger.events[:, :, EVENTS.index("orders")].sum(axis=0)


@given(st.floats(-1, 1), st.floats(0, 0.5), st.floats(0, 6))
def test_the_loss_starts_at_the_tolerance_and_grows(gap: float, tolerated: float, weight: float) -> None:
    loss = perceived_loss(gap, tolerated, weight)
    assert loss >= 0.0
    assert perceived_loss(gap + 0.1, tolerated, weight) >= loss
    if gap <= tolerated:
        assert loss == 0.0


def test_without_a_gap_every_decision_is_as_before() -> None:
    for price in (1.0, 1.1):
        without, with_it = run(price, price, None), run(price, price, Pricing())
        np.testing.assert_array_equal(without.events, with_it.events)


def test_a_tolerated_gap_is_not_minded() -> None:
    without, with_it = run(1.0, 0.98, None), run(1.0, 0.98, Pricing())
    np.testing.assert_array_equal(without.events, with_it.events)


def test_a_wide_gap_costs_the_dear_channel_and_more_the_wider_it_is() -> None:
    for dear, prices in ((0, (1.0, 0.9)), (1, (0.9, 1.0))):
        without, with_it = orders(run(*prices, None)), orders(run(*prices, Pricing()))
        assert with_it[dear] < without[dear]
        assert with_it.sum() < without.sum()
    losses = []
    for online in (0.92, 0.85):
        without, with_it = run(1.0, online, None), run(1.0, online, Pricing())
        losses.append(orders(with_it)[0] / orders(without)[0])
    assert losses[1] < losses[0] < 1.0


def test_who_knows_one_channel_sees_no_gap() -> None:
    """Nobody knows the online shop and nobody finds it: the store's customers have nothing to compare."""
    blind = {"initial_aware": 0.0, "initial_customers": 0.0}
    ways = ("direct", "organic_search", "content", "referral", "private_domain", "qr_code")
    blind |= {f"pull.{way}": 0.0 for way in ways}
    without, with_it = (run(1.0, 0.8, pricing, **blind) for pricing in (None, Pricing()))
    assert orders(without)[0] > 100
    np.testing.assert_array_equal(without.events, with_it.events)


def test_two_price_positions_of_one_brand_confuse_who_knows_both() -> None:
    kept, half, opposite = (orders(run(1.0, 1.0, Pricing(consistency=c))).sum() for c in (1.0, 0.5, 0.0))
    assert opposite < half < kept
