"""The market of a shelf: substitutes side by side, their prices moved one at a time with the same luck.

A product on the shelf is a channel that everybody who walks in sees. Its own price acts through
``price_response``; how much of what one product loses goes to the others and how much nowhere follows from
the nest and from how often a visit ends in buying at all. A nested logit's closed form says where to look for
these parameters; what the simulation answers beside it - customers differ in price sensitivity and in habit -
is taken into account round by round.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import ORDERS
from sim.parameters import Values
from sim.setup import Channel, Drivers, Setup

Array = NDArray[np.float64]
AGENTS, DAYS, BURN_IN = 20_000, 21, 7
CUT = 0.10  # by which a price is lowered to read an elasticity
DEPTH = 0.20  # of a deal
ROUNDS = 3
BOUGHT, NESTS = (0.02, 0.95), (0.15, 0.98)  # shares of visits that buy, and nests, that are tried
WEIGHT = 2.6  # price_weight; what differs between products is their price_response
FIXED = {
    "price_weight": WEIGHT,
    "switching": 0.0,  # all stand on one shelf
    "need_rate": 0.3,
    "need_shape": 2.0,
    "pull.walk_in": 5.0,
    "rival_reaction": 0.0,
    "rival_appeal": -3.0,
    "distance": 1.0,
}


@dataclass(frozen=True, eq=False)
class Aim:
    """What the shelf shall answer: own elasticities [P], mean cross elasticity, log bump, shares [P]."""

    own: Array
    cross: float
    bump: float
    share: Array


@dataclass(frozen=True, eq=False)
class Answer:
    """What a simulated shelf answers: elasticities [P, P], log bumps [P], shares [P], orders a visit."""

    price: Array
    bump: Array
    share: Array
    bought: float

    @property
    def own(self) -> Array:
        """Own-price elasticities [P]."""
        return np.diag(self.price).copy()

    @property
    def cross(self) -> float:
        """Mean cross-price elasticity."""
        count = len(self.share)
        return float((self.price.sum() - np.trace(self.price)) / (count * (count - 1)))


@dataclass(frozen=True, eq=False)
class Shelf:
    """Parameters of the shelf: utility lost per log price [P], appeal [P], lure of a deal, and the nest."""

    slope: Array
    appeal: Array
    promotion_weight: float
    nest: float

    def parameters(self) -> dict[str, float]:
        """Return the market's parameters."""
        found = dict(FIXED) | {"promotion_weight": self.promotion_weight, "nest": self.nest}
        for k, (slope, appeal) in enumerate(zip(self.slope, self.appeal, strict=True)):
            found |= {f"price_response.p{k}": float(slope) / WEIGHT, f"appeal.p{k}": float(appeal)}
            found |= {f"stockout.p{k}": 0.0, f"return_rate.p{k}": 0.0, f"look.p{k}": 0.0}
        return found


def setup(shelf: Shelf, agents: int = AGENTS) -> Setup:
    """Return the shelf's market at its usual prices."""
    channels = tuple(Channel(f"p{k}", "store") for k in range(len(shelf.slope)))
    return Setup(
        start=datetime.date(2027, 1, 1),
        days=DAYS,
        channels=channels,
        drivers=Drivers.constant(DAYS, len(channels)),
        burn_in=BURN_IN,
        customers=agents,
        parameters=shelf.parameters(),
    )


def lived(made: Setup, seed: int) -> tuple[Array, float]:
    """Return orders [P] and visits of a shelf's days."""
    from sim.market import Market

    ledger = Market.from_setup(made, seed).run()
    orders = ledger.events[made.burn_in :, :, ORDERS].sum(axis=0).astype(float)
    return orders, float(ledger.visits[made.burn_in :].sum())


def answer(shelf: Shelf, seed: int, agents: int = AGENTS, told: Callable[[], None] | None = None) -> Answer:
    """Lower each price in turn, and put each product on a deal in turn, with the same customers and luck."""
    made, count = setup(shelf, agents), len(shelf.slope)
    usual = Drivers.constant(1, count)
    base, visits = lived(made, seed)
    price, bump = np.empty((count, count)), np.empty(count)
    for k in range(count):
        cheap, deal = np.ones((DAYS, count)), np.zeros((DAYS, count))
        cheap[:, k], deal[:, k] = 1.0 - CUT, DEPTH
        for name, values in (("price", cheap), ("discount", deal)):
            changed = Drivers(**{**vars(made.drivers), name: values})
            orders, _ = lived(replace(made, drivers=changed, usual=usual), seed)
            gain = np.log((orders + 0.5) / (base + 0.5))
            if name == "price":
                price[:, k] = gain / np.log1p(-CUT)
            else:
                bump[k] = gain[k]
            if told is not None:
                told()
    return Answer(price, bump, base / base.sum(), float(base.sum()) / max(visits, 1.0))


def calibrate(
    aim: Aim, seed: int, told: Callable[[], None] | None = None, agents: int = AGENTS
) -> tuple[Shelf, Answer]:
    """Return the shelf that answers nearest to the aim in :data:`ROUNDS` rounds, and what it answers."""
    usual, outside = Values(FIXED)["nest"], np.log1p(np.exp(FIXED["rival_appeal"]))
    own, cross, offset, lure = aim.own, aim.cross, np.zeros(len(aim.own)), 0.75
    best: tuple[float, Shelf, Answer] | None = None
    for _ in range(ROUNDS):
        slope, bought, nest = solve(replace(aim, own=own, cross=cross), usual)
        shelf = Shelf(slope, _odds(bought) + outside + nest * np.log(aim.share) + offset, lure, nest)
        found = answer(shelf, seed, agents, told)
        off = float(np.abs(found.own - aim.own).mean() + abs(found.cross - aim.cross) * len(aim.own))
        if best is None or off < best[0]:
            best = (off, shelf, found)
        told_own, told_cross = closed(slope, aim.share, float(np.clip(found.bought, *BOUGHT)), nest)
        own = aim.own * np.clip(told_own / np.minimum(found.own, -0.05), 0.5, 2.0)
        cross = aim.cross * float(np.clip(told_cross / max(found.cross, 0.01), 0.5, 2.0))
        offset = offset + nest * np.log(aim.share / np.maximum(found.share, 1e-4))
        offset = offset + _odds(bought) - _odds(float(np.clip(found.bought, 1e-4, 0.999)))
        gained = float(np.mean(-found.own / WEIGHT)) * DEPTH  # log orders per unit of promotion weight
        lure = float(np.clip(lure + (aim.bump - found.bump.mean()) / max(gained, 1e-3), 0.0, 8.0))
    assert best is not None
    return best[1], best[2]


def _odds(share: float) -> float:
    return float(np.log(share / (1.0 - share)))


def closed(slope: Array, share: Array, bought: float, nest: float) -> tuple[Array, float]:
    """Return own elasticities [P] and the mean cross elasticity of a nested logit.

    With shares ``s`` in the nest and P bought: own ``-b ((1 - s) / nest + s (1 - P))``, cross to product j's
    price ``b_j s_j (1 / nest - 1 + P)``.
    """
    own = -slope * ((1.0 - share) / nest + share * (1.0 - bought))
    return np.asarray(own), float(np.mean(slope * share)) * (1.0 / nest - 1.0 + bought)


def solve(aim: Aim, nest: float) -> tuple[Array, float, float]:
    """Return slopes [P], the share of visits that buy and the nest for which a nested logit answers as aimed.

    The nest stays as it is where some share that buys gives the cross elasticity; else it takes over, and
    where that does not do either the nearest stands.
    """

    def slopes(bought: float, nest: float) -> Array:
        return np.asarray(aim.own / closed(np.ones(len(aim.own)), aim.share, bought, nest)[0])

    def cross(bought: float, nest: float) -> float:
        return closed(slopes(bought, nest), aim.share, bought, nest)[1]

    bought = _root(lambda p: cross(p, nest) - aim.cross, *BOUGHT)
    if abs(cross(bought, nest) - aim.cross) > 1e-6:
        nest = _root(lambda wider: aim.cross - cross(bought, wider), *NESTS)
    return slopes(bought, nest), bought, nest


def _root(rising: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising function is 0 between two ends, or the end that is nearest to it."""
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if rising(middle) < 0.0 else (low, middle)
    return 0.5 * (low + high)
