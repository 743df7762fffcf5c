"""Media by hand: adstock, saturation, clicks, lift."""

from __future__ import annotations

import numpy as np
import pytest

from sim.parameters import Values
from sim.retailer.media import MediaDesk, decay, hill
from sim.setup import Medium

SEARCH = Medium("paid_search", "click", "paid_search", half_life=1.0, reference=100.0)
TV = Medium("tv", "broadcast", half_life=0.0, reference=50.0)


def desk(custom: float = 0.0, **values: float) -> MediaDesk:
    """Return a desk of both media whose customary spend is ``custom`` each."""
    return MediaDesk((SEARCH, TV), Values({"cpc.paid_search": 2.0, **values}), np.full(2, custom))


def test_half_life_halves() -> None:
    assert decay(7.0) ** 7 == pytest.approx(0.5)
    assert decay(0.0) == 0.0


def test_hill_is_one_at_the_reference() -> None:
    # shape 2, half-saturation 0.5: x^2 * 1.25 / (x^2 + 0.25)
    np.testing.assert_allclose(hill(np.array([0.0, 0.5, 1.0, 2.0]), 2.0, 0.5), [0, 0.625, 1, 5 / 4.25])
    assert hill(np.array([1e9]), 1.0, 3.0)[0] == pytest.approx(4.0)  # saturates at 1 + half


def test_adstock_by_hand() -> None:
    """Half is forgotten overnight: 0, 50, 75 of a new spend of 100; clicks cost 2 at the reference."""
    media = desk()
    clicks = [media.reach(np.array([100.0, 0.0]), 1.0)[0] for _ in range(3)]
    relative = np.array([0.5, 0.75, 0.875])
    np.testing.assert_allclose([c[0] for c in clicks], 50.0 * 2.0 * relative / (1.0 + relative))
    assert all(c[1] == 0.0 for c in clicks)


def test_customary_spend_is_its_own_adstock() -> None:
    media = desk(100.0)
    for _ in range(3):
        clicks, _ = media.reach(np.array([100.0, 100.0]), 1.0)
        assert clicks[0] == pytest.approx(50.0)
    assert media.reach(np.array([100.0, 100.0]), 1.25)[0][0] == pytest.approx(40.0)  # dearer clicks


def test_lift_is_an_elasticity_at_the_reference() -> None:
    base = desk(50.0, **{"lift.other": 0.1}).reach(np.array([0.0, 50.0]), 1.0)[1]
    more = desk(50.0, **{"lift.other": 0.1}).reach(np.array([0.0, 50.5]), 1.0)[1]
    assert base == pytest.approx(1.0)
    assert np.log(more) / np.log(1.01) == pytest.approx(0.1, rel=0.01)


def test_spend_raises_reach_and_ever_less() -> None:
    found = [desk().reach(np.array([spend, spend]), 1.0) for spend in np.linspace(0, 1000, 20)]
    clicks, lift = np.array([c[0] for c, _ in found]), np.array([f for _, f in found])
    for curve in (clicks, lift):
        assert (np.diff(curve) > 0).all()
        assert (np.diff(curve, 2) < 0).all()


def test_no_media_no_reach() -> None:
    clicks, lift = MediaDesk((), Values({}), np.zeros(0)).reach(np.zeros(0), 1.0)
    assert len(clicks) == 0 and lift == 1.0
