"""Reviews that look further than a month's money: the reserve, and whether channels earn their keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sim.retailer.policies import BudgetControl, Policy, Reallocation
from sim.setup import Drivers

if TYPE_CHECKING:
    from sim.market import Market

Array = NDArray[np.float64]
YEAR = 365


@dataclass(frozen=True)
class ReserveRelease:
    """The reserve is kept, and paid out when sales fall behind plan, or in a stage.

    Parameters
    ----------
    amounts
        Reserve of each plan year, currency; what a year leaves is kept.
    expected
        Planned course of sales, any scale, one number a day [D]. It is held against the sales of the last
        ``window`` days before the plan, which had course 1.
    below
        Share of planned sales below which money is released, 0 and more; 0 never.
    part
        Share of what is left of the year's reserve that is released at one review, 0-1.
    to
        What it is spent on: ``marketing``, or the ``service`` desk.
    stage
        Days (first, last) in which it is released whatever sales are; ``None``: none.
    every
        Months between two reviews.
    """

    amounts: tuple[float, ...]
    expected: Array
    below: float = 0.95
    part: float = 0.5
    to: Literal["marketing", "service"] = "marketing"
    stage: tuple[int, int] | None = None
    every: int = 1
    window: int = 90

    def __post_init__(self) -> None:
        if any(amount < 0 for amount in self.amounts) or not 0.0 <= self.part <= 1.0 or self.below < 0:
            raise ValueError("reserve release: expected amounts and below >= 0, part 0-1")
        if self.to not in ("marketing", "service"):
            raise ValueError(f"reserve release: to {self.to!r}; expected marketing or service")

    def policy(self) -> Policy:
        """Return the rule at work."""
        return Release(self)


class Release(Policy):
    """:class:`ReserveRelease` at work; ``released`` is what each year has paid out."""

    def __init__(self, rule: ReserveRelease) -> None:
        super().__init__()
        self.rule, self.every = rule, rule.every
        self.released = [0.0] * len(rule.amounts)
        self.behind = False

    def turn(self, market: Market, first: int, last: int) -> None:
        """Release at reviews only."""
        self.behind = False
        super().turn(market, first, last)

    def review(self, market: Market, first: int) -> None:
        """See whether sales since the last review are behind plan."""
        book, rule = market.ledger, self.rule
        since = max(first - 30 * self.every, 0)
        sold = book.credited[:, :, 1].sum(axis=1)
        before = sold[max(book.offset - rule.window, 0) : book.offset]
        planned = float(rule.expected[since:first].mean()) * float(before.mean()) if len(before) else 0.0
        self.behind = float(sold[since + book.offset : first + book.offset].mean()) < rule.below * planned

    def act(self, market: Market, first: int, last: int) -> None:
        """Pay part of what is left into the month to come."""
        rule, year = self.rule, min(first // YEAR, len(self.rule.amounts) - 1)
        due = rule.stage is not None and rule.stage[0] <= first <= rule.stage[1]
        left = rule.amounts[year] - self.released[year]
        if not (self.behind or due) or left <= 0.0:
            return
        amount, days = left * rule.part, last - first + 1
        if spend_more(market.drivers, first, last, amount / days, rule.to):
            self.released[year] += amount


def spend_more(drivers: Drivers, first: int, last: int, daily: float, to: str) -> bool:
    """Add money a day to what is planned for ``to``; return whether there was anything to add it to."""
    if to == "service":
        drivers.invest[first : last + 1, 3] += daily
        return True
    spend = drivers.spend[first : last + 1]
    total = spend.sum(axis=1, keepdims=True)
    if not spend.size or not (total > 0).all():
        return False
    spend += daily * spend / total
    return True


@dataclass(frozen=True)
class ChannelReview:
    """Channels that do not earn their keep are supported less, and shut in the end; those that do come back.

    Parameters
    ----------
    least
        Contribution over net sales (after the channel's part of media, by visits) that a channel must reach.
    step
        Share of its opening that a channel loses, or regains, at one review.
    close_after
        Reviews in a row below the line after which it is shut for good.
    channels
        Columns reviewed; the others are kept whatever they earn.
    every
        Months between two reviews.
    """

    channels: tuple[int, ...]
    least: float = 0.0
    step: float = 0.1
    close_after: int = 12
    every: int = 3

    def __post_init__(self) -> None:
        if not 0.0 <= self.step <= 1.0 or self.close_after < 1 or self.every < 1:
            raise ValueError(f"channel review: {self}; expected step 0-1, close_after and every >= 1")

    def policy(self) -> Policy:
        """Return the rule at work."""
        return ReviewChannels(self)


class ReviewChannels(Policy):
    """:class:`ChannelReview` at work; ``support`` is the opening left to each channel, ``bad`` its bad reviews."""

    def __init__(self, rule: ChannelReview) -> None:
        super().__init__()
        self.rule, self.every = rule, rule.every
        self.support = dict.fromkeys(rule.channels, 1.0)
        self.bad = dict.fromkeys(rule.channels, 0)

    def review(self, market: Market, first: int) -> None:
        """Hold each channel's contribution since the last review against the line."""
        book, rule = market.ledger, self.rule
        rows = slice(max(first - 30 * self.every, 0) + book.offset, first + book.offset)
        money = book.money()
        margin, net = money["margin"][rows].sum(axis=0), money["net_sales"][rows].sum(axis=0)
        visits = book.visits[rows].sum(axis=0)[1:].sum(axis=0)  # walk-ins are not bought
        media = float(book.spend[rows].sum()) * visits / max(float(visits.sum()), 1.0)
        for c in rule.channels:
            if net[c] <= 0.0 or self.bad[c] >= rule.close_after:
                continue
            if (margin[c] - media[c]) / net[c] < rule.least:
                self.bad[c] += 1
                self.support[c] *= 1.0 - rule.step
            else:
                self.bad[c] = 0
                self.support[c] = min(self.support[c] + rule.step, 1.0)
            if self.bad[c] >= rule.close_after:
                self.support[c] = 0.0

    def act(self, market: Market, first: int, last: int) -> None:
        """Open each channel as far as it is supported."""
        for c, support in self.support.items():
            if support < 1.0:
                market.drivers.access[first : last + 1, c] *= support


Rule = Reallocation | ReserveRelease | ChannelReview | BudgetControl
