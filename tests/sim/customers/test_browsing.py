"""On the pages: search, detail pages, favourites and speed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.customers.exchange import EVENTS
from sim.customers.funnel import pages_seen
from sim.indicators import evaluate
from sim.ledger import Ledger
from sim.market import Market
from sim.parameters import Values
from sim.retailer.pages import FunnelSteps, Pages
from sim.setup import Effect, Setup
from tests.sim.markets import browsed, related, simple

BUSY = {"need_rate": 0.6, "appeal.a": -0.5, "bounce.a": 0.4}


def shop(funnel: bool = True, days: int = 120, **parameters: float) -> Setup:
    made = simple(1_000, days, "own", BUSY | parameters)
    return made if not funnel else with_funnel(made)


def with_funnel(setup: Setup, *effects: Effect) -> Setup:
    import dataclasses

    return dataclasses.replace(setup, funnel=FunnelSteps(), effects=effects)


def events(ledger: Ledger) -> dict[str, float]:
    return dict(zip(EVENTS, ledger.events[ledger.offset :].sum(axis=(0, 1)).tolist(), strict=True))


def test_pages_follow_a_geometric_law() -> None:
    draws = (np.arange(200_000) + 0.5) / 200_000
    seen = np.array([pages_seen(float(u), 2.0) for u in draws])
    assert seen.min() == 1
    assert seen.mean() == pytest.approx(3.0, rel=1e-3)
    assert (seen == 1).mean() == pytest.approx(1 / 3, rel=1e-3)
    assert pages_seen(1e-9, 0.0) == 1


def test_where_nothing_ends_a_visit_the_funnel_only_counts() -> None:
    plain = Market.from_setup(shop(funnel=False, search_exit=0.0), seed=3).run()
    followed = Market.from_setup(shop(search_exit=0.0), seed=3).run()
    np.testing.assert_array_equal(plain.visits, followed.visits)
    count = EVENTS.index("page_views")
    np.testing.assert_array_equal(plain.events[..., :count], followed.events[..., :count])
    assert not plain.events[..., count:].any()


@pytest.mark.parametrize("seed", [1, 2])
def test_every_visit_and_search_is_accounted_for_daily(seed: int) -> None:
    ledger = Market.from_setup(browsed(customers=600, trial=None), seed=seed).run()
    day = {name: ledger.events[:, :, e] for e, name in enumerate(EVENTS)}
    online = ledger.visits[:, :, 1:].sum(axis=1)
    left = online - day["bounces"][:, 1:] - day["gave_up"][:, 1:]
    assert (left >= 0).all()
    assert (day["gave_up"] <= day["failed_searches"]).all()
    assert (day["failed_searches"] <= day["searches"]).all()
    assert (day["search_orders"] <= day["searches"]).all()
    least = online + day["searches"][:, 1:] + left
    assert (day["page_views"][:, 1:] >= least).all()  # a first page, a list of hits, one detail page at least
    assert not day["page_views"][:, 0].any(), "stores have no pages"


def test_shares_and_page_views_are_what_the_parameters_say() -> None:
    found = events(Market.from_setup(shop(search_use=0.4, search_success=0.7), seed=5).run())
    stayed = found["searches"] / 0.4
    assert found["failed_searches"] / found["searches"] == pytest.approx(0.25, abs=0.03)  # of kind own
    assert found["gave_up"] / found["failed_searches"] == pytest.approx(0.5, abs=0.04)
    views = found["bounces"] + stayed + found["searches"] + 3.0 * (stayed - found["gave_up"])
    assert found["page_views"] == pytest.approx(views, rel=0.03)
    assert found["favourites"] > 0


def conversion(setup: Setup, seed: int = 7) -> float:
    ledger = Market.from_setup(setup, seed=seed).run()
    return float(events(ledger)["orders"] / ledger.visits[ledger.offset :].sum())


def test_a_search_that_finds_more_sells_more_and_one_that_fails_less() -> None:
    usual = conversion(shop(search_use=0.6))
    better = conversion(with_funnel(shop(search_use=0.6), Effect("finder", "search_success", 1.3)))
    worse = conversion(with_funnel(shop(search_use=0.6), Effect("broken", "search_success", 0.5)))
    assert better / usual == pytest.approx((1 - 0.6 * 0.025 * 0.5) / (1 - 0.6 * 0.25 * 0.5), rel=0.02)
    assert worse < usual < better


def test_pages_a_tenth_slower_cost_two_per_cent_of_conversion() -> None:
    values = Values({"page_time.a": 1.1, "bounce.a": 0.5})
    setup = with_funnel(simple(10, 5, "own", {"page_time.a": 1.1, "bounce.a": 0.5}))
    pages = Pages.of(setup, values, 1)
    assert pages is not None
    passed = float((pages.stay * pages.complete)[0])
    assert passed == pytest.approx(0.98, abs=1e-3)
    slow = {"mobile_completion.a": 0.6, "desktop_completion.a": 0.6}
    usual = conversion(shop(**slow))
    assert conversion(shop(**slow, **{"page_time.a": 1.5})) / usual == pytest.approx(
        1.5 ** math.log(0.98, 1.1), rel=0.02
    )
    assert conversion(shop(**slow, **{"page_time.a": 0.7})) > usual


def test_site_capability_saves_failed_searches() -> None:
    pages = Pages.of(with_funnel(shop()), Values({}), 1)
    offer = Market.from_setup(shop(days=2)).retailer
    assert pages is not None and offer is not None
    from sim.customers.browsing import FOUND

    found = []
    for level in (0.0, 0.5, 1.0):
        market = Market.from_setup(with_funnel(shop(days=3)))
        market.retailer.capabilities.level[0] = level
        assert market.pages is not None
        market.step()
        found.append(float(market.pages.steps[FOUND]))
    assert found == pytest.approx([0.75, 0.75 + 0.25 * 0.15, 0.75 + 0.25 * 0.3])


def test_indicators_are_there_where_visits_are_followed() -> None:
    for setup, there in ((browsed(days=40, trial=None), True), (related(days=40), False)):
        ledger = Market.from_setup(setup, seed=2).run()
        table = evaluate(ledger, [(0, 39)], ["page_views", "favourite_rate", "search_conversion"])
        whole = table[table["channel"] == "all"].set_index("kpi")["value"]
        assert bool(whole.notna().all()) == there and bool(whole.isna().all()) != there
        assert ("page_views" in ledger.daily().columns) == there


def test_detail_pages_that_are_worth_more_sell_more() -> None:
    better = with_funnel(shop(), Effect("details", "page_worth", 1.2))
    assert conversion(better) > 1.05 * conversion(shop())
