"""Lines of a plan that draw people reach the market; what is wrong is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.drivers import setup_for
from scenarios.horizon import with_horizon
from scenarios.plan import Plan, bundled, load_plan, scenario_plan
from scenarios.plan.model import faults
from scenarios.traffic import auction_of, rivals_of
from sim.market import Market
from sim.retailer.brand import Brand
from sim.retailer.content import ContentWork
from sim.setup import Setup
from tests.scenarios.test_drivers import SPLIT, TODAY, planned


def bidding(**budget: Any) -> Plan:
    media = {"paid_search": 0.5, "feed_ads": 0.3, "content": 0.1, "tv": 0.1}
    given = {"year_1": {"total": 1000.0, "split": SPLIT}, "media": media, "today": TODAY}
    return planned(budget=given | budget)


def lived(plan: Plan, scenario: str = "plan") -> Setup:
    return setup_for(scenario_plan(plan, scenario), {}, 1)


def test_bids_act_in_the_plan_and_not_before() -> None:
    plan = bidding(bidding={"paid_search": "cpa", "content": "cpc"})
    auction = lived(plan).auction
    assert auction is not None
    assert (dict(auction.bidding), auction.creatives_per_week) == (
        {"paid_search": "cpa", "content": "cpc"},
        None,
    )
    assert lived(plan, "status_quo").auction is None
    today = TODAY | {"bidding": {"paid_search": "cpc"}, "media": {"paid_search": 1.0}}
    before = lived(bidding(today=today, bidding={"feed_ads": "ocpm"}), "status_quo").auction
    assert before is not None and dict(before.bidding) == {"paid_search": "cpc"}


def test_tested_creatives_run_on_all_clicks_where_no_bid_is_named() -> None:
    plan = planned(
        budget={"year_1": {"total": 1000.0, "split": SPLIT}, "today": TODAY},
        policies={"testing": {"creatives_per_week": 4}},
    )
    auction = lived(plan).auction
    assert auction is not None and auction.creatives_per_week == 4
    assert dict(auction.bidding) == {"feed_ads": "cpc", "paid_search": "cpc"}
    assert auction_of(planned(), ()) is None


def test_content_brand_and_reviews_are_declared_by_their_lines() -> None:
    market = {"population": 1000, "customers": 100, "brand": {"awareness": 0.3}, "reviews": True}
    setup = lived(planned(market=market, policies={"content": {"themes_per_month": 4}}))
    assert setup.content == ContentWork(4) and setup.brand == Brand(0.3, 0.6) and setup.reviews is not None
    plain = lived(planned())
    assert (plain.content, plain.brand, plain.reviews, plain.auction) == (None, None, None, None)
    assert (plain.presales, plain.rivals) == ((), ())


def rivalled(*rivals: dict[str, Any], months: int = 24) -> Plan:
    return planned(market={"population": 1000, "customers": 100, "rivals": list(rivals)}, months=months)


def test_rivals_open_in_their_month_or_by_a_luck_that_scenarios_share() -> None:
    chance = {"name": "b", "kind": "live", "entry_chance": 0.5}
    plan = rivalled({"name": "a", "behaviour": ["war"]}, {"name": "c", "entry_month": 3}, chance)
    entries = [{r.name: r.enters for r in rivals_of(plan, seed)} for seed in range(300)]
    assert all(found["a"] is None and found["c"] == 59 for found in entries)
    days = [found["b"] for found in entries if "b" in found]
    assert len(days) / 300 == pytest.approx(0.75, abs=0.07)
    assert all(day is not None and 0 <= day < plan.days for day in days)
    for seed in range(5):
        assert rivals_of(scenario_plan(plan, "status_quo"), seed) == rivals_of(plan, seed)


def test_a_shorter_plan_leaves_out_rivals_that_would_open_later() -> None:
    plan = rivalled({"name": "a"}, {"name": "late", "entry_month": 20})
    assert [rival.name for rival in with_horizon(plan, 12).market.rivals] == ["a"]


def test_impossible_rivals_and_bids_are_refused() -> None:
    with pytest.raises(ValueError, match="opens in a month or by chance"):
        rivalled({"name": "x", "entry_month": 3, "entry_chance": 0.5})
    said = [fault.message for fault in faults(rivalled({"name": "x", "entry_month": 30}, {"name": "x"}))]
    assert said == ["the rival opens after the plan has ended", "two rivals have the same name"]
    with pytest.raises(ValueError, match="tv is not bought by the click"):
        bidding(bidding={"tv": "cpc"})
    with pytest.raises(ValueError, match="orders from content cannot be told"):
        bidding(bidding={"content": "cpa"})
    with pytest.raises(ValueError, match="a week has seven days"):
        planned(market={"population": 1000, "season": {"weekdays": [1.0, 2.0]}})


def test_the_bundled_plans_declare_what_their_texts_speak_of() -> None:
    setups = {name: lived(load_plan(name)) for name in bundled()}
    dept = setups["ecommerce_dept"]
    assert dept.auction is not None and set(dept.auction.bidding.values()) == {"cpc", "cpa", "ocpm"}
    assert 5 <= (dept.auction.creatives_per_week or 0) <= 8
    assert dept.content is not None and 3 <= dept.content.themes_per_month <= 5
    assert dept.brand is not None and dept.reviews is not None
    assert {rival.kind for rival in setups["offline_to_online"].rivals} >= {"online", "live"}
    assert setups["offline_to_online"].presales
    assert any("war" in rival.behaviour for rival in setups["online_mall"].rivals)
    assert all(lived(load_plan(name), "status_quo").auction is None for name in bundled())
    named = {line.split(":")[0] for name in bundled() for line in load_plan(name).not_modelled()}
    assert not {"market.rivals", "policies.promotion.presale", "policies.content.themes_per_month"} & named
    assert "policies.testing.creatives_per_week" not in named


def test_a_status_quo_keeps_its_brand_and_its_rivals_quiet() -> None:
    plan = scenario_plan(load_plan("ecommerce_dept"), "status_quo")
    market = Market.from_setup(setup_for(plan, {}, 1, 1_000), seed=1)
    market.run()
    brand = market.retailer.traffic.brand  # type: ignore[union-attr]
    assert brand is not None and brand.value == pytest.approx(1.0, abs=0.05)
    assert abs(float(market.rivals.edge.max())) < 0.05
