"""Pools of forecasts: who gets the weight, how wide the pool is, and in which order its paths run."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.pooling import (
    PATHS,
    Fold,
    Recipe,
    choose,
    folds_apart,
    inner_origins,
    learn,
    mean_quantiles,
    widened,
)
from calibration.scores import coverage, crps

NAMES = ("market", "statistics")


def said(level: float, spread: float, key: int, horizon: int = 6) -> np.ndarray:
    return level * np.exp(spread * np.random.default_rng(key).normal(size=(300, horizon)))


def folds(market: float, statistics: float, spread: float = 0.2, noise: float = 0.2) -> list[Fold]:
    """Four folds of a series about 100, and two candidates at their levels."""
    rng = np.random.default_rng(7)
    return [
        Fold(
            start,
            100.0 * np.exp(noise * rng.normal(size=6)),
            {"market": said(market, spread, start), "statistics": said(statistics, spread, 100 + start)},
        )
        for start in (20, 26, 32, 38)
    ]


def test_who_is_right_on_inner_folds_gets_the_weight() -> None:
    right = learn(folds(160.0, 100.0), NAMES).weights
    assert right["statistics"] > 0.9
    assert learn(folds(100.0, 160.0), NAMES).weights["market"] > 0.9
    assert sum(right.values()) == pytest.approx(1.0)


def test_equal_skill_leaves_weights_equal_and_so_does_no_fold() -> None:
    assert learn(folds(100.0, 100.0), NAMES).weights["market"] == pytest.approx(0.5, abs=0.05)
    empty = [Fold(20, np.full(6, np.nan), {}), Fold(20, np.ones(6), {"market": np.ones((5, 6))})]
    assert learn(empty, NAMES) == learn([], NAMES) == Recipe({"market": 0.5, "statistics": 0.5}, 1.0, False)


def test_what_has_no_median_is_not_blown_up() -> None:
    rare = np.zeros((100, 2))
    rare[60:, 0], rare[:, 1] = np.linspace(1.0, 40.0, 40), np.linspace(1.0, 2.0, 100)
    wide = widened(rare, 1.3, share=False)
    assert np.array_equal(wide[:, 0], rare[:, 0])
    assert np.ptp(wide[:, 1]) > np.ptp(rare[:, 1])


def test_fewer_folds_say_less() -> None:
    told = folds(160.0, 100.0)
    assert learn(told[:1], NAMES).weights["market"] > learn(told, NAMES).weights["market"]
    assert folds_apart(told) == pytest.approx(4.0)
    assert folds_apart([Fold(start, np.ones(6), {}) for start in (20, 21, 22)]) == pytest.approx(8 / 6)


@pytest.mark.parametrize("levels", [(100.0, 100.0), (160.0, 90.0), (300.0, 20.0)])
def test_the_pool_scores_no_worse_than_the_worst_of_it(levels: tuple[float, float]) -> None:
    told = folds(*levels)
    weights = learn(told, NAMES).weights
    pool = np.mean([crps(fold.actual, mean_quantiles(weights, fold.paths)) for fold in told])
    single = {name: np.mean([crps(fold.actual, fold.paths[name]) for fold in told]) for name in NAMES}
    assert pool <= 1.01 * sum(weights[name] * single[name] for name in NAMES) <= 1.01 * max(single.values())


def test_intervals_too_wide_are_narrowed_and_too_narrow_ones_widened() -> None:
    wide, narrow = folds(100.0, 100.0, spread=0.6), folds(100.0, 100.0, spread=0.05)
    assert learn(wide, NAMES).spread < 0.8
    assert learn(narrow, NAMES).spread > 1.2
    for told in (wide, narrow):
        recipe = learn(told, NAMES)
        pools = [mean_quantiles(recipe.weights, fold.paths) for fold in told]
        before = np.mean([coverage(fold.actual, pool, 0.9) for fold, pool in zip(told, pools, strict=True)])
        after = np.mean(
            [
                coverage(fold.actual, widened(pool, recipe.spread, False), 0.9)
                for fold, pool in zip(told, pools, strict=True)
            ]
        )
        assert abs(after - 0.9) <= abs(before - 0.9)


def test_a_spread_leaves_medians_and_ranges() -> None:
    shares = 1.0 / (1.0 + np.exp(-np.random.default_rng(0).normal(2.0, 1.5, (201, 4))))
    wider = widened(shares, 2.0, True)
    assert np.median(wider, axis=0) == pytest.approx(np.median(shares, axis=0))
    assert ((wider > 0) & (wider < 1)).all()
    amounts = np.array([[0.0, 1.0, 2.0, 4.0, 8.0]]).T
    assert widened(amounts, 2.0, False).ravel() == pytest.approx([0.0, 0.5, 2.0, 8.0, 32.0])
    assert widened(amounts - 4.0, 2.0, False).ravel() == pytest.approx([-6.0, -4.0, -2.0, 2.0, 10.0])


def test_paths_keep_the_order_of_the_leading_candidate() -> None:
    rng = np.random.default_rng(3)
    walks = {name: np.exp(np.cumsum(rng.normal(size=(PATHS, 5)), axis=1)) for name in NAMES}
    found = Recipe({"market": 0.7, "statistics": 0.3}, 1.0, False).join(walks)
    assert found.shape == (PATHS, 5)
    assert np.array_equal(np.argsort(found[:, 2]), np.argsort(walks["market"][:, 2]))
    assert np.sort(found, axis=0) == pytest.approx(mean_quantiles({"market": 0.7, "statistics": 0.3}, walks))
    alone = Recipe({"market": 0.7, "statistics": 0.3}, 1.0, False).join({"statistics": walks["statistics"]})
    assert np.median(alone, axis=0) == pytest.approx(np.median(walks["statistics"], axis=0), rel=0.05)


def test_it_is_deterministic() -> None:
    one, other = learn(folds(120.0, 90.0), NAMES), learn(folds(120.0, 90.0), NAMES)
    assert one == other
    paths = {"market": said(120.0, 0.3, 1), "statistics": said(90.0, 0.3, 2)}
    assert np.array_equal(one.join(paths), other.join(paths))


def test_inner_origins_lie_in_the_last_half_and_end_with_the_training_years() -> None:
    assert inner_origins(52, 8) == (8, (26, 32, 38, 44))
    assert inner_origins(52, 20) == (17, (26, 29, 32, 35))
    assert inner_origins(12, 4) == (4, (8,))
    assert inner_origins(9, 4) == (3, ())
    for known in range(1, 60):
        ahead, origins = inner_origins(known, 13)
        assert all(origin + ahead <= known for origin in origins)


def test_one_candidate_is_chosen_by_the_same_folds() -> None:
    assert choose(folds(160.0, 100.0)) == "statistics"
    assert choose(folds(100.0, 160.0)) == "market"
    assert choose([]) == choose([Fold(20, np.full(6, np.nan), {"market": np.ones((5, 6))})]) == ""


def test_a_recipe_is_plain_values() -> None:
    recipe = Recipe({"market": 0.4, "statistics": 0.6}, 1.1, False, "ucm")
    assert recipe.document() == {"market": 0.4, "statistics": 0.6, "spread": 1.1, "chosen": "ucm"}
