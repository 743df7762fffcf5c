"""Relations with customers in a market: coupons and points accounted for, what they move, what they cost."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.customers.exchange import EVENTS
from sim.customers.identity import RECOGNISED, REFERRED
from sim.ledger import Ledger
from sim.market import Market
from sim.retailer.relations import FEATURES, TRIGGERS, Coupons, Crm, Loyalty, Network, Relations
from sim.retailer.relations_desk import COLUMNS, RelationsDesk, home_of_points
from sim.setup import SOURCES, Channel, Setup
from tests.sim.markets import CHANNELS, RELATIONS, eventful, related

PRIVATE, QR = SOURCES.index("private_domain"), SOURCES.index("qr_code")
BAD = {
    "coupon depth": (lambda: Coupons(online_to_store=0.95), "coupons.online_to_store: 0.95"),
    "coupon days": (lambda: Coupons(days=0), "coupons.days: 0"),
    "points": (lambda: Loyalty(points_rate=-0.1), "loyalty.points_rate"),
    "nan": (lambda: Loyalty(points_rate=float("nan")), "loyalty.points_rate"),
    "rewards": (lambda: Loyalty(rewards=(1e5,)), "loyalty.rewards"),
    "trigger": (lambda: Crm(triggers=("easter",)), "crm.triggers: 'easter'"),
    "personas": (lambda: Crm(personas=-1), "crm.personas"),
    "network": (lambda: Network(0), "network.neighbours"),
    "rewired": (lambda: Network(4, 1.5), "network.rewired"),
    "feature": (lambda: Relations(starts={"cupons": 3}), "no feature 'cupons'"),
    "start": (lambda: Relations(starts={"coupons": 1.5}), "whole day"),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_by_name(case: str) -> None:
    make, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        make()


def test_a_horizon_longer_than_coupons_can_tell_is_refused() -> None:
    setup = eventful(days=9_000, relations=Relations(coupons=Coupons()))
    with pytest.raises(ValueError, match="coupons: horizon"):
        Market.from_setup(setup)


def summed(ledger: Ledger, name: str) -> np.ndarray:
    return np.asarray(ledger.events[:, :, EVENTS.index(name)].sum(axis=1))


def column(ledger: Ledger, name: str) -> np.ndarray:
    return np.asarray(ledger.relations[:, COLUMNS.index(name)])


def assert_coupons_and_points_balance(market: Market) -> None:
    """Issued is redeemed, run out or held; earned is paid with, forfeited or owed: on every day."""
    ledger, state = market.ledger, market.customers.state
    held = (summed(ledger, "coupons_issued") - summed(ledger, "coupons_redeemed")).cumsum()
    np.testing.assert_array_equal(
        held - column(ledger, "coupons_expired").cumsum(), column(ledger, "coupons_held")
    )
    owed = (summed(ledger, "points_earned") - summed(ledger, "points_redeemed")).cumsum()
    np.testing.assert_array_equal(
        owed - column(ledger, "points_forfeited").cumsum(), column(ledger, "points_owed")
    )
    assert (ledger.relations >= 0).all()
    assert RelationsDesk.count(state) == (
        column(ledger, "coupons_held")[-1],
        column(ledger, "points_owed")[-1],
    )


def test_coupons_and_points_balance_every_day() -> None:
    market = Market.from_setup(related(2_000, 120, 20), seed=5)
    while market.running:
        market.step()
        place = market.day + market.setup.burn_in - 1
        held, owed = RelationsDesk.count(market.customers.state)
        row = market.ledger.relations[place]
        assert (row[COLUMNS.index("coupons_held")], row[COLUMNS.index("points_owed")]) == (held, owed)
    assert_coupons_and_points_balance(market)
    assert column(market.ledger, "coupons_expired").sum() > 20
    assert column(market.ledger, "points_forfeited").sum() > 0
    discounts = summed(market.ledger, "discounts")
    assert discounts.sum() > 10 * summed(market.ledger, "points_redeemed").sum() > 0


@settings(max_examples=10, deadline=None)
@given(
    depths=st.tuples(*[st.floats(0.0, 0.9)] * 3),
    days=st.integers(1, 60),
    rate=st.floats(0.0, 1.0),
    rewards=st.lists(st.floats(0.0, 6_000.0), max_size=3),
    known=st.floats(0.0, 1.0),
    seed=st.integers(0, 2**63),
)
def test_they_balance_whatever_is_given(
    depths: tuple[float, ...], days: int, rate: float, rewards: list[float], known: float, seed: int
) -> None:
    given = dataclasses.replace(
        RELATIONS,
        coupons=Coupons(*depths, days=days),
        loyalty=Loyalty(rate, shared=True, tiers=2, rewards=tuple(rewards), referral_reward=3.0),
    )
    market = Market.from_setup(
        related(300, 40, 5, relations=given, parameters={"recognised": known}), seed=seed
    )
    ledger = market.run()
    assert_coupons_and_points_balance(market)
    listed, discounts = summed(ledger, "list_sales"), summed(ledger, "discounts")
    assert (discounts <= listed).all()
    assert (summed(ledger, "returned_sales") <= listed - discounts).all()
    assert (ledger.credited[:, :, 1].sum(axis=1) == listed - discounts).all()


def test_two_threads_give_the_same_bits() -> None:
    runs = [Market.from_setup(related(9_000, 25, 5), seed=7, threads=threads) for threads in (1, 2)]
    first, second = (run.run() for run in runs)
    for name in ("visits", "events", "credited", "relations", "costs"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)
    for one, other in zip(runs[0].customers.state, runs[1].customers.state, strict=True):
        np.testing.assert_array_equal(one, other)


def test_empty_relations_change_nothing_but_what_is_known() -> None:
    plain, empty = (
        Market.from_setup(eventful(1_000, 50, 10, relations=r), seed=2) for r in (None, Relations())
    )
    one, other = plain.run(), empty.run()
    assert summed(other, "referred_orders").sum() > 0
    other.events[:, :, EVENTS.index("referred_orders")] = 0
    for name in ("visits", "events", "credited", "costs"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert "known_active" in other.snapshots[49] and "known_active" not in one.snapshots[49]


def year(seed: int = 3, customers: int = 2_500, **changes: Any) -> Market:
    """Return a quiet year after a quarter of burn-in."""
    calm = {"need_rate": 0.06, "recognised": 0.6, "renewal": 0.0} | changes.pop("parameters", {})
    setup = eventful(customers, 365, 90, shocks=(), effects=(), parameters=calm, **changes)
    setup.drivers.discount[:] = 0.0
    setup.drivers.private[:] = 1.0
    market = Market.from_setup(setup, seed=seed)
    market.run()
    return market


@cache
def without_relations() -> Market:
    return year()


def test_the_share_recognised_is_the_parameter_and_grows_with_data() -> None:
    def recognised(invest: float) -> float:
        setup = eventful(
            3_000,
            365,
            30,
            shocks=(),
            relations=Relations(),
            parameters={"recognised": 0.3, "capability_cost.data": 2e4},
        )
        setup.drivers.invest[1:] += invest  # beyond the first row, which is customary
        ledger = Market.from_setup(setup, seed=1).run()
        snapshot = ledger.snapshots[364]
        return snapshot["recognised"] / snapshot["active"]

    still, invested = recognised(0.0), recognised(400.0)
    assert still == pytest.approx(0.3, abs=0.03)
    assert still + 0.2 < invested < 0.3 + 0.7 * 0.5 + 0.03


def test_who_is_not_recognised_is_counted_once_a_channel() -> None:
    market = year(relations=Relations(), parameters={"recognised": 0.5})
    state, snapshot = market.customers.state, market.ledger.snapshots[364]
    active = (state.recent & np.uint32(0xFFF)) != 0  # nobody is replaced; a month's end has aged the record
    assert snapshot["known_active"] > snapshot["active"] > snapshot["recognised"]
    assert snapshot["known_multichannel"] < snapshot["multichannel"]
    assert active.sum() > 500


def test_coupons_carry_customers_across_and_cost_their_discount() -> None:
    """Online buyers with a coupon for the store, and store buyers with one for online, cross over more."""
    without, given = without_relations(), year(relations=Relations(coupons=Coupons(0.25, 0.25)))
    shares = [
        m.ledger.snapshots[364]["multichannel"] / m.ledger.snapshots[364]["active"] for m in (without, given)
    ]
    assert shares[1] > 1.02 * shares[0]
    assert summed(without.ledger, "discounts").sum() == 0 < summed(given.ledger, "discounts").sum()
    assert given.ledger.visits[:, QR].sum() > 1.2 * without.ledger.visits[:, QR].sum(), "the store's code"
    assert given.ledger.visits[-300:, QR, 2].sum() == 0 < without.ledger.visits[-300:, QR, 2].sum(), (
        "own shops"
    )
    nobody = year(relations=Relations(coupons=Coupons(0.25, 0.25)), parameters={"recognised": 0.0})
    assert summed(nobody.ledger, "coupons_issued").sum() == 0


def test_points_bring_orders_and_are_owed_for() -> None:
    without, given = without_relations(), year(relations=Relations(loyalty=Loyalty(0.05, shared=True)))
    orders = [summed(m.ledger, "orders").sum() for m in (without, given)]
    assert 1.0 < orders[1] / orders[0] < 1.25
    assert column(given.ledger, "points_owed")[-1] > 0
    own = year(relations=Relations(loyalty=Loyalty(0.05)))
    earned = own.ledger.events[:, :, EVENTS.index("points_earned")].sum(axis=0)
    assert earned[1] > 0 == earned[0] == earned[2], "unshared points count in the own shop alone"


def test_new_customers_get_their_rewards_once() -> None:
    market = year(relations=Relations(loyalty=Loyalty(rewards=(10.0, 5.0))))
    assert summed(market.ledger, "points_earned").sum() > 0
    assert summed(market.ledger, "points_earned").sum() % 50 == 0
    assert (market.customers.state.points <= 150).all()


def test_occasions_bring_private_visits_for_money() -> None:
    without, given = (
        without_relations(),
        year(
            relations=Relations(crm=Crm(triggers=TRIGGERS)), parameters={f"{t}_boost": 3.0 for t in TRIGGERS}
        ),
    )
    visits = [m.ledger.visits[90:, PRIVATE].sum() for m in (without, given)]
    assert 1.05 < visits[1] / visits[0] < 2.0
    assert column(given.ledger, "messages").sum() > 0
    spent = given.ledger.costs[90:].sum() - without.ledger.costs[90:].sum()
    assert spent == pytest.approx(column(given.ledger, "relations_costs").sum()) and spent > 0


def test_groups_share_the_same_effort() -> None:
    """Groups get more only where others get less: the mean over the reachable stays one."""
    market = year(relations=Relations(crm=Crm(rfm=True)))
    desk = market.relations
    assert desk is not None and desk.effort.std() > 0.2
    assert desk.mean_factor == pytest.approx(1.0)
    assert column(market.ledger, "messages").sum() == pytest.approx(0.0, abs=1e-6)


def test_personas_saturate_and_each_costs() -> None:
    care = [year(relations=Relations(crm=Crm(personas=n)), customers=500) for n in (1, 4, 100)]
    gains = [m.relations.bonds.care.personas for m in care if m.relations]
    assert gains == pytest.approx([0.0, 0.05, 0.09])
    costs = [column(m.ledger, "relations_costs").sum() for m in care]
    assert costs == pytest.approx([n * 2_000 * 12 for n in (1, 4, 100)])


def rewarded(reward: float) -> Market:
    relations = Relations(loyalty=Loyalty(referral_reward=reward), network=Network())
    return year(relations=relations, parameters={"pull.referral": 0.8, "reward_response": 0.8})


def test_referrals_are_marked_rewarded_and_paid_for() -> None:
    quiet, keen = rewarded(0.0), rewarded(30.0)
    referred = [summed(m.ledger, "referred_orders")[90:].sum() for m in (quiet, keen)]
    visits = [m.ledger.visits[90:, SOURCES.index("referral")].sum() for m in (quiet, keen)]
    assert visits[1] > 1.03 * visits[0]
    assert column(quiet.ledger, "relations_costs").sum() == 0
    assert column(keen.ledger, "relations_costs").sum() == pytest.approx(30.0 * 3.0 * referred[1])
    flags = keen.customers.state.flags
    assert (flags & REFERRED != 0).sum() >= referred[1] and (flags & RECOGNISED != 0).any()


def test_nothing_begins_before_its_day() -> None:
    late = dataclasses.replace(RELATIONS, starts=dict.fromkeys(FEATURES, 30))
    market = Market.from_setup(related(600, 60, 20, relations=late), seed=3)
    ledger = market.run()
    first = ledger.offset + 30
    for name in ("coupons_issued", "points_earned", "care_costs"):
        assert summed(ledger, name)[:first].sum() == 0 < summed(ledger, name)[first:].sum()
    assert column(ledger, "points_owed")[first - 1] == column(ledger, "coupons_held")[first - 1] == 0


def test_daily_tables_tell_of_relations_only_where_there_are_some() -> None:
    setup = eventful(200, 10)
    assert "coupons_issued" not in Market.from_setup(setup).run().daily()
    daily = Market.from_setup(related(400, 30, 0)).run().daily()
    whole = daily[daily.channel == "all"]
    assert set(COLUMNS) <= set(whole) and "care_costs" not in daily
    assert whole.coupons_held.iloc[-1] == daily[daily.channel != "all"][["coupons_issued"]].sum().iloc[0] - (
        daily.coupons_redeemed.sum() + whole.coupons_expired.sum()
    )


def test_points_begin_in_the_own_shops() -> None:
    assert home_of_points(CHANNELS) == 0b010
    assert home_of_points((Channel("a", "store"), Channel("b", "marketplace"))) == 0b01
    assert home_of_points((Channel("b", "marketplace"), Channel("c", "social"))) == 0b11


def test_a_setup_keeps_relations_under_other_parameters() -> None:
    setup: Setup = related(50, 5, 0).with_parameters({"coupon_pull": 1.0})
    assert setup.relations is RELATIONS
