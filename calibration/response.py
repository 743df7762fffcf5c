"""Evidence mapped through a simulated intervention: how strongly a fitted market answers price and promotion.

An elasticity is no coefficient: what a price does to orders is damped where many visits convert, and one
channel's price moves another's buyers. After a fit a few of its members therefore live a switchback
experiment (:mod:`calibration.switchback`), and ``price_response.<channel>`` and ``promotion_weight`` are set
so that the market answers as the meta-analyses say: at their central values for a central member, over their
ranges for the ensemble. What the usual promotions then sell more or less is made good in the appeal, so that
the fitted figures hold.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.switchback import DELIVERY, DEPTH, ONLINE, PROMOTION, STORES, effects, signs
from sim.engine.randomness import stream_key, uniform
from sim.parameters import PARAMETERS, Values
from sim.setup import Setup

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
NORMAL_90 = 1.6449
ROUNDS = 3  # simulations of the chosen members: before, once corrected, and after
WEAKEST, STRONGEST = 0.2, 8.0  # factors on the price term
MOST = 8.0  # promotion weight
FEW = 400.0  # orders in an experiment below which a channel is read together with its like
CUT_UTILITY = -math.log1p(-DEPTH)
COLUMNS = ["lever", "channel", "low", "central", "high", "before", "after", "grade", "source"]


@dataclass(frozen=True)
class Evidence:
    """A published magnitude: central value, 5th and 95th percentile."""

    low: float
    central: float
    high: float
    grade: str
    source: str

    def at(self, level: float) -> float:
        """Return the value at a standard normal ``level``, log-normal with its own spread on each side."""
        end = self.high if level > 0.0 else self.low
        return self.central * math.exp(abs(level) / NORMAL_90 * math.log(end / self.central))


# Elasticities are negated; the cut's is linear: 20 % off sells 20 % x 3.63 = 73 % more.
PRICE = Evidence(1.5, 2.6, 4.0, "E", "Bijmolt, van Heerde & Pieters 2005")
WEB = Evidence(0.6, 0.8, 1.0, "O", "ratio online: Chu, Chintagunta & Cebollada 2010")
MARKETPLACE = Evidence(0.9, 1.2, 1.6, "A", "ratio to online: assumption")
CUT = Evidence(2.0, 3.63, 5.0, "E", "van Heerde & Neslin")
DAY = Evidence(0.0, 0.015, 0.03, "O", "AMA summary: a business day faster")


@dataclass(frozen=True, eq=False)
class Reading:
    """What an experiment showed.

    ``price`` [C, 2] elasticities to the prices of stores and online; ``total`` log of orders in the promotion
    over those without; ``delivery`` log of online orders per day saved; ``share`` [C] of orders; ``level``
    [C] mean log of a fortnight's orders where nothing is cut.
    """

    price: Array
    total: float
    delivery: float
    share: Array
    level: Array

    @classmethod
    def of(cls, arms: Array, online: NDArray[np.bool_]) -> Reading:
        """Read the orders [F, C] of both arms; channels of few orders are read with their like."""
        orders = (arms[0] + arms[1]).sum(axis=0)
        found, level, calm = [], [], signs(len(arms[0]))[:, PROMOTION] == 0.0
        for c in range(len(online)):
            like = [c] if orders[c] >= FEW else np.flatnonzero(online == online[c])
            counts = np.array([arm[:, like].sum(axis=1) for arm in arms])
            found.append(effects(counts))
            level.append(float(np.log(counts[:, calm] + 0.5).mean()))
        each, total = np.array(found), effects([arm.sum(axis=1) for arm in arms])
        web = effects([arm[:, online].sum(axis=1) for arm in arms])
        price = each[:, [STORES, ONLINE]] * [not online.all(), online.any()]
        share = orders / max(orders.sum(), 1.0)
        return cls(price, float(total[PROMOTION]), -float(web[DELIVERY]), share, np.array(level))


@dataclass(frozen=True, eq=False)
class Response:
    """How a market's parameters answer for the evidence.

    Attributes
    ----------
    setup
        The fitted market; its drivers are the status quo.
    before
        ``price_response`` [C], ``price_weight`` and ``promotion_weight`` that the fit was made with.
    slopes
        Elasticities [C, 2] to the prices of the own and the other medium, stores or online, negated, over
        ``price_weight`` and ``price_response``.
    share
        Of orders by channel [C].
    shift
        By how much the log of a promotion's bump is underrated.
    lift
        Utility [C] that the usual promotions are worth beyond what :meth:`usual` tells.
    seed
        Luck of the members' evidence.
    table
        Evidence, and what was simulated, before and after.
    """

    setup: Setup
    before: tuple[Array, float, float]
    slopes: Array
    share: Array
    shift: float
    lift: Array
    seed: int
    table: pd.DataFrame | None = None

    @property
    def online(self) -> NDArray[np.bool_]:
        """Whether each channel is online [C]."""
        return np.array([channel.online for channel in self.setup.channels])

    def ratios(self, member: int | None) -> Array:
        """Return each channel's elasticity over the price weight [C]; central for no ``member``."""
        levels = [0.0, 0.0]
        if member is not None:
            levels = [_level(self.seed, name, member) for name in ("web", "marketplace")]
        web = WEB.at(levels[0])
        by_kind = {"store": 1.0, "marketplace": web * MARKETPLACE.at(levels[1])}
        return np.array([by_kind.get(channel.kind, web) for channel in self.setup.channels])

    def strengths(self, ratios: Array) -> Array:
        """Return ``price_response`` [C] at which all prices together have elasticities ``ratios``."""
        strength = self.before[0].copy()
        for _ in range(20):
            strength = (ratios - self.cross(strength)) / np.maximum(self.slopes[:, 0], 0.1)
            strength = np.clip(strength, WEAKEST, STRONGEST)
        return np.asarray(strength)

    def cross(self, strength: Array) -> Array:
        """Return what the other medium's prices add to the elasticities over the price weight [C]."""
        return np.asarray(self.slopes[:, 1] * other(strength, self.online, self.share))

    def damping(self, strength: Array) -> Array:
        """Return the log of orders gained per unit of utility [C] where all channels move."""
        total = self.slopes[:, 0] * strength + self.cross(strength)
        return np.asarray(np.clip(total / strength, 0.05, 1.0))

    def bumps(self, strength: Array, price_weight: float, promotion_weight: float) -> Array:
        """Return the logs of orders at :data:`~calibration.switchback.DEPTH` off over those without [C]."""
        left = self.damping(strength)
        utility = strength * (price_weight * CUT_UTILITY + promotion_weight * DEPTH)
        return np.asarray(utility - np.log(left + (1.0 - left) * np.exp(utility)))

    def total(self, strength: Array, price_weight: float, promotion_weight: float) -> float:
        """Return the log of all orders in a promotion over those without."""
        return float(np.log(self.share @ np.exp(self.bumps(strength, price_weight, promotion_weight))))

    def promotion(self, strength: Array, price_weight: float, cut: float) -> float:
        """Return the ``promotion_weight`` at which a promotion sells ``cut`` times its depth more."""
        goal, low, high = math.log1p(cut * DEPTH) - self.shift, 0.0, MOST
        for _ in range(40):
            middle = 0.5 * (low + high)
            enough = self.total(strength, price_weight, middle) >= goal
            low, high = (low, middle) if enough else (middle, high)
        return 0.5 * (low + high)

    def usual(self, strength: Array, price_weight: float, promotion_weight: float) -> Array:
        """Return the utility that the status quo's prices and promotions are worth to each channel [C]."""
        drivers, goods, left = self.setup.drivers, self.setup.products, self.damping(strength)
        promoted = sum(p.need_share * p.promoted for p in goods) if goods else 1.0
        depth = drivers.discount * promoted
        utility = strength * (promotion_weight * depth - price_weight * np.log(drivers.price * (1.0 - depth)))
        weight = drivers.demand / drivers.demand.sum()
        return np.asarray(np.log(weight @ np.exp(left * utility)) / left)

    def mapped(self, draw: dict[str, float], member: int | None) -> dict[str, float]:
        """Return a draw that answers as the evidence says; ``member`` draws where in its range.

        A member's ``price_weight`` is its elasticity in stores, drawn from the evidence; its answer to
        promotions stands at the same place in its own range.
        """
        found, values = dict(draw), Values({**self.setup.parameters, **draw})
        prior = PARAMETERS["price_weight"]  # complete, once there are values
        weight = draw.get("price_weight", self.before[1])
        level = NORMAL_90 * math.log(weight / PRICE.central) / math.log(math.sqrt(prior.high / prior.low))
        strength = self.strengths(self.ratios(member))
        promotion = self.promotion(strength, weight, CUT.at(level))
        worth = self.usual(strength, weight, promotion) - self.usual(*self.before) + self.lift
        found["promotion_weight"] = promotion
        for c, channel in enumerate(self.setup.channels):
            found[f"price_response.{channel.name}"] = float(strength[c])
            found[f"appeal.{channel.name}"] = values.of_channel("appeal", channel) - float(worth[c])
        return found


def respond(
    setup: Setup,
    drawn: Sequence[dict[str, float]],
    live: Callable[[list[dict[str, float]]], Array],
    seed: int,
) -> Response:
    """Map the evidence through ``ROUNDS`` experiments on the members ``drawn``.

    Parameters
    ----------
    setup
        The fitted market without the members' parameters.
    drawn
        Parameter values of a few members, as they were fitted.
    live
        From values to the orders of both arms, summed over members [2, F, C].
    """
    values = Values(setup.parameters)
    strength = np.array([values.of_channel("price_response", channel) for channel in setup.channels])
    before = (strength, values["price_weight"], values["promotion_weight"])
    count = len(strength)
    response = Response(
        setup, before, np.ones((count, 2)), np.full(count, 1.0 / count), 0.0, np.zeros(count), seed
    )
    first = last = Reading.of(live([dict(one) for one in drawn]), response.online)
    seen = [_slopes(first, response, before)]
    response = replace(response, slopes=seen[0], share=first.share)
    response = replace(response, shift=first.total - response.total(*before))
    for step in range(1, ROUNDS):
        central = [response.mapped({"price_weight": PRICE.central, **one}, None) for one in drawn]
        last = Reading.of(live(central), response.online)
        if step < ROUNDS - 1:
            strength = response.strengths(response.ratios(None))
            tried = (strength, PRICE.central, central[0]["promotion_weight"])
            seen.append(_slopes(last, response, tried))
            response = replace(response, slopes=np.mean(seen, axis=0), share=last.share)
            lift = (last.level - first.level) / np.maximum(response.slopes[:, 0], 0.5)
            response = replace(response, shift=last.total - response.total(*tried), lift=lift)
    return replace(response, table=_table(response, first, last))


def other(strength: Array, online: NDArray[np.bool_], share: Array) -> Array:
    """Return the mean strength of the other medium's channels [C], by orders; 0 where there is none."""
    weight = share + 1e-9
    means = [float(strength[w] @ weight[w] / weight[w].sum()) if w.any() else 0.0 for w in (~online, online)]
    return np.where(online, *means)


def _slopes(reading: Reading, response: Response, tried: tuple[Array, float, float]) -> Array:
    """Return elasticities [C, 2] to the prices of own and other medium, negated, over what made them."""
    strength, weight, _ = tried
    online = response.online
    pairs = np.where(online[:, None], reading.price[:, ::-1], reading.price)  # own medium first
    others = other(strength, online, reading.share)
    cross = np.divide(pairs[:, 1], -weight * others, out=np.zeros(len(online)), where=others > 0.0)
    return np.column_stack((pairs[:, 0] / (-weight * strength), cross))


def _level(seed: int, name: str, member: int) -> float:
    """Return where in its range a piece of evidence stands for a member: a standard normal."""
    return NormalDist().inv_cdf(uniform(stream_key(seed, f"evidence {name}"), member))


def _table(response: Response, first: Reading, last: Reading) -> pd.DataFrame:
    """Return one row a lever and channel: evidence, and what was simulated before and after."""
    import pandas as pd

    rows, ratios = [], response.ratios(None)
    for c, channel in enumerate(response.setup.channels):
        span = [-ratios[c] * value for value in (PRICE.high, PRICE.central, PRICE.low)]
        seen = [float(reading.price[c].sum()) for reading in (first, last)]
        source = {"store": PRICE.source, "marketplace": MARKETPLACE.source}.get(channel.kind, WEB.source)
        grade = {"store": PRICE.grade, "marketplace": MARKETPLACE.grade}.get(channel.kind, WEB.grade)
        rows.append(("price elasticity", channel.name, *span, *seen, grade, source))
    span = [value * DEPTH for value in (CUT.low, CUT.central, CUT.high)]
    seen = [math.expm1(reading.total) for reading in (first, last)]
    rows.append(("20 % off for two weeks", "all", *span, *seen, CUT.grade, CUT.source))
    if response.online.any():
        seen = [reading.delivery for reading in (first, last)]
        rows.append(("a day faster", "online", DAY.low, DAY.central, DAY.high, *seen, DAY.grade, DAY.source))
    return pd.DataFrame(rows, columns=COLUMNS)
