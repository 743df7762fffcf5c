"""The rules of coupons, points, care and recognition, one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.customers.bonds import (
    NO_BONDS,
    NO_CARE,
    NO_POINTS,
    answers_more,
    favour,
    looks_more,
    packed,
    scans_code,
    unpacked,
)
from sim.customers.care import (
    GROUPS,
    CareTerms,
    birthday_of,
    group_of,
    groups_of,
    mean_gap,
    most_response,
    response,
    stays_away,
)
from sim.customers.coupons import (
    FOR_ONLINE,
    FOR_STORE,
    KINDS,
    ONLINE_AGAIN,
    STORE_AGAIN,
    CouponTerms,
    coupon_attraction,
    coupon_for,
    coupon_kind,
    coupon_until,
    coupon_worth,
    valid_in,
)
from sim.customers.identity import RECOGNISED, is_recognised, joined_share
from sim.customers.loyalty import (
    POINT,
    PointTerms,
    has_account,
    order_months,
    points_attraction,
    points_for,
    points_paid,
    points_worth,
    tier_of,
)
from sim.customers.word_of_mouth import TalkTerms
from sim.engine.randomness import word

DEPTH = np.array([0.0, 0.1, 0.2, 0.0, 0.0])
COUPONS = CouponTerms(DEPTH, 30, 366, 0.2, 2.0, 0.5, 0.1)
POINTS = PointTerms(
    0.01, np.array([100.0]), 50, 0.5, 0.05, 10_000.0, 0, 0b10, np.array([0.0, 1.0]), 3, 3, 0.1, 0.2, 0.01
)
CARE = CareTerms(np.array([1.0, 1.5, 1.0, 1.2, 1.3, 0.3]), 2.0, 1.5, 1.2, 2.0, 0.1)


def test_data_join_a_share_of_the_rest() -> None:
    assert joined_share(0.2, 0.0) == 0.2
    assert joined_share(0.2, 0.5) == pytest.approx(0.6)
    assert is_recognised(0.19, 0.2) and not is_recognised(0.2, 0.2)


@given(st.integers(1, 4), st.integers(-365, 3_000), st.integers(1, 365))
def test_a_coupon_keeps_its_kind_and_last_day_in_16_bits(kind: int, day: int, days: int) -> None:
    terms = COUPONS._replace(days=days)
    coupon = coupon_until(kind, day, terms)
    assert 0 < coupon < 2**16
    assert coupon_kind(coupon) == kind
    assert (coupon >> 3) - terms.origin == day + days


def test_only_the_recognised_carry_coupons_to_the_other_medium() -> None:
    again = np.array([0.0, 0.1, 0.2, 0.05, 0.05])
    assert [coupon_for(online, True, DEPTH) for online in (0, 1)] == [FOR_ONLINE, FOR_STORE]
    assert [coupon_for(online, False, DEPTH) for online in (0, 1)] == [0, 0]
    assert [coupon_for(online, False, again) for online in (0, 1)] == [STORE_AGAIN, ONLINE_AGAIN]
    where = [[online for online in (0, 1) if valid_in(kind, online)] for kind in range(KINDS)]
    assert where == [[], [0], [1], [0], [1]]


def test_a_coupon_draws_to_where_it_is_valid_and_is_worth_a_price_cut_there() -> None:
    assert coupon_attraction(FOR_ONLINE, 1, COUPONS) == pytest.approx(math.exp(0.4))
    assert coupon_attraction(FOR_ONLINE, 0, COUPONS) == coupon_attraction(0, 1, COUPONS) == 1.0
    assert coupon_worth(0.2, 1.0, 2.6, 0.0) == pytest.approx(-2.6 * math.log(0.8))
    bonds = NO_BONDS._replace(coupons=COUPONS)
    held = coupon_until(FOR_ONLINE, 3, COUPONS)
    buyer = (0, 1, 0, held, 0, 1.0, 2.6, 1.0, bonds)
    assert favour(1, 1, *buyer) > 0.0 == favour(0, 0, *buyer)
    assert scans_code(held, bonds) == 0.1 and scans_code(coupon_until(FOR_STORE, 3, COUPONS), bonds) == 0.0


@given(st.integers(0, 2**32 - 1))
def test_order_months_count_the_bits_of_a_year(recent: int) -> None:
    assert order_months(recent) == (recent & 0xFFF).bit_count()


def test_points_count_where_they_began_or_where_accounts_are_shared() -> None:
    assert has_account(1, False, True, 0) and not has_account(0, True, True, 1)
    assert not has_account(1, True, False, 0)
    assert has_account(1, True, False, 1) and not has_account(1, False, False, 1)


def test_points_are_paid_with_from_the_threshold_and_up_to_a_share() -> None:
    assert points_for(12_345, 0.01) == round(123.45 / POINT)
    assert points_paid(49, 10_000, POINTS) == 0
    assert points_paid(60, 10_000, POINTS) == 60
    assert points_paid(5_000, 10_000, POINTS) == 500, "half of the order at most"
    worth = [points_worth(balance, 1.0, 2.6, POINTS) for balance in (49, 60, 300, 600, 6_000)]
    assert worth[0] == 0.0 and worth == sorted(worth)
    assert worth[-1] == pytest.approx(-2.6 * math.log(0.5))


def test_points_move_light_buyers_and_not_heavy_ones() -> None:
    """Liu (2007): light buyers x1.05, heavy x1.0."""
    assert points_attraction(0, 0.05) == 1.05
    assert points_attraction(6, 0.05) == points_attraction(12, 0.05) == 1.0
    bonds = NO_BONDS._replace(points=POINTS)
    assert looks_more(1, 0, 1, False, 0, 0, bonds) == 1.05, "online, where points are"
    assert looks_more(0, 0, 1, False, 0, 0, bonds) == 1.0
    assert looks_more(0, 0, 1, True, 0, 0, bonds._replace(points=POINTS._replace(shared=1))) == 1.05


def test_tiers_follow_the_months_with_an_order() -> None:
    assert [tier_of(months, 3, 3) for months in (0, 2, 3, 5, 6, 12)] == [0, 0, 1, 1, 2, 2]
    assert tier_of(12, 0, 3) == tier_of(12, 1, 3) == 0


def test_groups_go_by_recency_frequency_and_money() -> None:
    cases = {
        (0, 0, 10**6, 1.0): "prospect",
        (1, 1, 30, 1.0): "new",
        (9, 4, 30, 1.0): "champion",
        (9, 4, 30, 0.5): "loyal",
        (9, 4, 120, 1.0): "loyal",
        (9, 4, 200, 1.0): "lapsing",
        (1, 1, 91, 1.0): "lapsing",
        (9, 0, 366, 3.0): "dormant",
    }
    assert {case: GROUPS[group_of(*case)] for case in cases} == cases


def test_groups_of_many_are_those_of_each() -> None:
    rng = np.random.default_rng(3)
    orders, months, since = rng.integers(0, 4, 3_000), rng.integers(0, 13, 3_000), rng.integers(0, 500, 3_000)
    basket = rng.lognormal(0.0, 0.5, 3_000).astype(np.float32)
    each = [
        group_of(int(o), int(m), int(s), float(b))
        for o, m, s, b in zip(orders, months, since, basket, strict=True)
    ]
    np.testing.assert_array_equal(groups_of(orders, months, since, basket), each)


def test_occasions_have_their_days() -> None:
    assert mean_gap(1, 0, 0) == 90.0 and mean_gap(3, 0, 60) == 30.0 and mean_gap(9, 5, 5) == 7.0
    away = [stays_away(3, 0, 60, day, 2.0) for day in (60, 119, 120, 149, 150)]
    assert away == [False, False, True, True, False]

    def moved(day: int, birthday: int) -> float:
        return response(day, 1, 0, 0, 1, 1.0, birthday, CARE) / 1.5  # of a new customer

    assert [moved(day, 200) for day in (14, 15)] == [2.0, 1.0]
    assert [moved(day, 20) for day in (19, 20, 26, 27)] == [1.0, 1.5, 1.5, 1.0]
    assert moved(20 + 365 - 364, 386 - 365) == 1.5, "every year again"
    days = [birthday_of(word(5, i)) for i in range(2_000)]
    assert min(days) >= 0 and max(days) <= 364 and 170 < np.mean(days) < 195


@given(st.integers(0, 800), st.integers(0, 9), st.integers(0, 700), st.integers(0, 12), st.integers(0, 364))
def test_responses_stay_below_their_bound(
    day: int, orders: int, since: int, months: int, birthday: int
) -> None:
    """The bound keeps the kernel's gate true: nobody who would have looked in is turned away."""
    last = day - since
    assert response(day, orders, last - 100, last, months, 1.0, birthday, CARE) <= most_response(CARE)


def test_messages_fit_recognised_members_alone() -> None:
    bonds = NO_BONDS._replace(care=CARE, points=POINTS)
    known, unknown = (answers_more(30, 1, 20, 20, 6, 1.0, 200, who, bonds) for who in (True, False))
    assert unknown == 1.0
    assert known == pytest.approx(1.5 * 2.0 * (1.0 + 0.2 * 2)), (
        "a new customer, a first order, the third tier"
    )
    assert favour(1, 1, 0, 0, RECOGNISED, 0, 0, 1.0, 2.6, 1.0, bonds) == pytest.approx(0.1), "a persona"


def test_terms_survive_being_packed() -> None:
    keys = np.array([3, 2**63, 2**64 - 1], np.uint64)
    bonds = NO_BONDS._replace(keys=keys, recognised=0.3, coupons=COUPONS, points=POINTS, care=CARE)
    bonds = bonds._replace(talk=TalkTerms(6, 0.1, 0.2))
    again = unpacked(packed(bonds), keys)
    for name in ("coupons", "points", "care", "talk"):
        for one, other in zip(getattr(bonds, name), getattr(again, name), strict=True):
            np.testing.assert_array_equal(one, other, err_msg=name)
            assert isinstance(one, np.ndarray) or type(one) is type(other)
    assert again.recognised == 0.3 and np.array_equal(again.keys, keys)


def test_nothing_acts_without_relations() -> None:
    assert answers_more(30, 1, 20, 20, 6, 1.0, 200, True, NO_BONDS) == 1.0
    assert favour(0, 0, 0xFFF, 1, 3, 0, 900, 1.0, 2.6, 1.0, NO_BONDS) == pytest.approx(
        favour(0, 0, 0, 1, 3, 0, 0, 1.0, 2.6, 1.0, NO_BONDS)
    )
    assert NO_POINTS.rate == NO_CARE.personas == 0.0
