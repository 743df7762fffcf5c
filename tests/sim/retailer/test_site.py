"""The site under a promotion's rush: up on common days, short of room on great ones, less so when tested."""

from __future__ import annotations

import pytest

from sim.parameters import Values
from sim.retailer.site import Site, SiteLoad
from sim.setup import Channel

CHANNELS = (Channel("shop", "store"), Channel("site", "own"), Channel("mall", "marketplace"))
COMMON, GREAT = [0.05, 0.05, 0.05], [0.25, 0.25, 0.25]


def running(part: SiteLoad, orders: float = 100.0) -> Site:
    site = Site(part, CHANNELS, Values({}), COMMON)
    for day in range(-60, 0):
        site.trade(day, [500.0, 100.0, 50.0])
    for day in range(200):
        site.trade(day, [500.0, orders, 50.0])
    return site


def test_common_days_are_no_rush() -> None:
    assert running(SiteLoad(3.0)).access(200, COMMON, 1.2, 0.0) is None


def test_a_rush_beyond_the_headroom_shuts_some_out_of_the_own_site_only() -> None:
    site = running(SiteLoad(3.0))
    up = site.access(200, GREAT, 1.0, 0.0)
    assert up is not None
    assert site.load == pytest.approx((0.75 / 0.95) ** -6.0)
    assert up == [1.0, pytest.approx(3.0 / site.load), 1.0]


def test_growth_outgrows_a_site_and_tests_and_building_make_room() -> None:
    def up(part: SiteLoad, level: float = 0.0) -> float:
        found = running(part, orders=200.0).access(200, GREAT, 1.0, level)
        return 1.0 if found is None else found[1]

    grown = up(SiteLoad(3.0))
    assert grown == pytest.approx(0.5 * 3.0 / (0.75 / 0.95) ** -6.0, rel=1e-3)
    assert up(SiteLoad(3.0, tested=True)) == pytest.approx(2.0 * grown)
    assert up(SiteLoad(3.0), level=0.5) == pytest.approx(1.5 * grown)
    assert up(SiteLoad(3.0, tested=True), level=1.0) == 1.0


def test_before_any_trade_nothing_is_known() -> None:
    site = Site(SiteLoad(1.0), CHANNELS, Values({}), COMMON)
    site.trade(0, [5.0, 0.0, 5.0])
    assert site.access(1, GREAT, 5.0, 0.0) is None


def test_a_bad_site_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"site_load\.headroom: 0\.0"):
        SiteLoad(0.0)
