"""Gaussian processes propose what adds the most volume, keep bounds, and doubt first looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import optuna
import pytest
from scipy.stats import norm

from scenarios.gaussian import GaussianProcessSampler, Improvement, Tried, learn, unbeaten
from scenarios.samplers import hypervolume

NAMES = ("a", "b", "c", "d")


def encode(numbers: Mapping[str, Any]) -> list[float]:
    return [float(numbers[name]) for name in NAMES]


def two(x: dict[str, float]) -> list[float]:
    """A made-up trade-off whose best plans have a = .7 and c, d = .2, b choosing between the two."""
    off = (x["a"] - 0.7) ** 2 + (x["c"] - 0.2) ** 2 + (x["d"] - 0.2) ** 2
    return [-off - x["b"] ** 2, -off - (x["b"] - 1.0) ** 2]


def searched(
    score: Callable[[dict[str, float]], list[float]],
    trials: int,
    seed: int,
    gp: bool = True,
    bound: Callable[[dict[str, float]], float] | None = None,
) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    probe = dict.fromkeys(NAMES, 0.5)
    study = optuna.create_study(directions=["maximize"] * len(score(probe)))
    for done in range(trials):
        own = 1000 * seed + done
        random = optuna.samplers.RandomSampler(seed=own)
        study.sampler = GaussianProcessSampler(own, encode, 8) if gp else random
        trial = study.ask()
        x = {name: trial.suggest_float(name, 0, 1) for name in NAMES}
        if bound is not None:
            trial.set_constraint("bound", bound(x))
        study.tell(trial, score(x))
    return study


def test_it_needs_a_small_part_of_the_trials_of_chance() -> None:
    def reached(gp: bool, trials: int) -> float:
        values = np.array([t.values for t in searched(two, trials, 1, gp).trials])
        return hypervolume(values + 1.0, np.zeros(2))

    assert reached(True, 24) > reached(False, 240)


def test_one_objective_within_a_bound() -> None:
    """The best plan lies where the bound holds it back: a + b <= .8."""

    def score(x: dict[str, float]) -> list[float]:
        return [x["a"] + x["b"] - (x["c"] - 0.5) ** 2 - (x["d"] - 0.5) ** 2]

    study = searched(score, 26, 3, bound=lambda x: x["a"] + x["b"] - 0.8)
    kept = [t.values[0] for t in study.trials if t.constraints["bound"] <= 0.0]
    assert max(kept) > 0.8 - 0.03
    roomy = [t.values[0] for t in study.trials if t.constraints["bound"] <= -0.05]
    assert max(roomy) > 0.75 - 0.06  # what just keeps a bound here may break it in other futures


def test_no_plan_is_tried_twice() -> None:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize")
    for done in range(20):
        study.sampler = GaussianProcessSampler(done, lambda x: [x["n"] / 4, x["m"] / 3], 6)
        trial = study.ask()
        n, m = trial.suggest_int("n", 0, 4), trial.suggest_int("m", 0, 3)
        study.tell(trial, -float((n - 3) ** 2 + (m - 1) ** 2))
    later = [tuple(t.params.values()) for t in study.trials[6:]]
    assert len(set(later)) == len(later)
    assert study.best_value == 0.0


def test_expected_improvement_is_the_textbooks() -> None:
    """With one objective: (mu - best) Phi(z) + sd phi(z) (Jones, Schonlau & Welch 1998), over its volume."""
    best, high = 1.0, 6.0
    cells = np.linspace(best, high, 4001)[:, None]
    better = Improvement(cells, feasible=True)
    mean, spread = np.array([[0.5], [1.2], [2.0]]), np.array([[0.5], [0.1], [1.0]])
    z = (mean - best) / spread
    exact = ((mean - best) * norm.cdf(z) + spread * norm.pdf(z))[:, 0]
    assert better.expected(mean, spread) * (high - best) == pytest.approx(exact, rel=1e-2)


def test_a_bound_likely_missed_is_not_proposed() -> None:
    better = Improvement(np.linspace(0.0, 1.0, 50)[:, None], feasible=True)
    mean, spread = np.array([[0.5, -1.0], [0.5, 0.0], [0.5, 1.0]]), np.full((3, 2), 0.2)
    kept, even, broken = better.expected(mean, spread)
    assert even == pytest.approx(kept / 2, rel=1e-6)
    assert broken < 1e-5 * kept


def test_first_looks_are_followed_less() -> None:
    luck = np.random.default_rng(4)
    points = luck.uniform(size=(30, 2))
    truth = -((points - 0.5) ** 2).sum(axis=1)
    inner = int(truth.argmax())
    odd = np.zeros(30)
    odd[inner] = 0.2
    where = points[inner : inner + 1]

    def said(doubt: float) -> float:
        tried = Tried(points, (truth + odd)[:, None], np.zeros((30, 0)), doubt * (odd > 0))
        return float(learn(tried, 1)(where)[0][0, 0])

    assert abs(said(10.0) - truth[inner]) < 0.5 * abs(said(0.0) - truth[inner])


def test_of_plans_that_break_bounds_none_is_on_the_front() -> None:
    scores = np.array([[3.0, 3.0], [2.0, 1.0], [1.0, 2.0], [0.5, 0.5]])
    missed = np.array([[0.1], [-0.1], [0.0], [-1.0]])
    tried = Tried(scores, scores, missed, np.zeros(4))
    assert unbeaten(tried).tolist() == [False, True, True, False]
