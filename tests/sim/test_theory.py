"""Limits in which the market must agree with theory: choice, repeat buying, diffusion, competing risks.

Sizes keep Monte Carlo error inside the tolerances stated; luck is addressed, so results repeat.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import integrate, special, stats

from sim.customers.choice import log_stable
from sim.customers.exchange import EVENTS
from sim.engine.randomness import exponential, unit, word
from sim.ledger import Ledger
from sim.market import Market
from sim.setup import SOURCES
from tests.sim.markets import simple

# Everybody looks in once on the first day, knows all channels, and may buy through any of them.
ONE_DAY = {
    "need_rate": 500.0,
    "need_shape": 1e4,
    "initial_aware": 1.0,
    "switching": 0.0,
    "price_spread": 1e-6,
}
ONE_DAY |= {"pull.walk_in": 1e6, "initial_customers": 0.0, "delay_weight": 0.0}


def counted(ledger: Ledger, event: str) -> np.ndarray:
    """Return a run's events by channel [C]."""
    return ledger.events[:, :, EVENTS.index(event)].sum(axis=0)


def choose(nest: float, appeal: dict[str, float], rival: float, customers: int = 60_000) -> Market:
    """Let everybody choose once among three channels, a rival and nothing."""
    parameters = ONE_DAY | {f"appeal.{name}": value for name, value in appeal.items()}
    setup = simple(customers, 1, "store own marketplace", parameters | {"nest": nest, "rival_appeal": rival})
    market = Market.from_setup(setup, seed=21)
    market.run()
    return market


APPEAL = {"a": 0.3, "b": -0.2, "c": 0.8}


@pytest.mark.parametrize("nest", [1.0, 0.5, 0.3])
def test_choice_shares_are_the_nested_logit_s(nest: float) -> None:
    """MNL shares at dissimilarity 1, nested-logit shares below (McFadden 1978)."""
    rival, customers = 0.4, 60_000
    market = choose(nest, APPEAL, rival, customers)
    weights = np.exp(np.array(list(APPEAL.values())) / nest)
    inside, outside = weights.sum() ** nest, 1.0 + math.exp(rival)
    expected = [
        *(inside / (inside + outside) * weights / weights.sum()),
        math.exp(rival) / (inside + outside),
    ]
    ordered, lost = counted(market.ledger, "orders"), counted(market.ledger, "rival_orders").sum()
    seen = np.array([*ordered, lost]) / customers
    errors = np.sqrt(np.array(expected) * (1 - np.array(expected)) / customers)
    assert np.abs(seen - expected).max() < 4.0 * errors.max()
    table = np.array([*seen, 1 - seen.sum()]) * customers
    wanted = np.array([*expected, 1 - sum(expected)]) * customers
    assert stats.chisquare(table, wanted).pvalue > 1e-3


@pytest.mark.parametrize("index", [0.3, 0.6, 0.95])
def test_stable_variates_have_their_laplace_transform(index: float) -> None:
    """``E exp(-tS) = exp(-t**index)`` is what makes the nested shares exact (Kanter 1975)."""
    draws = [log_stable(unit(word(5, i)), exponential(word(6, i)), index) for i in range(30_000)]
    stable = np.exp(np.array(draws))
    for t in (0.2, 1.0, 3.0):
        assert np.exp(-t * stable).mean() == pytest.approx(math.exp(-(t**index)), abs=0.01)
    assert log_stable(0.3, 0.7, 1.0) == 0.0


def decisions(market: Market) -> np.ndarray:
    """Return each customer's channel on the latest day, -1 for none."""
    chosen = np.full(len(market.customers), -1)
    for customer, channel, _ in market.trade.orders():
        chosen[customer] = channel
    return chosen


@pytest.mark.parametrize("nest", [0.5, 1.0])
def test_improving_a_channel_moves_customers_only_to_it(nest: float) -> None:
    """With explicit errors nobody who switches goes anywhere else, inside a nest or out of it."""
    before = decisions(choose(nest, APPEAL, 0.4))
    after = decisions(choose(nest, APPEAL | {"b": 0.4}, 0.4))
    moved = after[after != before]
    assert len(moved) > 3_000
    assert (moved == 1).all()


def year(customers: int, parameters: dict[str, float], days: int = 365, **levels: Any) -> Market:
    """Return a run of one store where every need is a visit and, unless told otherwise, an order."""
    given = {"pull.walk_in": 1e9, "appeal.a": 30.0, "rival_appeal": -30.0, "distance_decay": 0.0}
    given |= {"dropout": 0.0, "dropout_relief": 0.0, "borrowed_share": 0.0, "initial_customers": 0.0}
    market = Market.from_setup(simple(customers, days, "store", given | parameters, **levels), seed=33)
    market.run()
    return market


def test_own_price_elasticity_is_the_price_weight() -> None:
    """Where few visits convert, the elasticity of a logit is its coefficient times (1 - share)."""
    parameters = {"appeal.a": -4.0, "rival_reaction": 0.0, "need_rate": 0.5, "need_shape": 100.0}
    parameters |= {"price_spread": 1e-6, "pull.walk_in": 1e9}
    orders = [
        counted(year(40_000, parameters, days=20, price=price).ledger, "orders").sum() for price in (1.0, 1.1)
    ]
    share = orders[0] / (40_000 * 20 * (1.0 - math.exp(-0.5)))
    elasticity = math.log(orders[1] / orders[0]) / math.log(1.1)
    assert elasticity == pytest.approx(-2.6 * (1.0 - share), rel=0.08)


@pytest.mark.parametrize("nest", [1.0, 0.5])
def test_own_and_cross_price_elasticities_are_the_nested_logit_s(nest: float) -> None:
    """A dearer channel loses to all others alike in an MNL, and more to its nest's where there is one.

    With u = -w log price, b's share has the own elasticity ``-w (1 / nest - (1 / nest - 1) q - s)``; to b's
    price another channel's has ``w ((1 / nest - 1) q + s)`` and a rival's ``w s``. q is b's share of the
    nest, s of all (Train 2009, ch. 4).
    """
    weight, rise, rival = 2.6, 1.02, 0.4
    seen = []
    for price in (1 / rise, rise):
        parameters = ONE_DAY | {f"appeal.{name}": value for name, value in APPEAL.items()}
        setup = simple(
            120_000, 1, "store own marketplace", parameters | {"nest": nest, "rival_appeal": rival}
        )
        setup.drivers.price[:, 1] = price
        market = Market.from_setup(setup.with_parameters({"rival_reaction": 0.0}), seed=21)
        market.run()
        ordered = counted(market.ledger, "orders")
        seen.append([*ordered, counted(market.ledger, "rival_orders").sum()])
    found = np.diff(np.log(np.array(seen)), axis=0)[0] / math.log(rise**2)
    weights = np.exp(np.array(list(APPEAL.values())) / nest)
    inside = weights.sum() ** nest
    within = weights[1] / weights.sum()
    share = within * inside / (inside + 1.0 + math.exp(rival))
    other = weight * ((1.0 / nest - 1.0) * within + share)
    own = -weight * (1.0 / nest - (1.0 / nest - 1.0) * within - share)
    np.testing.assert_allclose(found, [other, own, other, weight * share], rtol=0.1)


def test_sources_compete_in_proportion_to_their_pull() -> None:
    """Need-driven visits are shared like a logit: by attraction over one plus all attractions."""
    pulls = {"walk_in": 1.5, "direct": 0.6, "organic_search": 0.3, "content": 0.1, "referral": 0.0}
    parameters = {f"pull.{name}": value for name, value in pulls.items()} | {"initial_aware": 1.0}
    parameters |= {"pull.private_domain": 0.0, "pull.qr_code": 0.0, "distance_decay": 0.0, "need_rate": 0.05}
    parameters |= {"need_shape": 1e4, "digital": 0.5, "digital_spread": 1e6, "appeal.store": -30.0}
    parameters |= {"initial_customers": 0.0}
    setup = simple(20_000, 60, "store own", parameters | {"appeal.own": -30.0, "dropout": 0.0})
    visits = Market.from_setup(setup, seed=2).run().visits.sum(axis=(0, 2))
    weights = np.array([pulls["walk_in"], *(0.5 * pulls[name] for name in SOURCES[1:5])])
    expected = 0.05 * 20_000 * 60 * weights / (1.0 + weights.sum())
    assert visits[5:].sum() == 0
    # A day holds one visit at most: of rate 0.034 that hides one visit in sixty.
    np.testing.assert_allclose(visits[:4], expected[:4] * 0.983, atol=4.0 * math.sqrt(expected.max()))


def test_orders_of_a_year_are_negative_binomial() -> None:
    """Poisson needs with gamma rates: the NBD of repeat buying (Ehrenberg 1959)."""
    shape, rate, customers = 0.8, 0.008, 20_000
    market = year(customers, {"need_rate": rate, "need_shape": shape, "appeal.a": 0.0, "rival_appeal": -30.0})
    orders = market.customers.state.orders
    mean = rate * 365 * 0.5  # half of the visits buy: utility 0 against nowhere
    law = stats.nbinom(shape, shape / (shape + mean))
    assert orders.mean() == pytest.approx(mean, rel=0.04)
    assert orders.var() == pytest.approx(mean + mean**2 / shape, rel=0.08)
    assert (orders == 0).mean() == pytest.approx(law.pmf(0), abs=0.012)
    cells = np.append(np.bincount(np.minimum(orders, 8), minlength=9)[:8], (orders >= 8).sum())
    probabilities = np.append(law.pmf(range(8)), law.sf(7))
    assert stats.chisquare(cells, probabilities * customers).pvalue > 1e-3


def test_repeat_orders_follow_the_closed_form_of_gamma_beta_customers() -> None:
    """Gamma rates, beta drop-out after every order, the first included (Batislam, Denizel & Filiztekin 2007).

    A customer of rate l and drop-out p repeats ``(1 - p) / p (1 - exp(-l p t))`` times by t.
    """
    r, alpha, a, b = 0.5, 60.0, 0.8, 2.4  # rates a day
    customers, days = 80_000, 365
    parameters = {"need_rate": r / alpha, "need_shape": r, "dropout": a / (a + b), "dropout_spread": a + b}
    parameters |= {"winback": 0.0, "price_spread": 1e-6}
    market = year(customers, parameters, days=days, entry=np.zeros(customers, np.int64))
    repeats = market.ledger.events[:, 0, EVENTS.index("repeat_orders")].cumsum() / customers
    for t in (30, 90, 180, 364):

        def repeated(p: float, t: float = t) -> float:
            alive = 1.0 - (alpha / (alpha + p * t)) ** r  # the rate's Laplace transform
            return float(stats.beta.pdf(p, a, b) * (1.0 - p) / p * alive)

        expected = integrate.quad(repeated, 0.0, 1.0, points=[1e-4, 1e-2])[0]
        assert repeats[t] == pytest.approx(expected, rel=0.03)
    assert (market.customers.state.orders >= 1).all()


def test_repeat_orders_of_those_who_stay_are_bg_nbd() -> None:
    """Who outlives the first order is a customer of the BG/NBD (Fader, Hardie & Lee 2005), eq. 9.

    Surviving one chance to leave turns Beta(a, b) into Beta(a, b + 1); rates do not depend on it.
    """
    r, alpha, a, b = 0.5, 60.0, 0.8, 2.4  # rates a day
    customers, days = 30_000, 365
    parameters = {"need_rate": r / alpha, "need_shape": r, "dropout": a / (a + b), "dropout_spread": a + b}
    parameters |= {"winback": 0.0, "price_spread": 1e-6, "pull.walk_in": 1e9, "appeal.a": 30.0}
    parameters |= {"rival_appeal": -30.0, "distance_decay": 0.0, "dropout_relief": 0.0, "borrowed_share": 0.0}
    setup = simple(customers, days, "store", parameters, entry=np.zeros(customers, np.int64))
    market = Market.from_setup(setup, seed=34)
    market.step()
    stayed = market.customers.state.lost == 0
    market.run()
    repeats = market.customers.state.orders[stayed] - 1
    b, t = b + 1.0, days - 1
    rest = (alpha / (alpha + t)) ** r * special.hyp2f1(r, b, a + b - 1.0, t / (alpha + t))
    assert repeats.mean() == pytest.approx((a + b - 1.0) / (a - 1.0) * (1.0 - rest), rel=0.03)
    assert (repeats == 0).mean() == pytest.approx((alpha / (alpha + t)) ** r, abs=0.01)


def test_word_of_mouth_spreads_like_bass() -> None:
    """Rare adoption by search (p) and by referral (q) alone: Bass (1969), weekly updated."""
    p, q, days = 0.0008, 0.012, 540
    parameters = {
        "need_rate": 1.0,
        "need_shape": 1e6,
        "digital": 0.5,
        "digital_spread": 1e9,
        "talk_days": 7.0,
    }
    parameters |= {
        f"pull.{name}": 0.0 for name in ("walk_in", "direct", "content", "private_domain", "qr_code")
    }
    parameters |= {"pull.organic_search": p / 0.5, "pull.referral": q / 0.5, "initial_customers": 0.0}
    parameters |= {"appeal.own": 30.0, "rival_appeal": -30.0, "initial_aware": 0.0}
    market = Market.from_setup(simple(20_000, days, "own", parameters), seed=3)
    adopted = market.run().events[:, 0, EVENTS.index("new_customers")].cumsum() / 20_000
    t = np.arange(1, days + 1)
    fading = np.exp(-(p + q) * t)
    bass = (1.0 - fading) / (1.0 + q / p * fading)
    assert 0.9 < bass[-1] < 1.0
    assert np.abs(adopted - bass).max() < 0.035
    assert np.argmax(np.convolve(np.diff(adopted), np.ones(28), "same")) == pytest.approx(
        math.log(q / p) / (p + q), rel=0.12
    )
