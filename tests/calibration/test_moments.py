"""The method of simulated moments on simulators whose posterior is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from calibration.moments import NORMAL_90, Posterior, Prior, cloud_size, match
from sim.parameters import Parameter, from_scale

Read = Callable[[np.ndarray], np.ndarray]
ERROR = 0.1


def prior(count: int) -> Prior:
    """Independent standard normal priors p0, p1, ..."""
    names = [f"p{k}" for k in range(count)]
    return Prior(tuple(Parameter(name, "", 0.0, -NORMAL_90, NORMAL_90, "A", "-") for name in names))


def simulator(read: Read, noise: float = 0.0, apart: float = 0.0) -> Callable[..., np.ndarray]:
    """Statistics of a member: ``read`` of its parameters, and luck that members share or not."""
    calls = [0]

    def simulate(values: Sequence[dict[str, float]], shared: bool) -> np.ndarray:
        calls[0] += 1
        luck = np.random.default_rng([calls[0], 5])
        clean = np.array([read(np.array(list(one.values()))) for one in values])
        common = luck.normal(size=(1, clean.shape[1]) if shared else clean.shape)
        return clean + noise * common + apart * luck.normal(size=clean.shape)

    return simulate


def matched(read: Read, count: int, truth: np.ndarray, noise: float = 0.0, **options: Any) -> Posterior:
    observed = read(truth)
    errors = np.full(len(observed), ERROR)
    return match(prior(count), observed, errors, simulator(read, noise, 0.3 * noise), **options)


SLOPES = np.array([[1.0, 0.5, 0.0], [0.0, 0.8, -0.6], [0.3, 0.0, 0.2], [0.0, 0.1, 0.05]])


def linear(x: np.ndarray) -> np.ndarray:
    return 0.7 + SLOPES @ x


def test_a_linear_simulator_has_the_analytic_posterior() -> None:
    truth = np.array([0.6, -1.0, 0.4])
    found = matched(linear, 3, truth)
    covariance = np.linalg.inv(SLOPES.T @ SLOPES / ERROR**2 + np.eye(3))
    centre = covariance @ SLOPES.T @ (linear(truth) - 0.7) / ERROR**2
    spread = np.sqrt(np.diag(covariance))
    assert (np.abs(found.centre - centre) < 0.3 * spread).all()
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(spread, rel=0.25)


def test_members_are_draws_of_that_posterior() -> None:
    found = matched(linear, 3, np.array([0.6, -1.0, 0.4]), members=400)
    spread = np.sqrt(np.diag(found.covariance))
    assert found.members.shape == (400, 3)
    assert (np.abs(found.members.mean(axis=0) - found.centre) < 0.25 * spread).all()
    assert np.sqrt(np.diag(np.cov(found.members.T))) == pytest.approx(spread, rel=0.25)
    assert found.simulated == pytest.approx(np.array([linear(m) for m in found.members]))


def test_a_mildly_nonlinear_simulator_converges_to_the_truth() -> None:
    def bent(x: np.ndarray) -> np.ndarray:
        return np.array([np.exp(0.5 * x[0]), x[1] + 0.2 * x[1] ** 3, x[0] * x[1] + x[0], np.tanh(x[1])])

    def twice(x: np.ndarray) -> np.ndarray:
        return 10.0 * bent(x)  # errors a tenth as large

    truth = np.array([1.2, -0.8])
    found = matched(twice, 2, truth)
    assert found.centre == pytest.approx(truth, abs=0.05)


def test_far_truths_are_reached_in_bounded_strides() -> None:
    found = matched(lambda x: 5.0 * x, 1, np.array([3.0]))
    assert found.centre == pytest.approx([3.0], abs=0.1)


def test_what_no_statistic_informs_keeps_its_prior_exactly_without_noise() -> None:
    found = matched(lambda x: SLOPES @ x[:3], 5, np.array([0.5, 0.2, -0.3, 0.0, 0.0]))
    assert found.centre[3:] == pytest.approx([0.0, 0.0], abs=0.25)
    assert np.diag(found.covariance)[3:] == pytest.approx([1.0, 1.0], rel=0.35)


@pytest.mark.parametrize("noise", [0.03, 0.1])
def test_noise_is_not_taken_for_knowledge(noise: float) -> None:
    """Slopes seen through luck are not zero; their squares must not pass for information."""
    kept = []
    for seed in range(3):
        found = matched(lambda x: SLOPES @ x[:3], 8, np.zeros(8), noise, seed=seed)
        kept.append(np.diag(found.covariance)[3:])
    assert np.mean(kept) > 0.9


def test_intervals_cover_the_truth_under_noise() -> None:
    rng = np.random.default_rng(3)
    slopes = rng.normal(size=(10, 4))
    inside = []
    for seed in range(12):
        truth = rng.normal(size=4)
        observed = slopes @ truth + ERROR * rng.normal(size=10)
        simulate = simulator(lambda x: slopes @ x, 0.1, 0.03)
        found = match(prior(4), observed, np.full(10, ERROR), simulate, 8, seed=seed)
        inside.append(np.abs(found.centre - truth) < NORMAL_90 * np.sqrt(np.diag(found.covariance)))
    assert 0.8 < np.mean(inside) <= 1.0


def test_undefined_statistics_pull_nowhere() -> None:
    truth = np.array([0.6, -1.0, 0.4])

    def partly(x: np.ndarray) -> np.ndarray:
        return np.append(linear(x), np.nan)

    simulate, errors = simulator(partly), np.full(5, ERROR)
    with_it = match(prior(3), np.append(linear(truth), 99.0), errors, simulate)
    without = matched(linear, 3, truth)
    assert with_it.centre == pytest.approx(without.centre, abs=0.15)
    assert with_it.covariance == pytest.approx(without.covariance, rel=0.5, abs=0.02)
    unheard = match(
        prior(3), np.append(linear(truth), np.nan), errors, simulator(lambda x: np.append(linear(x), x[0]))
    )
    assert unheard.centre == pytest.approx(without.centre, abs=0.15)


def test_a_statistic_undefined_in_some_members_still_informs_gently() -> None:
    def holes(x: np.ndarray) -> np.ndarray:
        return np.array([x[0] if x[0] > -1.0 else np.nan])

    found = matched(holes, 1, np.array([0.8]))
    assert found.centre == pytest.approx([0.8], abs=0.1)


def test_the_same_seed_gives_the_same_posterior_and_another_one_other_draws() -> None:
    truth = np.array([0.6, -1.0, 0.4])
    first, again, other = (matched(linear, 3, truth, 0.02, seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(first.members, again.members)
    assert np.array_equal(first.simulated, again.simulated)
    assert not np.array_equal(first.members, other.members)


def test_it_simulates_as_often_as_it_says_and_each_simulation_has_its_own_luck() -> None:
    asked: list[tuple[int, bool]] = []

    def simulate(values: Sequence[dict[str, float]], shared: bool) -> np.ndarray:
        asked.append((len(values), shared))
        return np.zeros((len(values), 1))

    match(prior(3), np.zeros(1), np.ones(1), simulate, members=7, clouds=(0.5, 0.2))
    assert asked == [(cloud_size(3), False), (cloud_size(3), False), (7, False)]


def test_it_starts_where_it_is_told() -> None:
    seen: list[float] = []

    def simulate(values: Sequence[dict[str, float]], shared: bool) -> np.ndarray:
        seen.append(float(np.mean([one["p0"] for one in values])))
        return np.array([[one["p0"]] for one in values])

    match(prior(1), np.array([2.0]), np.array([0.1]), simulate, clouds=(0.1,), start=np.array([1.9]))
    assert seen[0] == pytest.approx(1.9, abs=0.05)


def test_priors_are_normal_on_their_scales_with_low_and_high_as_percentiles() -> None:
    both = Prior((
        Parameter("rate", "", 0.05, 0.005, 0.5, "A", "-", "log"),
        Parameter("share", "", 0.2, 0.05, 0.55, "A", "-", "logit"),
    ))  # fmt: skip
    draws = both.draw(2_000, np.random.default_rng(1))
    natural = np.array([list(both.values(draw).values()) for draw in draws])
    assert np.quantile(natural[:, 0], (0.05, 0.5, 0.95)) == pytest.approx([0.005, 0.05, 0.5], rel=0.05)
    assert np.median(natural[:, 1]) == pytest.approx(0.2, rel=0.02)
    assert ((natural > 0) & (natural[:, 1:] < 1)).all()
    assert from_scale(both.centre()[0], "log") == pytest.approx(0.05)


def test_a_parameter_without_a_range_does_not_move() -> None:
    fixed = Prior((Parameter("p0", "", 2.0, 2.0, 2.0, "A", "-"),))
    assert fixed.draw(5, np.random.default_rng(0)) == pytest.approx(2.0, abs=1e-6)


def test_no_parameters_still_make_as_many_members_as_asked() -> None:
    assert Prior(()).draw(5, np.random.default_rng(0)).shape == (5, 0)
