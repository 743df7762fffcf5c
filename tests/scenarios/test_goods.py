"""From a plan to goods, prices and dealers: shares become needs, policies prices; contradictions are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenarios.drivers import setup_for
from scenarios.goods import COST, products_of
from scenarios.plan import Plan, load_plan, scenario_plan
from sim.market import Market
from sim.setup import Setup
from tests.scenarios.test_drivers import lived, planned
from tests.scenarios.test_plan_problems import PLAN, problems_of

LINES = {
    "basic": {"role": "traffic", "share": 0.5, "price": 0.8},
    "fashion": {"role": "profit", "share": 0.4, "price": 1.1, "online_only": True},
    "collector": {"role": "image", "share": 0.1, "price": 2.0},
}


def goods(plan: Plan) -> dict[str, Any]:
    return {product.name: product for product in lived(plan).products}


def test_a_plan_without_products_has_one_group_and_customers_who_compare_prices() -> None:
    setup = lived(planned())
    assert setup.products == ()
    assert setup.dealers is None
    assert setup.pricing is not None and not setup.pricing.dynamic


def test_shares_of_sales_become_needs_by_units_and_the_basket_stays() -> None:
    found = goods(planned(products=LINES))
    units = {name: line["share"] / line["price"] for name, line in LINES.items()}
    for name, product in found.items():
        assert product.need_share == pytest.approx(units[name] / sum(units.values()))
    needs = [p.need_share for p in found.values()]
    assert sum(needs) == pytest.approx(1.0)
    assert sum(p.need_share * p.basket for p in found.values()) == pytest.approx(1.0)
    sales = {name: p.need_share * p.basket for name, p in found.items()}
    assert sales == pytest.approx({name: line["share"] for name, line in LINES.items()})


def test_roles_set_costs_that_leave_the_channel_s_margin() -> None:
    found = goods(planned(products=LINES))
    assert sum(LINES[name]["share"] * p.cost for name, p in found.items()) == pytest.approx(1.0)  # type: ignore[operator]
    assert found["basic"].cost > 1.0 > found["fashion"].cost
    assert found["basic"].cost / found["fashion"].cost == pytest.approx(COST["traffic"] / COST["profit"])
    stated = goods(planned(products=LINES | {"basic": LINES["basic"] | {"gross_margin": 0.2}}))
    assert stated["basic"].margin == 0.2 and stated["fashion"].margin is None


def test_image_goods_are_not_promoted_unless_the_plan_says_so() -> None:
    found = goods(planned(products=LINES))
    assert [found[name].promoted for name in LINES] == [True, True, False]
    told = LINES | {"collector": LINES["collector"] | {"promoted": True}}
    assert goods(planned(products=told))["collector"].promoted


def test_online_only_goods_leave_the_stores_under_that_policy_alone() -> None:
    plain = goods(planned(products=LINES))
    assert plain["fashion"].channels == () and plain["fashion"].dealers
    policies = {"pricing": {"policy": "online_only", "online_gap": -0.06}}
    setup = lived(planned(products=LINES, policies=policies))
    apart = {product.name: product for product in setup.products}
    assert apart["fashion"].channels == ("own",) and not apart["fashion"].dealers
    assert apart["fashion"].price == pytest.approx(0.94)
    assert apart["basic"].price == 1.0 and apart["basic"].channels == ()
    assert (setup.drivers.price == 1.0).all(), "what is sold in both has one price"


def test_levels_and_channels_reach_the_market() -> None:
    line = LINES["basic"] | {"level": 0.9, "channels": ["own"], "fit": {"own": 0.2}, "return_factor": 1.5}
    found = goods(planned(products=LINES | {"basic": line}))["basic"]
    assert (found.price, found.channels, found.fit, found.return_factor) == (0.9, ("own",), {"own": 0.2}, 1.5)


def test_pricing_policies_reach_the_market() -> None:
    pricing = {"policy": "dynamic", "bound": 0.2, "follow": 0.3, "position": "one position"}
    made = lived(planned(policies={"pricing": pricing})).pricing
    assert made is not None
    assert (made.dynamic, made.bound, made.follow, made.consistency) == (True, 0.2, 0.3, 1.0)
    torn = {"position": {"says": "cheap online", "consistency": 0.25}}
    made = lived(planned(policies={"pricing": torn})).pricing
    assert made is not None and made.consistency == 0.25 and not made.dynamic


def test_dealers_reach_the_market() -> None:
    dealers = {"share": 0.6, "tolerated_gap": 0.02, "channel": "store"}
    made = lived(planned(policies={"dealers": dealers})).dealers
    assert made is not None
    assert (made.share, made.tolerated_gap, made.channel) == (0.6, 0.02, "store")


PRODUCTS = "products:\n  plain: {role: profit, share: 0.6}\n  web: {role: event, share: 0.4}\nphases:"
BASE = PLAN.replace("phases:", PRODUCTS)
LAST, PROMOTION = "share: 0.4}\nph", "promotion: {depth: 0.1}"
APART = "share: 0.4, online_only: true, channels: [shop, store]}\nph"
WRONG: list[tuple[str, str, str, str, str]] = [
    # old, new, field, in expected, in message
    (LAST, "share: 0.5}\nph", "products", "sum to 1", "sum to 1.1"),
    (LAST, "share: 0.4, channels: [shp]}\nph", "products.web.channels.0", "shop", "did you mean 'shop'"),
    (LAST, APART, "products.web.channels.1", "online", "'store'"),
    (LAST, "share: 0.4, fit: {moon: 1}}\nph", "products.web.fit.moon", "a channel or a kind", "not known"),
    (LAST, "share: 0.4, price: 0}\nph", "products.web.price", "more than 0", ""),
    (PROMOTION, "pricing: {policy: online_only}", "policies.pricing.policy", "online_only", "no product"),
    (PROMOTION, "dealers: {share: 0.6, channel: stor}", "policies.dealers.channel", "shop, store", "mean"),
    (PROMOTION, "dealers: {share: 0.4, channel: shop}", "policies.dealers.channel", "kind store", "online"),
    (PROMOTION, "dealers: {share: 0.9, channel: store}", "policies.dealers.share", "0.6", "0.9 of sales"),
    (PROMOTION, "dealers: {share: 1.0}", "policies.dealers.share", "less than 1", ""),
    (PROMOTION, "pricing: {bound: 0.9}", "policies.pricing.bound", "at most 0.5", "too large"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "field", "expected", "said"), WRONG)
def test_contradictions_are_refused_by_file_line_and_field(
    tmp_path: Path, old: str, new: str, field: str, expected: str, said: str
) -> None:
    assert BASE.count(old) == 1
    text = BASE.replace(old, new)
    if "promotion" in old:  # the plan's scenario and search speak of the promotion left out
        text = text.replace("scenarios:\n  deep: {policies: {promotion: {depth: 0.3}}}\n", "")
        text = text.split("\nsearch:")[0]
    found = problems_of(tmp_path, text)
    own = [problem for problem in found if problem.field == field]
    assert own, found
    assert own[0].line is not None
    assert expected in own[0].expected
    assert said in own[0].message


def test_a_product_that_no_open_channel_sells_is_told_for_its_scenario(tmp_path: Path) -> None:
    line = "web: {role: event, share: 0.4, channels: [shop]}"
    text = BASE.replace("web: {role: event, share: 0.4}", line)
    text = text.replace(
        "deep: {policies: {promotion: {depth: 0.3}}}",
        "shut: {channels: {shop: {open: false}, store: {share: 1.0}}}",
    )
    found = problems_of(tmp_path, text)
    assert any("no open channel sells the product" in problem.message for problem in found)
    assert all(problem.line is not None for problem in found)


# The bundled plans


def year(name: str, scenario: str = "status_quo", customers: int = 1_000) -> tuple[Setup, Market]:
    plan = scenario_plan(load_plan(name).model_copy(update={"months": 24}), scenario)
    setup = setup_for(plan, {}, 1, customers)
    market = Market.from_setup(setup, seed=1)
    market.run()
    return setup, market


def test_the_mall_sells_its_lines_at_their_shares_and_the_channel_margin() -> None:
    plan = load_plan("online_mall")
    setup, market = year("online_mall", customers=6_000)
    books = {key: values[365:].sum(axis=(0, 2)) for key, values in market.ledger.by_product().items()}
    sales = books["gross_sales"] / books["gross_sales"].sum()
    for g, name in enumerate(plan.products):
        assert sales[g] == pytest.approx(plan.products[name].share, abs=0.035), name
    margin = 1.0 - books["goods"] / (books["net_sales"] + books["discounts"])
    assert margin[0] < margin[1], "what draws earns less than what is there to earn"
    assert (market.ledger.prices == setup.drivers.price[0, 0]).all()


def test_the_mall_s_plan_moves_its_prices_within_bounds() -> None:
    setup, market = year("online_mall", "plan")
    assert setup.pricing is not None and setup.pricing.dynamic
    ratio = market.ledger.prices[365:] / setup.drivers.price
    assert 0.01 < np.abs(np.log(ratio)).max() <= np.log(1.1) + 1e-9


def test_the_producer_keeps_its_dealers_under_one_price_and_loses_them_under_a_gap() -> None:
    standing = {}
    for scenario in ("status_quo", "plan", "online_only_products", "differentiated_promotions"):
        setup, market = year("manufacturer", scenario, customers=500)
        assert setup.dealers is not None and setup.dealers.channel == "dealers"
        standing[scenario] = market.ledger.dealers[-1, 1]
    assert standing["status_quo"] == standing["plan"] == standing["online_only_products"] == 1.0
    assert standing["differentiated_promotions"] < 0.98


def test_the_producer_sells_festival_goods_online_only_where_the_plan_says_so() -> None:
    plan = load_plan("manufacturer")
    setup = setup_for(scenario_plan(plan, "online_only_products"), {}, 1, 500)
    festival = next(product for product in setup.products if product.name == "festival")
    assert festival.channels == ("marketplace", "own_shop", "social")
    usual = products_of(plan, setup.channels, {})
    assert all(product.channels == () for product in usual)
