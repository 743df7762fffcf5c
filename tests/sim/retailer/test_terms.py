"""Terms of sale: nothing at customary terms, directions and costs beyond them."""

from __future__ import annotations

from typing import Any

import pytest

from sim.parameters import Values
from sim.retailer.terms import Delivery, Packaging, ReturnTerms, SaleTerms
from sim.setup import Channel

CHANNELS = (Channel("shop", "store", cost_per_order=4.0), Channel("site", "own", cost_per_order=10.0))
ORDERS, RETURNS, DAYS = [100.0, 50.0], [8.0, 10.0], [0.0, 3.0]


def terms(day: int = 400, channels: tuple[Channel, ...] = CHANNELS, **parts: Any) -> SaleTerms:
    given = {"returns": None, "delivery": None, "packaging": None} | parts
    made = SaleTerms(**given, channels=channels, values=Values({}))
    made.renew(day)
    return made


def cost(made: SaleTerms) -> float:
    return sum(made.costs(ORDERS, RETURNS))


def test_customary_terms_change_nothing() -> None:
    free = ReturnTerms(free=True, days=30, usual_free=True, usual_days=30)
    for made in (terms(), terms(returns=free, delivery=Delivery(), packaging=Packaging())):
        assert not made.worth.any()
        assert (made.return_rate == 1.0).all()
        assert cost(made) == pytest.approx(0.0)
        assert made.referral == made.carbon == made.waste == 1.0


@pytest.mark.parametrize("part", [ReturnTerms(free=True), ReturnTerms(days=60)])
def test_lenient_returns_draw_buyers_and_returns_online(part: ReturnTerms) -> None:
    made = terms(returns=part)
    assert made.worth[1] > 0.0 == made.worth[0]
    assert made.return_rate[1] > 1.0 == made.return_rate[0]
    assert cost(made) > 0.0


def test_stricter_returns_do_the_opposite() -> None:
    made = terms(returns=ReturnTerms(usual_free=True, usual_days=30))
    assert made.worth[1] < 0.0
    assert made.return_rate[1] < 1.0
    assert cost(made) < 0.0


def test_returns_in_any_store_need_a_store_and_save_handling() -> None:
    made = terms(returns=ReturnTerms(everywhere=True))
    assert made.worth[1] > 0.0
    assert cost(made) < 0.0
    online = terms(returns=ReturnTerms(everywhere=True), channels=(CHANNELS[1],))
    assert not online.worth.any()
    assert not online.per_return.any()


def test_speed_costs_carriage_and_picking_up_saves_it() -> None:
    assert cost(terms(delivery=Delivery(speed=1.5))) > 0.0 > cost(terms(delivery=Delivery(speed=0.7)))
    picked = terms(delivery=Delivery(pick_up=True))
    assert picked.worth[0] > 0.0 > picked.worth[1]
    assert cost(picked) < 0.0


def test_packaging_is_weighed_saved_and_paid_for() -> None:
    plain, green, shared = (
        terms(packaging=part) for part in (Packaging(), Packaging(green=True), Packaging(shareable=True))
    )
    carbon, waste = plain.footprint(ORDERS, RETURNS, DAYS)
    assert carbon == pytest.approx(60.0 * plain.parcel[0])
    assert waste == pytest.approx(50.0 * 0.25 + 100.0 * 0.04)
    less = green.footprint(ORDERS, RETURNS, DAYS)
    assert (less[0] / carbon, less[1] / waste) == pytest.approx((0.88, 0.75))
    assert plain.footprint(ORDERS, RETURNS, [0.0, 1.0])[0] > carbon
    assert shared.referral > 1.0 == green.referral
    assert cost(green) > 0.0 < cost(shared)


def test_terms_start_when_they_start_and_ripen() -> None:
    made = terms(day=9, packaging=Packaging(green=True, start=10, ripen=100))
    assert made.waste == 1.0
    made.renew(60)
    assert made.waste == pytest.approx(0.875)
    made.renew(1000)
    assert made.waste == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ReturnTerms(days=-1), "returns.days: -1"),
        (lambda: Delivery(speed=0.0), "delivery.speed: 0.0"),
        (lambda: Packaging(ripen=-1), "packaging.ripen: -1"),
    ],
)
def test_bad_terms_are_refused_by_name(make: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()  # type: ignore[operator]


def test_terms_of_any_day_do_not_depend_on_the_days_asked_before() -> None:
    parts = {"returns": ReturnTerms(free=True, start=20, ripen=40), "packaging": Packaging(shareable=True)}
    made = terms(500, **parts)
    for day in (500, 30, 10, 30, 90, 400, 0, 95):
        made.renew(day)
        fresh = terms(day, **parts)
        assert (made.worth == fresh.worth).all()
        assert made.referral == fresh.referral
