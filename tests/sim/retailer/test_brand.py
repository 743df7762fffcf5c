"""The brand: what builds it, what wears it away, and what it does to trade."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.market import Market
from sim.parameters import Values
from sim.retailer.brand import Brand, BrandState, Usual
from sim.retailer.traffic import MEASURES
from tests.sim.markets import eventful

USUAL = Usual(weight=100.0, quality=0.7, price_gap=0.0, service_gap=0.1, discount=0.05)


def lived(weeks: int, presence: tuple[float, float] = (1.0, 1.0), **seen: float) -> BrandState:
    state = BrandState(Brand(0.4), Values({}))
    for week in range(-52, 0):
        state.live(7 * week, (1.0, 1.0), USUAL)
    for week in range(weeks):
        state.live(7 * week, presence, dataclasses.replace(USUAL, **seen))
    return state


def test_a_brand_stays_what_it_is_while_all_goes_on_as_usual() -> None:
    state = lived(500)
    assert (state.awareness, state.trust) == (pytest.approx(0.4), pytest.approx(0.6))
    assert (state.value, state.worth, state.direct) == (
        pytest.approx(1.0),
        pytest.approx(0.0, abs=1e-12),
        pytest.approx(1.0),
    )


def test_advertising_and_content_build_awareness_slowly_and_neglect_wears_it_away() -> None:
    quarter, years = lived(13, (4.0, 1.0)), lived(500, (4.0, 1.0))
    assert 0.4 < quarter.awareness < years.awareness < 0.5
    assert lived(500, (1.0, 4.0)).awareness > 0.42
    silent = lived(500, (0.0, 0.0))
    assert silent.awareness == pytest.approx(0.55 * 0.4 / 0.6 / (1 + 0.55 * 0.4 / 0.6))
    assert silent.worth < 0.0 and silent.direct < 0.8


def test_everybody_knowing_us_raises_the_odds_of_buying_by_a_tenth_and_at_most_a_fifth() -> None:
    state = lived(0)
    state.awareness = 1.0
    assert np.exp(state.worth) == pytest.approx(1.10)
    bold = BrandState(Brand(0.4), Values({"awareness_conversion": 0.2}))
    bold.awareness = 1.0
    assert np.exp(bold.worth) == pytest.approx(1.20)


def test_service_prices_and_discounts_move_trust() -> None:
    assert lived(500, quality=0.8).trust == pytest.approx(0.66)
    apart = lived(500, price_gap=0.25)
    assert apart.consistency == pytest.approx(0.6)  # a gap of a fifth beyond what is tolerated
    assert apart.trust == pytest.approx(0.5)
    assert lived(500, price_gap=0.05).value == pytest.approx(1.0)
    assert lived(500, discount=0.4).trust == pytest.approx(0.51)
    assert 0.0 <= lived(500, quality=0.0, service_gap=1.0, price_gap=1.0).trust <= 1.0


def neglecting(service: float) -> tuple[float, float]:
    """Return brand value and orders after two years of such service in stores; the site's is as ever."""
    setup = eventful(1_500, 730, burn_in=90, shocks=(), effects=(), brand=Brand(0.4))
    setup.drivers.invest[:], setup.drivers.discount[:], setup.drivers.price[:] = 0.0, 0.0, 1.0
    setup.drivers.service[1:, 0] = service
    ledger = Market.from_setup(setup, seed=6).run()
    return float(ledger.told[-1, MEASURES.index("brand_value")]), float(ledger.events[455:, :, 8].sum())


def test_neglecting_stores_while_going_online_costs_brand_value() -> None:
    """A plan's case lost 40 % of brand value; here two fifths of the service are taken away."""
    kept, kept_orders = neglecting(0.7)
    neglected, orders = neglecting(0.42)
    assert kept == pytest.approx(1.0, abs=0.06)
    assert 0.3 < neglected < 0.75
    assert orders < 0.97 * kept_orders


@pytest.mark.parametrize(("awareness", "trust"), [(0.0, 0.5), (1.0, 0.5), (0.4, 1.2), (float("nan"), 0.5)])
def test_an_impossible_brand_is_refused(awareness: float, trust: float) -> None:
    with pytest.raises(ValueError, match=r"brand\.(awareness|trust): .*; expected a share"):
        Brand(awareness, trust)
