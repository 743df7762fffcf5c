"""The market of a mailing: the same members with and without messages, and a quick stand-in for it.

A message reaches members through the private domain: with effort ``e`` in customer relations a member looks
in ``need x digital x pull x e`` times a day more often, and who comes that way buys with the intent of that
source. One simulation tells what share of members looked in, bought, and spent in the days counted. A
likelihood asks for thousands of such answers, so a polynomial in the parameters (of the log odds, by binomial
regression on a few hundred simulations with common luck) stands in for the market; how far it is off is
measured and told.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from sim.setup import Channel, Drivers, Setup

Array = NDArray[np.float64]
AGENTS, DESIGN, BASKET = 6_000, 160, 100.0
# Axes of the stand-in: names, and between which values the design lies. Needs, their shape and the effort are
# logarithms; an effort below the last is none.
AXES = ("need", "shape", "effort", "appeal", "intent")
LOW = np.array([np.log(0.0005), np.log(0.04), np.log(0.5), -7.0, -0.5])
HIGH = np.array([np.log(0.5), np.log(3.0), np.log(100.0), 1.0, 2.5])
WIDE = np.array([LOW, HIGH])
NONE = -np.inf
POOL = 0.1  # visits a need by the private domain at effort 1: the parameter's default
DIGITAL = 0.8  # members of a mailing list are at ease online


def setup(point: Array, days: int, agents: int = AGENTS) -> Setup:
    """Return the market of members with parameters ``point`` [5] in the order of :data:`AXES`."""
    from sim.retailer.trials import Treatment, Trial

    need, shape, effort, appeal, intent = (float(value) for value in point)
    values = {
        "need_rate": np.exp(need),
        "need_shape": np.exp(shape),
        "digital": DIGITAL,
        "appeal.shop": appeal,
        "intent.private_domain": intent,
        "pull.private_domain": POOL,
        "basket.shop": BASKET,
        "return_rate.shop": 0.0,
        "initial_customers": 0.99,
        "initial_lost": 1e-6,
        "dropout": 1e-6,
    }
    effort = float(np.exp(effort))  # none is exp(-inf), which is 0
    return Setup(
        start=datetime.date(2027, 1, 1),
        days=days,
        channels=(Channel("shop", "own"),),
        drivers=Drivers.constant(days, 1, private=effort),
        usual=Drivers.constant(1, 1, private=0.0),
        burn_in=1,
        customers=agents,
        parameters=values,
        trial=Trial(Treatment(), "nobody", 0, 1, follow=days - 1),
    )


def simulate(point: Array, days: int, seed: int, agents: int = AGENTS) -> Array:
    """Return the shares of members who looked in and who bought, and sales a member over a basket [3]."""
    from sim.market import Market

    market = Market.from_setup(setup(point, days, agents), seed)
    market.customers.state.registered[:] = 1  # all of them are on the list
    market.run()
    assert market.trial is not None
    visits, orders, sales = market.trial.between(0, days).T
    return np.array([(visits > 0).mean(), (orders > 0).mean(), sales.mean() / 100.0 / BASKET])


@dataclass(frozen=True, eq=False)
class StandIn:
    """Answers of the market to parameters, without simulating.

    Attributes
    ----------
    box
        Between which parameters it was simulated [2, 5].
    look, buy
        Coefficients of the log odds of looking in and buying, with and without messages.
    spend
        Sales a buyer, over a basket.
    off
        Root mean square of its error in log odds, over simulations that it has not seen: looking in, buying.
    """

    box: Array
    look: tuple[Array, Array]
    buy: tuple[Array, Array]
    spend: float
    off: tuple[float, float]

    def shares(self, points: Array) -> tuple[Array, Array]:
        """Return the shares who look in and who buy [n] at ``points`` [n, 5]."""
        mailed = np.isfinite(points[:, 2])
        found = []
        for parts, axes in ((self.look, LOOKS), (self.buy, BUYS)):
            odds = np.empty(len(points))
            for chosen, part, kept in zip((~mailed, mailed), parts, axes, strict=True):
                odds[chosen] = features(points[chosen], kept, self.box) @ part
            found.append(1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0))))
        return found[0], found[1]


LOOKS = ((0, 1), (0, 1, 2))  # axes that matter without and with messages
BUYS = ((0, 1, 3), (0, 1, 2, 3, 4))
CUBIC = 3  # axes up to which the polynomial is cubic; else quadratic and the cubes


def features(points: Array, axes: tuple[int, ...], box: Array) -> Array:
    """Return polynomial features [n, F] of the ``axes`` of points [n, 5], scaled by the ``box`` [2, 5]."""
    low, high = box[:, list(axes)]
    unit = np.clip(2.0 * (points[:, axes] - low) / (high - low) - 1.0, -1.5, 1.5)
    padded = np.column_stack((unit, np.ones(len(points))))  # the last column stands for no factor
    return np.asarray(padded[:, terms(len(axes))].prod(axis=2))


@cache
def terms(count: int) -> NDArray[np.int64]:
    """Return which axes each term of the polynomial multiplies [F, 3]; ``count`` stands for none."""
    found = []
    for term in combinations_with_replacement(range(count + 1), 3):
        if count <= CUBIC or count in term or len(set(term)) < 3:
            found.append(term)
    return np.array(found)


def stand_in(
    days: int,
    seed: int,
    box: Array = WIDE,
    design: int = DESIGN,
    agents: int = AGENTS,
    told: Callable[[int], None] | None = None,
) -> StandIn:
    """Simulate a design of parameters in a ``box`` [2, 5] and fit the stand-in; one in eight judges it.

    ``told`` is called with the number of simulations done.
    """
    from scipy.stats import qmc

    unit = qmc.LatinHypercube(len(AXES), rng=np.random.default_rng([seed, 2008])).random(design)
    points = box[0] + unit * (box[1] - box[0])
    points[::3, 2] = NONE
    seen = np.empty((design, 3))
    for k, point in enumerate(points):
        seen[k] = simulate(point, days, seed, agents)
        if told is not None:
            told(k + 1)
    kept = np.arange(design) % 8 == 5
    mailed = np.isfinite(points[:, 2])
    parts: list[tuple[Array, Array]] = []
    off = []
    for column, axes in ((0, LOOKS), (1, BUYS)):
        found, wrong = [], []
        for arm, used in zip((~mailed, mailed), axes, strict=True):
            learn, test = arm & ~kept, arm & kept
            part = _binomial(features(points[learn], used, box), seen[learn, column], agents)
            found.append(part)
            heard = test & (seen[:, column] * agents >= 25) & (seen[:, column] < 0.95)
            odds = np.log(seen[heard, column] / (1.0 - seen[heard, column]))
            wrong.append(odds - features(points[heard], used, box) @ part)
        parts.append((found[0], found[1]))
        off.append(float(np.sqrt(np.mean(np.concatenate(wrong) ** 2))))
    spent = seen[:, 2].sum() / seen[:, 1].sum()
    return StandIn(box, parts[0], parts[1], _spend(seen, spent), (off[0], off[1]))


def _spend(seen: Array, mean: float) -> float:
    """Return sales a buyer over a basket where few buy, as in a fortnight; the mean where there are none."""
    few = (seen[:, 1] > 0.001) & (seen[:, 1] < 0.05)
    return float(seen[few, 2].sum() / seen[few, 1].sum()) if few.any() else float(mean)


def _binomial(design: Array, shares: Array, trials: int) -> Array:
    """Return coefficients of a binomial regression with a little ridge, by reweighted least squares."""
    beta: Array = np.zeros(design.shape[1])
    target = np.clip(shares, 0.5 / trials, 1.0 - 0.5 / trials)
    odds: Array = np.log(target / (1.0 - target))
    weight: Array = trials * target * (1.0 - target)
    for _ in range(30):
        gram = design.T @ (design * weight[:, None]) + 0.1 * np.eye(len(beta))
        beta = np.asarray(np.linalg.solve(gram, design.T @ (weight * odds)), np.float64)
        line = np.clip(design @ beta, -15.0, 15.0)
        share = 1.0 / (1.0 + np.exp(-line))
        weight = np.maximum(trials * share * (1.0 - share), 1e-6)
        odds = line + (shares - share) * trials / weight
    return beta
