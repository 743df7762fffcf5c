"""Parts of the firm that begin on days of their own: as before until then, then along their S-curve."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.parameters import Values
from sim.retailer.content import ContentDesk, ContentWork
from sim.retailer.creative import Creatives
from sim.retailer.pricing import PriceDesk, Pricing
from sim.retailer.reviews import ReviewBook, Reviews
from sim.retailer.stock import StockPolicy
from sim.retailer.terms import Packaging, ReturnTerms, SaleTerms
from sim.setup import Channel

SHOPS = (Channel("store", "store", cost_per_order=5.0), Channel("own", "own", cost_per_order=10.0))


def terms(returns: ReturnTerms | None = None, packaging: Packaging | None = None) -> SaleTerms:
    return SaleTerms(returns, None, packaging, SHOPS, Values({}))


@pytest.mark.parametrize("day", [0, 30, 65, 100, 400])
def test_terms_that_all_begin_together_are_the_same_by_either_way(day: int) -> None:
    together = terms(ReturnTerms(free=True, everywhere=True, start=60), Packaging(True, True, start=60))
    apart = terms(
        ReturnTerms(free=True, everywhere=True, starts={"free": 60, "everywhere": 60}),
        Packaging(True, True, starts={"green": 60, "shareable": 60}),
    )
    for made in (together, apart):
        made.renew(day)
    for name in ("worth", "return_rate", "per_order", "per_return", "referral", "carbon", "waste"):
        np.testing.assert_allclose(getattr(apart, name), getattr(together, name), rtol=1e-12)


def test_each_of_the_terms_waits_for_its_own_day() -> None:
    made = terms(
        ReturnTerms(free=True, everywhere=True, starts={"free": 100}),
        Packaging(True, True, starts={"shareable": 200}),
    )
    made.renew(90)
    assert made.worth[1] > 0.0, "returns in any store began with the horizon"
    assert made.return_rate[1] == 1.0, "free ones have not"
    assert made.waste < 1.0 and made.referral == 1.0
    made.renew(300)
    assert made.return_rate[1] > 1.0 and made.referral > 1.0


def test_prices_stand_still_until_they_begin_to_move() -> None:
    listed = np.ones(2)
    desk = PriceDesk(Pricing(dynamic=True, follow=1.0, start=2), 2, Values({}), burn_in=3)
    quotes = [desk.quote(listed, 0.8) for _ in range(6)]  # days -3 to 2
    assert all(quote is listed for quote in quotes[:5])
    assert (quotes[5] < listed).all()


def test_themes_and_creatives_cost_nothing_before_they_begin() -> None:
    desk = ContentDesk(ContentWork(30.0, start=14), Values({}), 1)
    assert not any(desk.publish(day) for day in range(14))
    assert sum(desk.publish(day) for day in range(14, 44)) > 0.0
    creatives = Creatives(5.0, Values({}), 1, start=14)
    assert not any(creatives.run(day, 1.0) for day in range(14))
    assert creatives.freshness == pytest.approx(1.0), "as fresh as today"
    assert creatives.run(14, 1.0) > 0.0


def test_negative_reviews_start_where_they_are_said_and_follow_the_shortfall() -> None:
    book = ReviewBook(Values({"review_valence": 0.2}), negative=0.35)
    for day in range(-400, 0):
        book.write(day, 10.0, 8.0)
    assert book.valence == pytest.approx(0.65)
    assert book.worth == pytest.approx(0.0, abs=1e-9)
    for day in range(4_000):
        book.write(day, 10.0, 9.0)
    assert book.valence == pytest.approx(1.0 - 0.35 / 2.0, abs=1e-6), (
        "half the shortfall, half the complaints"
    )
    assert book.worth == pytest.approx(0.2 * math.log(0.825 / 0.65), rel=1e-4)
    flawless = ReviewBook(Values({}), negative=0.0)
    for day in range(-400, 100):
        flawless.write(day, 10.0, 8.0 if day < 0 else 2.0)
    assert flawless.worth == 0.0


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: StockPolicy(starts={"shard": 3}), "shard"),
        (lambda: StockPolicy(starts={"abc": 3.5}), "abc"),  # type: ignore[dict-item]
        (lambda: ReturnTerms(starts={"days": 3}), "days"),
        (lambda: Packaging(starts={"brown": 3}), "brown"),
        (lambda: Reviews(1.2), "negative"),
    ],
)
def test_bad_days_and_shares_are_refused_by_name(make: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()  # type: ignore[operator]
