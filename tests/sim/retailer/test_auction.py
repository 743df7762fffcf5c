"""Auctions for clicks: who gets what for the money, and that no more is paid than was budgeted."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.market import Market
from sim.parameters import Values
from sim.retailer.auction import Auction, AuctionDesk, Deal
from sim.retailer.creative import Creatives
from sim.retailer.media import MediaDesk, contested, hill
from sim.setup import Medium
from tests.sim.markets import MEDIA, eventful

SEARCH = (Medium("paid_search", "click", "paid_search", half_life=0.0, reference=100.0),)


def clicks(spend: float, pressure: float = 1.0, price: float = 1.0, freshness: float = 1.0) -> float:
    values = Values({})
    desk = MediaDesk(SEARCH, values, np.array([spend]))
    auction = AuctionDesk(Auction({"paid_search": "cpc"}), SEARCH, values)
    return float(auction.reach(desk, np.array([spend]), price, pressure, freshness)[0][0])


@given(st.floats(0.0, 20.0), st.floats(0.5, 3.0), st.floats(0.1, 10.0))
def test_the_contest_is_the_hill_curve_when_all_is_as_today(x: float, shape: float, half: float) -> None:
    relative, one = np.array([x]), np.ones(1)
    np.testing.assert_allclose(
        contested(relative, one, one, shape, half), hill(relative, shape, half), rtol=1e-12
    )


def test_a_click_costs_more_with_own_spend_rivals_and_inflation() -> None:
    normal = 100.0 / clicks(100.0)
    assert normal == pytest.approx(2.0)  # the price of a click at the reference, once and not twice
    assert 200.0 / clicks(200.0) > 1.3 * normal
    assert 100.0 / clicks(100.0, pressure=2.0) == pytest.approx(1.5 * normal)
    assert 100.0 / clicks(100.0, price=1.67) == pytest.approx(1.67 * normal)
    assert 100.0 / clicks(100.0, freshness=1.5) < normal


def test_limits_of_the_contest() -> None:
    assert clicks(0.0) == 0.0
    assert clicks(100.0, pressure=1e9) == pytest.approx(0.0, abs=1e-6)
    everything = 2.0 * 100.0 / 2.0  # all impressions: twice those at the reference, where half are won
    assert clicks(1e12) == pytest.approx(everything)
    assert clicks(100.0, pressure=0.0) == pytest.approx(everything)


def test_bidding_by_the_click_changes_nothing_while_all_is_as_today() -> None:
    plain = eventful(days=40, burn_in=20)
    bidding = dataclasses.replace(plain, auction=Auction({"paid_search": "cpc", "live": "cpc"}))
    ours, theirs = (Market.from_setup(setup, seed=2).run() for setup in (plain, bidding))
    np.testing.assert_array_equal(ours.visits, theirs.visits)
    np.testing.assert_array_equal(ours.spend, theirs.spend)
    np.testing.assert_array_equal(ours.costs, theirs.costs)


DAYS = st.lists(
    st.tuples(st.floats(0.0, 500.0), st.integers(0, 8), st.integers(0, 200)), min_size=5, max_size=120
)


@given(DAYS)
def test_money_given_is_paid_kept_or_returned_every_day(days: list[tuple[float, int, int]]) -> None:
    deal, given_, paid = Deal(0, 6, 0.1), 0.0, 0.0
    for k, (budget, orders, visits) in enumerate(days):
        given_ += budget
        now = deal.settle(budget, float(orders), float(visits + orders), 1.0, k > 3)
        paid += now
        assert now >= 0.0 and deal.purse >= 0.0 and deal.owed >= 0.0
        assert paid <= given_ + 1e-6
        assert paid + deal.purse + deal.returned == pytest.approx(given_, abs=1e-6)


def named(rate: float = 0.05) -> Deal:
    deal = Deal(0, 6, 0.1)
    for day in range(60):
        deal.settle(100.0, 50.0 * rate, 50.0, 1.0, day >= 59)
    return deal


def test_paying_by_the_order_costs_less_when_visitors_order_less() -> None:
    deal = named()
    assert deal.price == pytest.approx(1.1 * 100.0 / (50.0 * 0.05))
    price = deal.price
    good = [deal.settle(100.0, 2.5, 50.0, 1.0, True) for _ in range(20)]
    assert np.mean(good) == pytest.approx(100.0, rel=0.05)
    bad = [deal.settle(100.0, 1.0, 50.0, 1.0, True) for _ in range(60)]
    assert np.mean(bad[-20:]) == pytest.approx(price)  # an order a day
    assert deal.worth == pytest.approx(0.4 + 0.6 * (27 / 28) ** 60, rel=0.01)  # so the platform shows us less
    assert deal.deliver(1e9, 100.0) < 1e9
    for _ in range(200):
        deal.settle(100.0, 1.0, 50.0, 1.0, True)
    assert deal.worth == pytest.approx(1.0, abs=0.05)  # and has a dearer price named in a later quarter
    assert deal.price == pytest.approx(2.5 * price, rel=0.05)


def test_visitors_picked_for_conversion_are_keener_the_more_our_data_say() -> None:
    values = Values({})
    desk = AuctionDesk(Auction({"paid_search": "ocpm"}), SEARCH, values)
    intents = []
    for level in (0.0, 0.5, 1.0):
        intent = np.zeros(10)
        desk.aim(intent, level)
        intents.append(intent[6])
        assert intent.sum() == intent[6]
    assert intents == pytest.approx([0.1, 0.2, 0.3])
    media = MediaDesk(SEARCH, values, np.array([100.0]))
    assert desk.reach(media, np.array([100.0]), 1.0, 1.0, 1.0)[0][0] == pytest.approx(50.0 / 1.1)


def test_more_orders_for_the_money_where_data_are_good() -> None:
    def orders(level: float) -> float:
        setup = eventful(2_000, 120, parameters={"capability_cost.data": 1e9, "hill_shape": 1.0})
        setup = dataclasses.replace(setup, auction=Auction({"paid_search": "ocpm"}), effects=(), shocks=())
        setup.drivers.spend[:, 0] = 400.0
        market = Market.from_setup(setup, seed=4)
        market.retailer.capabilities.level[1] = level
        market.retailer.capabilities.stock[1] = -1e9 * np.log(1.0 - level)
        ledger = market.run()
        return float(ledger.credited[:, 6, 0].sum())

    assert orders(0.9) > 1.05 * orders(0.0)


@pytest.mark.parametrize(
    ("bidding", "said"),
    [
        ({"paid_search": "cpm"}, "auction.bidding.paid_search: 'cpm'; expected one of"),
        ({"tv": "cpc"}, "auction.bidding.tv: no such click medium; expected one of"),
        ({"radio": "cpc"}, "auction.bidding.radio: no such click medium"),
        ({"kol": "cpa"}, "orders from content cannot be attributed"),
    ],
)
def test_impossible_bids_are_refused_by_name(bidding: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match="auction") as refused:
        dataclasses.replace(eventful(days=5), auction=Auction(bidding))
    assert said in str(refused.value)
    assert MEDIA[3].name == "tv"


# Creatives


def freshness(tests: float | None, weeks: int = 52, seeds: int = 30, start: int = 26) -> float:
    """Return mean click-through over the later weeks of a year, and over luck."""
    seen = []
    for seed in range(seeds):
        creatives = Creatives(tests, Values({}), seed)
        for day in range(7 * weeks):
            creatives.run(day, 1.0)
            if day >= 7 * start:
                seen.append(creatives.freshness)
    return float(np.mean(seen))


def test_without_tests_a_creative_wears_down_to_the_floor() -> None:
    creatives = Creatives(0.0, Values({}), 1)
    values = []
    for day in range(730):
        assert creatives.run(day, 1.0) == 0.0
        values.append(creatives.freshness)
    assert (np.diff(values) <= 0).all()
    assert values[27] == pytest.approx(0.6 + 0.4 * 0.5)  # the half-life
    assert values[-1] == pytest.approx(0.6, abs=1e-4)


def test_tests_refresh_and_ever_more_of_them_find_ever_less() -> None:
    few, some, many, legion = (freshness(n) for n in (1.0, 6.0, 48.0, 384.0))
    assert 0.6 < few < some < many < legion
    assert (legion - many) < 0.6 * (some - few) * 3  # eight times as many each time
    assert legion < 2.2
    assert Creatives(None, Values({}), 1).freshness == 1.0


def test_tests_cost_money_and_their_luck_is_the_seeds() -> None:
    one, other = Creatives(2.5, Values({}), 3), Creatives(2.5, Values({}), 3)
    costs = [one.run(day, 1.0) for day in range(28)]
    assert sum(costs) == 10 * 500.0
    for day in range(28):
        other.run(day, 1.0)
    assert one.freshness == other.freshness
    assert Creatives(2.5, Values({}), 3).run(-7, 1.0) == 0.0
