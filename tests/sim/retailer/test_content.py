"""Content and reviews: stocks that draw visits in time, within limits."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.market import Market
from sim.parameters import Values
from sim.retailer.content import ContentDesk, ContentWork
from sim.retailer.reviews import ReviewBook, Reviews
from sim.setup import SOURCES
from tests.sim.markets import eventful

CONTENT = SOURCES.index("content")


def work(themes: float, days: int, seed: int = 1) -> tuple[ContentDesk, list[float], float]:
    desk, pulls, cost = ContentDesk(ContentWork(themes), Values({}), seed), [], 0.0
    for day in range(days):
        cost += desk.publish(day)
        pulls.append(desk.factors[0])
    return desk, pulls, cost


def test_content_pulls_more_as_effort_goes_on_and_never_without_limit() -> None:
    pulls = np.mean([work(4.0, 400, seed)[1] for seed in range(40)], axis=0)
    months = [float(np.mean(pulls[k : k + 30])) for k in (0, 60, 180, 365)]
    assert months == sorted(months)
    assert months[0] < 1.25 < months[3]
    endless = work(900.0, 365)[0]
    assert 2.3 < endless.factors[0] < 2.5
    assert 1.4 < endless.factors[1] < 1.5


def test_no_themes_draw_nobody_and_cost_nothing() -> None:
    desk, pulls, cost = work(0.0, 100)
    assert set(pulls) == {1.0} and cost == 0.0 and desk.quality == 1.0
    desk.publish(-1)
    assert desk.due == 0.0


def test_themes_published_are_paid_for_and_wear_off() -> None:
    desk, _, cost = work(3.0, 365)
    assert desk.published in (35, 36)
    assert cost == 5_000.0 * desk.published
    before = desk.alive
    desk.daily = 0.0
    for day in range(365, 485):
        desk.publish(day)
    assert desk.alive == pytest.approx(before * np.exp(-1), rel=0.01)


def test_themes_do_well_or_badly_by_luck_with_mean_one() -> None:
    desk = ContentDesk(ContentWork(1.0), Values({}), 5)
    luck = [desk.success(k) for k in range(20_000)]
    assert np.mean(luck) == pytest.approx(1.0, abs=0.03)
    assert np.std(np.log(luck)) == pytest.approx(0.8, rel=0.02)


def test_themes_bring_visits_and_cost_money_in_the_market() -> None:
    plain = dataclasses.replace(eventful(2_000, 200, effects=()), shocks=())
    with_themes = dataclasses.replace(plain, content=ContentWork(10.0))
    ours, theirs = (Market.from_setup(setup, seed=3).run() for setup in (with_themes, plain))
    visits = [ledger.visits[100:, CONTENT].sum() for ledger in (ours, theirs)]
    assert visits[0] > 1.1 * visits[1]
    extra = ours.costs.sum() - theirs.costs.sum()
    assert extra == pytest.approx(5_000.0 * int(200 * 10 * 12 / 365))


def test_more_reviews_draw_search_by_their_elasticity() -> None:
    book = ReviewBook(Values({"review_volume": 0.1}))
    for day in range(-400, 0):
        book.write(day, 10.0, 6.0)
    assert book.search == 1.0 and book.worth == 0.0
    for day in range(2_000):
        book.write(day, 20.0, 12.0)
    assert book.search == pytest.approx(2.0**0.1, rel=0.02)
    assert book.worth == pytest.approx(0.0, abs=1e-9)


def test_worse_reviews_make_buying_online_less_worth() -> None:
    book = ReviewBook(Values({"review_valence": 0.2}))
    for day in range(-400, 0):
        book.write(day, 10.0, 7.0)
    for day in range(2_000):
        book.write(day, 10.0, 3.5)
    assert book.worth == pytest.approx(0.2 * np.log(0.5), rel=0.01)
    assert book.valence == pytest.approx(0.35, abs=0.001)


def test_a_book_without_reviews_says_nothing() -> None:
    book = ReviewBook(Values({}))
    for day in range(100):
        book.write(day, 0.0, 0.0)
    assert (book.search, book.worth, book.valence) == (1.0, 0.0, 0.5)


def test_better_service_sells_more_online_where_reviews_act() -> None:
    def orders(service: float, reviews: Reviews | None) -> float:
        setup = eventful(2_000, 240, burn_in=60, shocks=(), effects=(), reviews=reviews)
        setup.drivers.service[:] = service
        setup.drivers.invest[:] = 0.0
        return float(Market.from_setup(setup, seed=3).run().events[60:, 1:, 8].sum())

    gains = [orders(0.9, reviews) / orders(0.5, reviews) for reviews in (None, Reviews())]
    assert gains[1] > gains[0] > 1.0


@pytest.mark.parametrize("themes", [-1.0, float("nan"), 1e9])
def test_impossible_themes_are_refused(themes: float) -> None:
    with pytest.raises(ValueError, match=r"content.themes_per_month"):
        ContentWork(themes)
