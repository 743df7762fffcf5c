"""Members led to what they must reproduce, on simulators that are known."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from calibration.refinement import REACH, distance, refine, secant, towards
from calibration.regression import Line

Array = np.ndarray


def curved(members: Array) -> Array:
    """Three figures of four parameters: a product, a ratio and a saturating sum; the fourth is unheard."""
    a, b, c, _ = members.T
    return np.column_stack([a * b + a, np.exp(0.5 * c - 0.3 * a), np.tanh(a + b) + c])


def line_of(slopes: Array) -> Line:
    return Line(np.zeros(len(slopes)), slopes, np.full(slopes.shape, 1e-6), np.zeros(len(slopes)))


def slopes_at(centre: Array) -> Array:
    steps = 1e-5 * np.eye(len(centre))
    return (curved(centre + steps) - curved(centre - steps)).T / 2e-5


@pytest.fixture
def draws() -> Array:
    return np.random.default_rng(3).normal(0.5, 0.5, (30, 4))


def test_every_member_reaches_its_own_aims_on_a_curved_set(draws: Array) -> None:
    aims = curved(np.random.default_rng(4).normal(0.8, 0.2, (30, 4)))
    errors = np.full(3, 0.02)
    found, simulated = refine(draws, aims, errors, curved, [line_of(slopes_at(np.full(4, 0.5)))], 12)
    off = np.abs(simulated - aims) / errors
    assert (off.max(axis=1) < 1.0).mean() >= 0.8
    assert np.array_equal(simulated, curved(found))


def test_what_no_figure_informs_stays_as_drawn(draws: Array) -> None:
    aims = np.tile(curved(np.full((1, 4), 0.8)), (30, 1))
    found, _ = refine(draws, aims, np.full(3, 0.02), curved, [line_of(slopes_at(np.full(4, 0.5)))], 6)
    assert np.array_equal(found[:, 3], draws[:, 3])


def test_a_member_never_ends_farther_off_than_it_began(draws: Array) -> None:
    misleading = line_of(-slopes_at(np.full(4, 0.5)))
    aims, errors = np.tile(curved(np.full((1, 4), 0.8)), (30, 1)), np.full(3, 0.1)
    _, simulated = refine(draws, aims, errors, curved, [misleading], 3)
    assert (distance(aims - simulated, errors) <= distance(aims - curved(draws), errors) + 1e-12).all()


def test_without_rounds_members_stay(draws: Array) -> None:
    found, simulated = refine(draws, curved(draws) + 1.0, np.ones(3), curved, [line_of(np.ones((3, 4)))], 0)
    assert np.array_equal(found, draws)
    assert np.array_equal(simulated, curved(draws))


def test_an_unheard_figure_pulls_nowhere(draws: Array) -> None:
    aims = np.full((30, 3), np.nan)
    found, _ = refine(draws, aims, np.ones(3), curved, [line_of(slopes_at(np.full(4, 0.5)))], 2)
    assert np.array_equal(found, draws)


def test_a_round_moves_no_parameter_farther_than_its_reach(draws: Array) -> None:
    aims = curved(draws) + 100.0
    seen: list[Array] = []

    def simulate(members: Array) -> Array:
        seen.append(members)
        return curved(members)

    refine(draws, aims, np.full(3, 0.01), simulate, [line_of(slopes_at(np.full(4, 0.5)))], 2)
    assert max(np.abs(b - a).max() for a, b in itertools.pairwise(seen)) <= REACH + 1e-12


def test_a_secant_explains_the_latest_change_and_nothing_across_it() -> None:
    slopes, move = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0.5, 0.0])
    found = secant(slopes, move, np.array([1.0, -0.2]))
    assert found @ move == pytest.approx([1.0, -0.2])
    assert found[:, 1] == pytest.approx(slopes[:, 1])
    assert secant(slopes, 1e-4 * move, np.array([1.0, 1.0])) is slopes


def test_doubtful_slopes_move_less() -> None:
    slopes, errors = np.array([[1.0, 0.0]]), np.array([0.1])
    sure, unsure = (towards(np.array([0.2]), slopes, np.full((1, 2), d), errors) for d in (0.0, 1.0))
    assert 0.0 < unsure[0] < 0.6 * sure[0]
    assert sure[1] == unsure[1] == 0.0
