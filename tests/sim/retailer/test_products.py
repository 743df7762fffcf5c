"""Product groups: drawn by need, bought where they are sold, counted to the last unit; four small roles."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.customers.exchange import EVENTS, ORDERED
from sim.ledger import Ledger
from sim.market import Market
from sim.parameters import Values
from sim.retailer.products import Assortment, Product, check_products
from sim.setup import Channel, Effect, Setup
from tests.sim.markets import CHANNELS, PRODUCTS, assorted, eventful, simple
from tests.sim.test_theory import ONE_DAY

LIST, DISCOUNTS, RETURNED, ORDERS = (
    EVENTS.index(name) for name in ("list_sales", "discounts", "returned_sales", "orders")
)


def assert_groups_balance(ledger: Ledger) -> None:
    """Every unit and every minor unit of money of each day and channel belongs to one group."""
    np.testing.assert_array_equal(ledger.goods.sum(axis=1), ledger.events[:, :, ORDERS])
    for k, event in enumerate((LIST, DISCOUNTS, RETURNED)):
        np.testing.assert_array_equal(ledger.takings[..., k].sum(axis=1), ledger.events[:, :, event])
    assert (ledger.takings[..., 2] <= ledger.takings[..., 0] - ledger.takings[..., 1]).all()
    np.testing.assert_allclose(ledger.by_product()["goods"].sum(axis=1), ledger.money()["goods"], atol=1e-9)


def test_one_neutral_group_is_no_group() -> None:
    """A single group at its reference price in every channel leaves every decision as it was."""
    plain = eventful(days=50, burn_in=10)
    grouped = dataclasses.replace(plain, products=(Product("all", 1.0),))
    without, with_it = (Market.from_setup(setup, seed=7).run() for setup in (plain, grouped))
    np.testing.assert_array_equal(without.events, with_it.events)
    np.testing.assert_array_equal(without.visits, with_it.visits)
    for name, values in without.money().items():
        np.testing.assert_allclose(values, with_it.money()[name], rtol=1e-12)


def test_units_and_money_of_the_groups_are_the_day_s_every_day() -> None:
    setup = assorted(customers=2_000, days=90, burn_in=20)
    market = Market.from_setup(setup, seed=3)
    while market.running:
        market.step()
        orders = market.trade.events[:, :, ORDERS]
        np.testing.assert_array_equal(market.trade.goods[..., ORDERED].sum(axis=1), orders)
    assert_groups_balance(market.ledger)
    sold = market.ledger.goods.sum(axis=(0, 2))
    assert (sold > 0).all()
    festival = market.ledger.goods[:, 3]
    assert festival[:, 0].sum() == 0, "what is sold online only cannot be bought in the shop"
    assert festival[:, 1:].sum() > 0
    assert market.ledger.takings[:, 2, :, 1].sum() == 0, "collector goods are never reduced"
    assert market.ledger.takings[:, 0, :, 1].sum() > 0
    daily = market.ledger.daily()
    shop = daily[daily["channel"] == "site"]
    assert shop["units_festival"].sum() == market.ledger.goods[20:, 3, 1].sum() * 3.0


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_groups_balance(luck: int) -> None:
    rng = np.random.default_rng(luck)
    count = int(rng.integers(2, 5))
    shares, roles = rng.dirichlet(np.ones(count)), ("traffic", "profit", "image", "event", "")
    names = [channel.name for channel in CHANNELS]
    products = tuple(
        Product(
            f"p{g}",
            float(shares[g]),
            roles[int(rng.integers(5))],  # type: ignore[arg-type]
            price=float(rng.uniform(0.5, 2)),
            basket=float(rng.uniform(0.5, 2)),
            margin=None if rng.random() < 0.5 else float(rng.uniform(0, 1)),
            cost=float(rng.uniform(0, 1.5)),
            price_sensitivity=float(rng.uniform(0, 2)),
            fit={"store": float(rng.normal())},
            channels=tuple(name for name in names if rng.random() < 0.6),
            promoted=bool(rng.random() < 0.5),
            return_factor=float(rng.uniform(0, 20)),
        )
        for g in range(count)
    )
    ledger = Market.from_setup(assorted(products=products, days=30, dealers=None), seed=luck).run()
    assert_groups_balance(ledger)
    for g, product in enumerate(products):
        for c, channel in enumerate(CHANNELS):
            assert product.sold_in(channel) or ledger.goods[:, g, c].sum() == 0
    assert all(np.isfinite(values).all() for values in ledger.money().values())


def choose(products: tuple[Product, ...], customers: int = 60_000, **parameters: float) -> Market:
    """Let everybody choose once among three channels, a rival and nothing, each for one group of goods."""
    given = ONE_DAY | {"nest": 1.0, "rival_appeal": 0.4, "appeal.a": 0.3, "appeal.b": -0.2, "appeal.c": 0.8}
    setup = simple(customers, 1, "store own marketplace", given | parameters)
    market = Market.from_setup(dataclasses.replace(setup, products=products), seed=21)
    market.run()
    return market


def test_choice_shares_are_logit_within_each_group() -> None:
    """MNL shares by group and channel: the group's fit, price and sensitivity, and where it is sold."""
    products = (
        Product("plain", 0.5),
        Product("dear", 0.3, price=1.3, price_sensitivity=0.6, fit={"own": 0.5}),
        Product("online", 0.2, channels=("b", "c")),
    )
    customers, worth = 60_000, np.array([0.3, -0.2, 0.8])
    market = choose(products, customers)
    seen = market.ledger.goods.sum(axis=0) / customers
    dear = worth + np.array([0.0, 0.5, 0.0]) - 2.6 * 0.6 * math.log(1.3)
    utilities = [worth, dear, np.array([-np.inf, -0.2, 0.8])]
    for g, (product, values) in enumerate(zip(products, utilities, strict=True)):
        weights = np.exp(values)
        expected = product.need_share * weights / (weights.sum() + 1.0 + math.exp(0.4))
        errors = np.sqrt(expected * (1 - expected) / customers) + 1e-12
        assert (np.abs(seen[g] - expected) < 4.0 * errors).all(), product.name


def orders_at(price: float, sensitivity: float = 1.0, rare: float = -4.0) -> np.ndarray:
    """Return units by group where few visits convert and the second group's list price is ``price``."""
    products = (Product("other", 0.5), Product("own", 0.5, price=price, price_sensitivity=sensitivity))
    parameters = {"appeal.a": rare, "rival_reaction": 0.0, "need_rate": 0.5, "need_shape": 100.0}
    parameters |= {"price_spread": 1e-6, "pull.walk_in": 1e9, "initial_customers": 0.0, "dropout": 0.0}
    setup = dataclasses.replace(simple(40_000, 20, "store", parameters), products=products)
    return Market.from_setup(setup, seed=33).run().goods.sum(axis=(0, 2))


def test_own_price_elasticity_is_the_group_s_and_no_other_group_feels_it() -> None:
    before = orders_at(1.0)
    for sensitivity in (1.0, 0.5):
        after = orders_at(1.1, sensitivity)
        share = before[1] / (20_000 * 20 * (1.0 - math.exp(-0.5)))
        elasticity = math.log(after[1] / before[1]) / math.log(1.1)
        assert elasticity == pytest.approx(-2.6 * sensitivity * (1.0 - share), rel=0.12)
        assert after[0] == before[0], "a visit is for one group: others' prices do not matter to it"


def test_cross_price_elasticity_between_channels_holds_in_each_group() -> None:
    """Of a logit: b gains ``price_weight x share of a`` per log price of a, in both groups."""
    products = (Product("one", 0.6), Product("two", 0.4, fit={"store": -0.7}))
    customers, units = 60_000, []
    for price in (1.0, 1.05):
        parameters = ONE_DAY | {"nest": 1.0, "rival_appeal": 0.4, "appeal.a": 0.3, "appeal.b": -0.2}
        setup = simple(customers, 1, "store own", parameters | {"rival_reaction": 0.0})
        setup.drivers.price[:, 0] = price
        market = Market.from_setup(dataclasses.replace(setup, products=products), seed=5)
        units.append(market.run().goods.sum(axis=0))
    for g, fit in enumerate((0.0, -0.7)):
        weights = [np.exp([0.3 + fit - 2.6 * math.log(price), -0.2]) for price in (1.0, 1.05)]
        shares = [w / (w.sum() + 1.0 + math.exp(0.4)) for w in weights]
        seen, expected = units[1][g] / units[0][g], shares[1] / shares[0]
        # Paired luck: the change of both counts is known better than either.
        assert seen == pytest.approx(expected, abs=0.012)
        assert seen[0] < 1.0 < seen[1]


def test_what_the_shop_does_not_sell_is_looked_for_there_and_bought_online() -> None:
    base = simple(4_000, 60, "store own", {"switching": 1.0, "initial_aware": 1.0, "need_rate": 0.1})
    online = (Product("both", 0.5), Product("online", 0.5, channels=("b",)))
    units = Market.from_setup(dataclasses.replace(base, products=online), seed=2).run().goods.sum(axis=0)
    all_over = (Product("both", 0.5), Product("online", 0.5))
    usual = Market.from_setup(dataclasses.replace(base, products=all_over), seed=2).run().goods.sum(axis=0)
    assert units[1, 0] == 0 < usual[1, 0]
    assert units[1, 1] > usual[1, 1], "some who looked in the shop buy online"
    assert units[1].sum() < usual[1].sum(), "and some do not"


def of_role(role: str, **more: Any) -> Setup:
    """Return an uneventful market with one plain group and one of ``role``."""
    product = Product("it", 0.3, role, **more)  # type: ignore[arg-type]
    quiet: dict[str, Any] = {"shocks": (), "effects": (), "customers": 2_000, "days": 90}
    # Nobody leaves, stocks up or forms habits: what one group sells does not touch the other's needs.
    still = {"dropout": 0.0, "dropout_relief": 0.0, "borrowed_share": 0.0, "habit_gain": 0.0}
    return eventful(products=(Product("rest", 0.7), product), parameters=still, **quiet)


def test_traffic_goods_draw_visits_by_their_price() -> None:
    visits, sold = [], []
    for price in (0.8, 1.0, 1.25):
        ledger = Market.from_setup(of_role("traffic", price=price), seed=4).run()
        visits.append(ledger.visits.sum())
        sold.append(ledger.goods.sum(axis=(0, 2)))
    assert visits[0] > visits[1] > visits[2]
    plain = Market.from_setup(of_role("profit", price=0.8), seed=4).run()
    assert visits[0] > plain.visits.sum()
    assert sold[0][1] > sold[1][1] > sold[2][1]


def test_traffic_goods_at_reference_price_are_plain_goods() -> None:
    setups = [of_role(role) for role in ("traffic", "profit")]
    for setup in setups:
        setup.drivers.discount[:] = 0.0
        setup.drivers.price[:] = 1.0
    one, other = (Market.from_setup(setup, seed=4).run() for setup in setups)
    np.testing.assert_array_equal(one.goods, other.goods)


def test_image_goods_raise_the_worth_of_the_shops_that_show_them() -> None:
    rest = []
    for role, channels in (("profit", ()), ("image", ()), ("image", ("site",))):
        setup = of_role(role, channels=channels)
        setup = setup.with_parameters({"image_worth": 0.15})
        rest.append(Market.from_setup(setup, seed=4).run().goods[:, 0].sum(axis=0))
    assert rest[1].sum() > rest[0].sum()
    assert rest[2][1] > rest[0][1] and rest[2][0] <= rest[0][0], "only where it is shown"


def test_event_goods_wait_for_promotions_and_no_need_is_lost() -> None:
    goods = Assortment((Product("rest", 0.7), Product("it", 0.3, "event")), CHANNELS, Values({}))
    price, none = np.ones(3), np.zeros((2, 3))
    waiting, came = goods.waiting, 0.0
    for day in range(400):
        goods.call(price, none, promotion=day % 90 < 6 and day > 30)
        came += float(goods.needs[1]) / 0.3
        assert goods.needs[0] == 0.7
        if day == 20:
            assert goods.flow == pytest.approx(1.0), "without promotions needs come as they arise"
        if day == 90:
            assert goods.needs[1] > 2 * 0.3
        if day == 100:
            assert goods.needs[1] < 0.3
    assert came + goods.waiting - waiting == pytest.approx(400.0)


def test_event_goods_sell_on_days_of_promotion() -> None:
    ledger = Market.from_setup(of_role("event"), seed=4).run()
    plain = Market.from_setup(of_role("profit"), seed=4).run()
    assert ledger.goods[15:22, 1].sum() > 1.5 * plain.goods[15:22, 1].sum()
    assert ledger.visits.sum() == pytest.approx(plain.visits.sum(), rel=0.1)


def test_margins_and_returns_are_the_group_s() -> None:
    ledger = Market.from_setup(assorted(customers=2_000, pricing=None, dealers=None), seed=1).run()
    books = ledger.by_product()
    sums = {name: values.sum(axis=0) for name, values in books.items()}
    cost = [PRODUCTS[2].goods_share(channel) for channel in CHANNELS]
    np.testing.assert_allclose(cost, 0.3)
    site = 1  # list price 1 all the time
    for g, share in ((0, 1.1 * 0.6), (1, 0.9 * 0.6), (2, 0.3)):
        reference = sums["net_sales"][g, site] + sums["discounts"][g, site]
        kept = reference / PRODUCTS[g].price
        assert sums["goods"][g, site] <= kept * share * 1.001
        assert sums["goods"][g, site] > 0.8 * kept * share
    returned = sums["returned_sales"] / (sums["gross_sales"] - sums["discounts"]).clip(1e-9)
    assert returned[1].mean() > returned[0].mean()


def test_an_initiative_may_improve_one_group() -> None:
    plain = of_role("profit")
    better = dataclasses.replace(plain, effects=(Effect("line", "fit.it", 1.5, start=20),))
    before, after = (Market.from_setup(setup, seed=4).run().goods.sum(axis=2) for setup in (plain, better))
    np.testing.assert_array_equal(before[:20], after[:20])
    assert after[21:, 1].sum() > before[21:, 1].sum()
    assert after[21:, 0].sum() == pytest.approx(before[21:, 0].sum(), rel=0.01)


WRONG = {
    "role": (lambda: Product("x", 1.0, "hero"), "role 'hero'"),  # type: ignore[arg-type]
    "share": (lambda: Product("x", 1.5), "need_share 1.5"),
    "price": (lambda: Product("x", 1.0, price=0.0), "price 0.0"),
    "margin": (lambda: Product("x", 1.0, margin=2.0), "margin 2.0"),
    "fit": (lambda: Product("x", 1.0, fit={"own": math.nan}), "fit"),
    "sum": (lambda: check_products([Product("x", 0.5)], CHANNELS), "sums to 0.5"),
    "twice": (lambda: check_products([Product("x", 0.5)] * 2, CHANNELS), "not unique"),
    "channel": (lambda: eventful(products=(Product("x", 1.0, channels=("mall",)),)), "no channel 'mall'"),
    "place": (lambda: check_products([Product("x", 1.0, fit={"moon": 1.0})], CHANNELS), "fit 'moon'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_refused_by_name(case: str) -> None:
    make, said = WRONG[case]
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        make()


def test_cost_follows_the_channel_unless_a_margin_is_given() -> None:
    store = Channel("s", "store", gross_margin=0.4)
    assert Product("x", 1.0).goods_share(store) == pytest.approx(0.6)
    assert Product("x", 1.0, cost=1.1).goods_share(store) == pytest.approx(0.66)
    assert Product("x", 1.0, margin=0.7, cost=9.0).goods_share(store) == pytest.approx(0.3)
