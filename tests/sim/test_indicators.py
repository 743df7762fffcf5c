"""Indicators and snapshots against definitions applied by hand."""

from __future__ import annotations

import dataclasses
import datetime
import math

import numpy as np
import pytest

from sim.customers.exchange import EVENTS
from sim.customers.stages import ordered_again
from sim.indicators import ALIASES, INDICATORS, evaluate, months_and_years
from sim.ledger import Ledger
from sim.market import Market
from sim.retailer.operations import MEASURES
from sim.setup import SOURCES, Channel, Drivers, Medium, Setup, Shock
from tests.sim.markets import eventful


def booked() -> Ledger:
    """Return a ledger of two days and two channels with round figures."""
    setup = Setup(
        datetime.date(2027, 3, 1),
        2,
        (
            Channel("shop", "store", cost_per_order=1.0, gross_margin=0.5),
            Channel("site", "own", 0.1, 2.0, 0.4),
        ),
        Drivers.constant(2, 2, 2),
        (Medium("paid_search", "click", "paid_search"), Medium("tv", "broadcast")),
        weight=10.0,
    )
    ledger = Ledger(setup)
    for day in (0, 1):
        ledger.visits[day, SOURCES.index("walk_in"), 0] = 20
        for source, count in {"direct": 30, "content": 10, "paid_search": 40, "private_domain": 20}.items():
            ledger.visits[day, SOURCES.index(source), 1] = count
        site = {"bounces": 40, "new_visitors": 25, "carts": 20, "checkouts": 12, "mobile_checkouts": 8}
        site |= {"mobile_orders": 4, "registrations": 5, "submitted": 10, "orders": 8, "stockouts": 1}
        site |= {"new_customers": 2, "repeat_orders": 6, "list_sales": 80_000, "discounts": 8_000}
        site |= {"returned_sales": 12_000, "returns": 2}
        shop = {"orders": 10, "new_customers": 1, "repeat_orders": 9, "list_sales": 100_000}
        for c, events in enumerate((shop, site)):
            for name, count in events.items():
                ledger.events[day, c, EVENTS.index(name)] = count
        ledger.credited[day, SOURCES.index("paid_search")] = (3, 27_000)
        ledger.spend[day] = (300.0, 100.0)
        ledger.invest[day, 0], ledger.costs[day], ledger.operations[day, 1] = 50.0, 7.0, (30.0, 4.0, 0.02)
        for name, value in FIRM.items():
            ledger.firm[day, MEASURES.index(name)] = value
    ledger.loss[1] = 99.0
    ledger.snapshots[1] = {"active": 40.0, "active_before": 50.0, "kept": 30.0, "repeated": 20.0}
    ledger.snapshots[1] |= {"known_members": 15.0, "multichannel": 4.0, "aware": 2_500.0, "satisfaction": 0.7}
    ledger.snapshots[1] |= {"promoters": 16.0, "detractors": 6.0, "opinions": 40.0}
    return ledger


FIRM = {"stock": 900, "units_sold": 180, "arrived": 200, "punctual": 150, "handled_orders": 80}
FIRM |= {"late_orders": 8, "handling_hours": 40, "service_hours": 5, "contacts": 50, "answered": 30}
FIRM |= {"service_cost": 250, "complaints": 9, "bookings": 10, "bookings_answered": 6, "carbon": 90}
FIRM |= {"packing_waste": 45, "holding": 30, "write_offs": 4, "automated_handling": -10}
# Per day, in real units: site list 8000, discount 800, returned 1200, net 6000; shop 10 000.
SITE_GOODS = 8_000 * 0.6 * 6_000 / 7_200
BY_HAND = {
    "visits": 2_000,
    "organic_share": 0.4,
    "paid_share": 0.4,
    "private_domain_share": 0.2,
    "referral_share": 0.0,
    "new_visitor_share": 0.25,
    "bounce_rate": 0.4,
    "conversion": 0.08,
    "mobile_conversion": 0.5,
    "add_to_cart_rate": 0.2,
    "registration_rate": 0.05,
    "payment_success": 0.9,
    "orders": 360,
    "basket": (10_000 + 7_200) / 180,
    "gross_sales": 36_000,
    "net_sales": 32_000,
    "online_share": 6 / 16,
    "discount_rate": 800 / 18_000,
    "return_rate": 2 / 18,
    "gross_margin": (16_000 - 5_000 - SITE_GOODS) / 16_000,
    "traffic_cost": 800 / 2_000,
    "cpc": 600 / 800,
    "cac": 800 / 60,
    "roas": 32_000 / 800,
    "paid_roi": 2 * 2_700 / 600,
    "acos": 600 / 5_400,
    "contribution": 2 * (16_000 - 5_000 - SITE_GOODS - 600 - 100 - 160) - 800,
    "operating_profit": 2 * (16_000 - 5_000 - SITE_GOODS - 600 - 100 - 160) - 800 - 100 - 14 - 99 - 48,
    "operating_cost_ratio": (2 * (600 + 260) + 800 + 100 + 14 + 48) / 32_000,
    "order_hours": 30.0,
    "delivery_days": 4.0,
    "stockout_rate": 2 / 38,
    "active_customers": 400,
    "members": 150,
    "new_customers": 60,
    "repurchase_365": 0.4,
    "retention": 0.6,
    "churn": 0.4,
    "multichannel_share": 0.1,
    "awareness": 0.5,
    "satisfaction": 0.7,
    "risk_loss": 99.0,
    "sentiment": 2 * 0.7 - 1,
    "content_interaction": 0.08 * 2 * 10 * 10,
    "inventory_days": 5.0,
    "supplier_on_time": 0.75,
    "on_time_rate": 0.9,
    "repetitive_hours": 40.0,
    "labour_hours_per_order": 0.25,
    "response_rate": 0.6,
    "service_cost": 500.0,
    "complaint_rate": 0.05,
    "booking_response": 0.6,
    "carbon": 0.5,
    "packing_waste": 0.25,
    "value_per_user": 32_000 * 365 / 2 / 400,
    "nps": 25.0,
    "cash_flow": 2 * (16_000 - 5_000 - SITE_GOODS - 600 - 100 - 160) - 800 - 100 - 14 - 99 - 48,
    "capital_spend": 0.0,
    "operating_spend": 800 + 100 + 14,
    "maturity": 0.0,
    "platform_share": 0.0,
}


def test_formulas_by_hand() -> None:
    table = evaluate(booked(), [(0, 1)])
    whole = table[table.channel == "all"].set_index("kpi").value
    for key, expected in BY_HAND.items():
        assert whole[key] == pytest.approx(expected), key
    modelled = {key for key, indicator in INDICATORS.items() if indicator.modelled}
    elsewhere = {"operating_margin", "ltv", "new_customer_repurchase_90"}
    elsewhere |= {
        "budget_variance",
        "skill_share",
        "project_delay",
        "recovery_days",
    }  # tests/sim/retailer/test_programme.py
    elsewhere |= {"page_views", "favourite_rate", "search_conversion"}  # tests/sim/customers/test_browsing.py
    elsewhere |= {key for key, indicator in INDICATORS.items() if indicator.derived}
    assert modelled - set(BY_HAND) == elsewhere
    site = table[table.channel == "site"].set_index("kpi").value
    assert site["conversion"] == 0.08 and site["visits"] == 2_000 and site["net_sales"] == 12_000
    shop = table[table.channel == "shop"].set_index("kpi").value
    assert shop["visits"] == 400 and shop["conversion"] == 0.5
    # A channel bears the media by visits that were sought: all of them are the site's.
    assert shop["contribution"] == pytest.approx(2 * (10_000 - 5_000 - 100))
    assert site["contribution"] + shop["contribution"] == pytest.approx(whole["contribution"])
    assert set(table.unit) <= {"share", "currency", "count", "ratio", "hours", "days", "index"}


def test_nothing_undefined_is_made_up() -> None:
    setup = Setup(datetime.date(2027, 1, 1), 3, (Channel("a", "own"),), Drivers.constant(3, 1))
    table = evaluate(Ledger(setup), [(0, 2)]).query("channel == 'all'").set_index("kpi").value
    for key in ("conversion", "basket", "roas", "cac", "online_share", "repurchase_365", "cpc"):
        assert math.isnan(table[key]), key
    assert table["net_sales"] == 0.0


def test_registry_is_bilingual() -> None:
    for key, indicator in INDICATORS.items():
        assert key == indicator.key and indicator.en and indicator.zh
        assert any("\u4e00" <= sign <= "\u9fff" for sign in indicator.zh)
    assert set(ALIASES.values()) <= set(INDICATORS)


def test_windows_are_calendar_months_and_trailing_years() -> None:
    windows = months_and_years(datetime.date(2027, 1, 1), 731)
    months = [w for w in windows if w[1] - w[0] < 32]
    years = [w for w in windows if w[1] - w[0] == 364]
    assert len(months) == 24 and len(years) == 13 and len(windows) == 37
    assert months[:2] == [(0, 30), (31, 58)] and years[0] == (0, 364) and years[-1] == (366, 730)
    assert [a[1] + 1 for a in months[:-1]] == [b[0] for b in months[1:]]


def test_windows_of_a_start_within_a_month() -> None:
    """The first window is what the horizon holds of its month; a last month cut short is left out."""
    start = datetime.date(2027, 1, 20)
    windows = months_and_years(start, 60)
    ends = [start + datetime.timedelta(last) for _, last in windows]
    assert windows == [(0, 11), (12, 39)]
    assert [(end.month, end.day) for end in ends] == [(1, 31), (2, 28)]
    assert months_and_years(start, 5) == [(0, 4)]
    assert months_and_years(datetime.date(2027, 2, 1), 28) == [(0, 27)]


def test_repeaters_by_hand() -> None:
    """Bit k: an order k months ago. The year before is bits 12-23; its first order starts the clock."""

    def repeated(*months: int) -> int:
        return int(ordered_again(sum(1 << m for m in months)))

    assert repeated(20) == 0
    assert repeated(20, 8) == 1  # twelve months later counts
    assert repeated(20, 7) == 0  # thirteen do not
    assert repeated(20, 15, 3) == 1
    assert repeated(5, 3) == 0  # customers of this year only are not asked
    assert repeated(24, 13, 5) == 1  # the first order of the year before is bit 13
    assert repeated(12, 0) == 1


def months_of(market: Market) -> tuple[list[tuple[int, int]], dict[tuple[int, int], set[int]]]:
    """Run the market; return (person, customer) pairs and the calendar months in which each person ordered.

    A slot that is renewed holds another person from then on.
    """
    setup, slots = market.setup, np.zeros(market.setup.customers, int)
    months: dict[tuple[int, int], set[int]] = {}
    channels: dict[tuple[int, int], set[int]] = {}
    begin = np.datetime64(setup.start, "D")
    state = market.customers.state
    for i in np.flatnonzero(state.orders > 0):
        month = (begin + int(state.last_order[i])).astype("datetime64[M]").astype(int)
        months[0, int(i)] = {int(month)}
        channels[0, int(i)] = {c for c in range(3) if state.used[i] >> c & 1}
    while market.running:
        orders = state.orders.copy()
        day = market.day
        market.step()
        month = int((begin + day).astype("datetime64[M]").astype(int))
        for i, c, _ in market.trade.orders():
            months.setdefault((int(slots[i]), i), set()).add(month)
            channels.setdefault((int(slots[i]), i), set()).add(c)
            orders[i] += 1
        slots[state.orders < orders] += 1
        if day in market.ledger.snapshots:
            check_snapshot(market.ledger.snapshots[day], months, channels, month)
    return list(months), months


def check_snapshot(snapshot: dict[str, float], months: dict, channels: dict, now: int) -> None:
    """Recount a snapshot from every person's order months."""
    latest = {p: {m for m in when if now - m < 12} for p, when in months.items()}
    before = {p: {m for m in when if 12 <= now - m < 24} for p, when in months.items()}
    active = {p for p in months if latest[p]}
    earlier = {p for p in months if before[p]}
    assert snapshot["active"] == len(active)
    assert snapshot["active_before"] == len(earlier)
    assert snapshot["kept"] == len(active & earlier)
    again = {p for p in earlier if any(0 < m - min(before[p]) <= 12 for m in months[p])}
    assert snapshot["repeated"] == len(again)
    assert snapshot["multichannel"] == sum(len(channels.get(p, ())) > 1 for p in active)


def test_snapshots_count_people_by_calendar_months() -> None:
    """Also people who were lost and replaced: dropping them would flatter retention."""
    parameters = {"need_rate": 0.05, "renewal": 0.5, "dropout": 0.4}
    setup = eventful(customers=300, days=900, burn_in=70, parameters=parameters, shocks=())
    people, _ = months_of(Market.from_setup(setup, seed=2))
    assert any(person > 0 for person, _ in people), "some slots should have been renewed"


def test_new_customers_repurchase_counts_the_cohort() -> None:
    """Second orders within 90 days, booked on the day of the first."""
    setup = eventful(customers=400, days=200, burn_in=100, shocks=(), parameters={"renewal": 0.0})
    market = Market.from_setup(setup, seed=2)
    first, second = np.full(400, -1000), np.full(400, 10_000)
    while market.running:
        state, day = market.customers.state, market.day
        before = state.orders.copy()
        market.step()
        first[(before == 0) & (state.orders == 1)] = day
        second[(before == 1) & (state.orders == 2)] = day
    for window in ((0, 89), (90, 150), (100, 199)):
        won = (first >= window[0] - 90) & (first <= window[1] - 90)
        expected = ((second - first)[won] <= 90).sum() / won.sum()
        table = evaluate(market.ledger, [window], ["new_customer_repurchase_90"])
        assert table.value[0] == pytest.approx(expected)


def test_satisfaction_is_with_the_channels_used() -> None:
    """A neutral opinion of channels never tried must not hide a bad one of those that were."""
    setup = eventful(days=35, shocks=(), burn_in=0, parameters={"satisfaction_gain": 1.0})
    setup.drivers.service[:] = 0.1
    market = Market.from_setup(setup, seed=1)
    market.run()
    state = market.customers.state
    active = (state.recent != 0) & (state.used > 0)
    sat = [
        np.mean([s for c, s in enumerate(row) if u >> c & 1])
        for row, u in zip(state.satisfaction[active], state.used[active], strict=True)
    ]
    assert market.ledger.snapshots[34]["satisfaction"] == pytest.approx(np.mean(sat) / 65535)
    assert np.mean(sat) / 65535 < 0.35


def test_recovery_counts_strikes_and_not_their_targets() -> None:
    twofold = [
        Shock("storm", "operational", 5, 10, target, 0.5, recovery=4) for target in ("demand", "access")
    ]
    setup = eventful(customers=20, days=40, shocks=(*twofold, Shock("fine", "legal", 30, 2, "demand", 1.0)))
    table = evaluate(Market.from_setup(setup, seed=1).run(), [(0, 39), (20, 39), (32, 39)], ["recovery_days"])
    assert table.value.tolist() == pytest.approx([(14 + 2) / 2, 2.0, math.nan], nan_ok=True)


def test_dependence_on_a_platform_is_its_share_of_online_sales() -> None:
    ledger = booked()
    channels = (ledger.setup.channels[0], Channel("mall", "marketplace", 0.1, 2.0, 0.4))
    rented = Ledger(dataclasses.replace(ledger.setup, channels=channels))
    for name, values in vars(ledger).items():
        if name != "setup":
            setattr(rented, name, values)
    assert evaluate(rented, [(0, 1)], ["platform_share"]).value[0] == 1.0
