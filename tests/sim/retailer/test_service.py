"""Questions and bookings: response follows load and capacity; bots, aims and what they cost; complaints."""

from __future__ import annotations

import numpy as np
import pytest

from sim.parameters import Values
from sim.retailer.booking import Booking, Bookings
from sim.retailer.foresight import Foresight
from sim.retailer.parts import answered, staffed
from sim.retailer.service import Answers, Asked, ServiceDesk, reachable
from tests.sim.markets import simple

QUIET = Asked(orders=1000.0, visits=20_000.0, late=0.0, short=0.0)


def foresight(days: int = 1000) -> Foresight:
    return Foresight(simple(10, days, "store own"), Values({}), 14.0)


def served(part: ServiceDesk, days: int = 400, aim: float = 0.65, **given: float) -> Answers:
    desk = Answers(part, Values({}), foresight())
    for day in range(days):
        desk.answer(day, QUIET, aim, given.get("automation", 0.0), given.get("skill", 0.0))
    return desk


def test_hiring_for_a_share_answers_that_share() -> None:
    for share in (0.1, 0.5, 0.9):
        assert answered(staffed(share, 0.5), 1.0, 0.5) == pytest.approx(share)
    assert answered(0.99, 1.0, 1e-3) < 1e-6 < 1.0 - 1e-6 < answered(1.01, 1.0, 1e-3)  # a fluid queue's limit
    assert (answered(1.0, 0.0, 0.5), answered(0.0, 1.0, 0.5)) == (1.0, 0.0)


@pytest.mark.parametrize("response", [0.3, 0.65, 0.9, 0.97])
def test_the_customary_response_costs_what_is_customary(response: float) -> None:
    desk = served(ServiceDesk(response), aim=response)
    assert desk.response == pytest.approx(response, abs=1e-3)
    assert desk.extra == pytest.approx(0.0, abs=1e-3 * desk.cost)


def test_a_higher_promise_needs_more_hands() -> None:
    usual, more = served(ServiceDesk(0.65)), served(ServiceDesk(0.65), aim=0.78)
    assert more.response == pytest.approx(0.78, abs=0.01)
    assert more.cost > 1.1 * usual.cost
    assert more.complaints < usual.complaints


def test_a_surge_is_answered_worse() -> None:
    desk = served(ServiceDesk(0.65))
    rush = QUIET._replace(orders=3000.0)
    for day in range(400, 410):
        ratio = desk.answer(day, rush, 0.65, 0.0, 0.0)
    assert desk.response < 0.55
    assert ratio == pytest.approx(desk.response / 0.65)


def test_bots_save_staff_or_answer_at_night() -> None:
    usual, bots = served(ServiceDesk(0.65)), served(ServiceDesk(0.65), automation=1.0)
    assert bots.response == pytest.approx(0.65, abs=0.01)
    assert bots.cost < 0.8 * usual.cost
    night = served(ServiceDesk(0.65, around_the_clock=True, ripen=0))
    assert night.response == pytest.approx(0.65, abs=0.01)
    assert night.hours < usual.hours
    both = served(ServiceDesk(0.65, around_the_clock=True, ripen=0), aim=0.9)
    assert both.response > served(ServiceDesk(0.65), aim=0.9).response  # by day alone 0.8 is the most


@pytest.mark.parametrize("desk", [ServiceDesk(0.65), ServiceDesk(0.9), ServiceDesk(0.65, True, ripen=0)])
def test_no_promise_beyond_what_is_reachable_is_kept(desk: ServiceDesk) -> None:
    most = reachable(desk, Values({}))
    kept = served(desk, aim=most).response
    assert kept == pytest.approx(most, abs=1e-3)
    assert served(desk, aim=min(most + 0.05, 1.0)).response == pytest.approx(kept, abs=1e-12)
    assert served(desk, aim=most - 0.05).response < kept - 0.03


def test_skill_answers_more_with_the_same_hands() -> None:
    assert served(ServiceDesk(0.65), skill=0.4).response > 0.72


def test_late_orders_and_empty_shelves_bring_complaints() -> None:
    rates = []
    for late, short in ((0.0, 0.0), (200.0, 0.0), (0.0, 200.0)):
        desk = Answers(ServiceDesk(0.65), Values({}), foresight())
        for day in range(200):
            desk.answer(day, QUIET._replace(late=late, short=short), 0.65, 0.0, 0.0)
        rates.append(desk.complaints / 1000.0)
    assert rates[1] > rates[0] + 0.015
    assert rates[2] == pytest.approx(rates[0] + 0.01)


def test_nobody_asks_nobody_answers() -> None:
    desk = Answers(ServiceDesk(0.65), Values({}), foresight())
    assert desk.answer(0, Asked(0.0, 0.0, 0.0, 0.0), 0.65, 0.0, 0.0) == 1.0
    assert (desk.cost, desk.contacts, desk.complaints) == (0.0, 0.0, 0.0)


def booked(part: Booking, days: int = 400, visits: float = 20_000.0) -> Bookings:
    desk = Bookings(part, Values({}), foresight())
    for day in range(days):
        desk.answer(day, visits)
    return desk


def test_bookings_are_answered_as_hosts_are_hired_for_and_lead_to_the_store() -> None:
    usual, more = booked(Booking(0.65)), booked(Booking(0.65, 0.9))
    assert usual.response == pytest.approx(0.65, abs=1e-3)
    assert usual.walk_in == pytest.approx(1.0, abs=1e-3)
    assert usual.extra == pytest.approx(0.0, abs=1.0)
    assert more.response == pytest.approx(0.9, abs=0.01)
    assert more.walk_in == pytest.approx(1.0 + more.pull * 0.25, abs=0.01)
    assert more.extra > 0.0
    assert booked(Booking(0.65, 0.9, start=600)).response == pytest.approx(0.65, abs=1e-3)


def test_places_bound_what_hosts_can_promise() -> None:
    tight = booked(Booking(0.65, 0.9, places=150.0))  # 200 are asked for
    assert tight.response < 0.4
    assert np.isfinite(tight.extra)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ServiceDesk(1.0), "service_desk.response: 1.0"),
        (lambda: Booking(aim=1.2), "booking.aim: 1.2"),
        (lambda: Booking(response=float("nan")), "booking.response"),
    ],
)
def test_bad_parts_are_refused_by_name(make: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()  # type: ignore[operator]
