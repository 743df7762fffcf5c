"""Closed loops: what the retailer changes at a month's end, by rules, from what its books show.

A policy looks back on the books (:meth:`Policy.review`, every so many months) and then writes what it has decided
into the drivers of the month to come (:meth:`Policy.act`, every month). It knows the ledger, and nothing of what
customers think. Subclass :class:`Policy` and append to ``market.policies`` to try another rule. Without policies
the plan is carried out as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.randomness import normal, stream_key, word
from sim.parameters import Parameter
from sim.setup import SOURCES

if TYPE_CHECKING:
    from sim.market import Market

Array = NDArray[np.float64]
CENT = 0.01  # currency; less says nothing of what a medium brings in
LAST_CLICK = ("paid_search", "feed_ads", "live")  # sources whose sales are last clicks on bought media alone
PARAMETERS = (
    Parameter("spending_error", "log sd of a month's spending against plan", 0.06, 0.02, 0.15, "A", "-", "log"),
    Parameter(
        "spending_drift", "log by which an unwatched month overspends on average", 0.01, 0.0, 0.04, "A", "-"
    ),
    Parameter("spending_memory", "share of a deviation still there a month later", 0.7, 0.3, 0.9, "A", "-", "logit"),
)  # fmt: skip


class Policy:
    """A rule that acts at month ends; ``every`` is the months between two reviews."""

    every: int = 1

    def __init__(self) -> None:
        self.months = 0

    def turn(self, market: Market, first: int, last: int) -> None:
        """Let a month begin: days ``first`` to ``last``, both counted."""
        if self.months > 0 and self.months % self.every == 0:
            self.review(market, first)
        self.act(market, first, last)
        self.months += 1

    def review(self, market: Market, first: int) -> None:
        """Look at the books of the days before ``first``."""

    def act(self, market: Market, first: int, last: int) -> None:
        """Write what was decided into the drivers of days ``first`` to ``last``."""


@dataclass(frozen=True)
class Reallocation:
    """Media money follows what each medium was seen to bring in.

    Each review moves the money of media with observed last clicks: a medium's share is multiplied by
    ``1 + step x``, where x is how far its sales per spend lie above (below) their common figure, within -1 to 1.
    The day's total stays; media without observed clicks keep theirs.

    Parameters
    ----------
    step
        Largest relative change of a share at one review, 0 to below 1; 0 leaves the plan as it is.
    floor
        Least share of the moved money that a medium keeps, where the plan gives it as much.
    every
        Months between two reviews.
    """

    step: float = 0.2
    floor: float = 0.05
    every: int = 1

    def __post_init__(self) -> None:
        if not (0.0 <= self.step < 1.0 and 0.0 <= self.floor < 1.0 and self.every >= 1):
            raise ValueError(f"reallocation: {self}; expected step and floor in [0, 1), every >= 1")

    def policy(self) -> Policy:
        """Return the rule at work."""
        return MoveMoney(self)


class MoveMoney(Policy):
    """:class:`Reallocation` at work; ``weights`` [M] multiply the planned shares."""

    def __init__(self, rule: Reallocation) -> None:
        super().__init__()
        self.rule, self.every = rule, rule.every
        self.weights: Array | None = None

    def review(self, market: Market, first: int) -> None:
        """Compare sales per spend by source since the last review."""
        ledger, media = market.ledger, market.setup.media
        rows = slice(max(first - 30 * self.every, 0) + ledger.offset, first + ledger.offset)
        seen = np.array([medium.source in LAST_CLICK for medium in media])
        spent = ledger.spend[rows].sum(axis=0)
        sales = ledger.credited[rows, :, 1].sum(axis=0) * market.setup.weight / 100.0
        sources = np.array([SOURCES.index(medium.source or SOURCES[0]) for medium in media])
        by_source = np.bincount(sources, spent * seen, len(SOURCES))
        known = seen & (spent >= CENT)
        if known.sum() < 2 or not sales[sources[known]].any():
            return
        returns = np.divide(sales, by_source, out=np.zeros_like(sales), where=by_source >= CENT)[sources]
        common = float((returns * spent)[known].sum() / spent[known].sum())
        better = np.clip(returns / common - 1.0, -1.0, 1.0) if common > 0 else np.zeros(len(media))
        weights = np.ones(len(media)) if self.weights is None else self.weights
        self.weights = np.where(known, weights * (1.0 + self.rule.step * better), weights)

    def act(self, market: Market, first: int, last: int) -> None:
        """Share out each day's money anew."""
        if self.weights is None or self.rule.step == 0.0:
            return
        media = market.setup.media
        moved = np.array([medium.source in LAST_CLICK for medium in media])
        spend = market.drivers.spend[first : last + 1]
        pot = spend[:, moved]
        total = pot.sum(axis=1, keepdims=True)
        planned = np.divide(pot, total, out=np.zeros_like(pot), where=total > 0)
        wanted = planned * self.weights[moved]
        whole = wanted.sum(axis=1, keepdims=True)
        wanted = np.divide(wanted, whole, out=np.zeros_like(pot), where=whole > 0)
        least = np.minimum(self.rule.floor, planned)
        above = np.maximum(wanted - least, 0.0)
        free = np.maximum(1.0 - least.sum(axis=1, keepdims=True), 0.0)
        over = above.sum(axis=1, keepdims=True)
        part = np.divide(free, over, out=np.zeros_like(free), where=over > 0)
        spend[:, moved] = total * (least + above * part)


@dataclass(frozen=True)
class BudgetControl:
    """Spending strays from plan by luck and habit; a review takes back part of what was overspent.

    Parameters
    ----------
    correct
        Share of the deviation since the last review that is taken back in the months until the next, 0-1;
        0 is no control.
    every
        Months between two reviews.
    """

    correct: float = 0.0
    every: int = 1

    def __post_init__(self) -> None:
        if not 0.0 <= self.correct <= 1.0 or self.every < 1:
            raise ValueError(f"budget control: {self}; expected correct 0-1, every >= 1")

    def policy(self) -> Policy:
        """Return the rule at work."""
        return Control(self)


class Control(Policy):
    """:class:`BudgetControl` at work on media, technology and team money."""

    LINES = (("spend", slice(None)), ("invest", slice(0, 3)), ("invest", slice(3, 5)))

    def __init__(self, rule: BudgetControl) -> None:
        super().__init__()
        self.rule, self.every = rule, rule.every
        self.strayed = [0.0] * len(self.LINES)
        self.owed = [0.0] * len(self.LINES)

    def review(self, market: Market, first: int) -> None:
        """Hold spending against plan; what is over is owed, what is under may be spent."""
        begin, offset = max(first - 30 * self.every, 0), market.ledger.offset
        for k, (name, columns) in enumerate(self.LINES):
            spent = getattr(market.ledger, name)[begin + offset : first + offset, columns].sum()
            planned = getattr(market.setup.drivers, name)[begin:first, columns].sum()
            self.owed[k] = float(spent - planned) * self.rule.correct / self.every

    def act(self, market: Market, first: int, last: int) -> None:
        """Let the month stray as luck has it, less what is taken back (half the month at most)."""
        values = market.values
        spread, memory = values["spending_error"], values["spending_memory"]
        for k, (name, columns) in enumerate(self.LINES):
            key = stream_key(market.seed, "spending", self.months)
            luck = normal(word(key, 2 * k), word(key, 2 * k + 1))
            self.strayed[k] = memory * self.strayed[k] + spread * luck + values["spending_drift"]
            rows = getattr(market.drivers, name)[first : last + 1, columns]
            planned = float(rows.sum())
            if planned > 0.0:
                back = min(max(self.owed[k] / planned, -0.5), 0.5)
                rows *= np.exp(self.strayed[k]) * (1.0 - back)
