"""Statistics in which a history and a simulated market are compared, each with its standard error.

All are on a scale where they are about normal: the log of amounts and counts, the logit of shares.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import EVENTS, ORDERS
from sim.indicators import INDICATORS, Books, Window
from sim.setup import SOURCES

if TYPE_CHECKING:
    from sim.market import Market

REPEAT = EVENTS.index("repeat_orders")
MARGIN = 1e-6
DISCREPANCY = 0.03  # what no model of this size gets right, on log and logit scales
EDGE = 1e-3  # shares are told apart down to here: fewer than a handful of agents make up less


@dataclass(frozen=True)
class Statistic:
    """One number that history and simulation must agree on.

    Parameters
    ----------
    name, kind
        Name for people; which reading of the market it is (see :func:`read`).
    observed, error
        Value in natural units; standard error on the comparison scale.
    first, last
        Days it covers, both counted, from the market's start.
    member
        Channel, source or count that the reading needs.
    share
        Whether it lies in 0-1 (logit scale); else the log scale.
    margin
        Whether it is a margin, which may be negative: the log scale of costs over sales, turned round.
    """

    name: str
    kind: str
    observed: float
    error: float
    first: int
    last: int
    member: str = ""
    share: bool = False
    margin: bool = False

    def scaled(self, value: float) -> float:
        """Map a natural value to the comparison scale; NaN stays NaN."""
        if math.isnan(value):
            return value
        if self.margin:
            return -math.log(max(1.0 - value, MARGIN))
        if self.share:
            inside = min(max(value, EDGE), 1.0 - EDGE)
            return math.log(inside / (1.0 - inside))
        return math.log(max(value, MARGIN))

    def natural(self, scaled: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map values of the comparison scale back."""
        if self.margin:
            return np.asarray(1.0 - np.exp(-scaled))
        return np.asarray(1.0 / (1.0 + np.exp(-scaled)) if self.share else np.exp(scaled))


def read_all(market: Market, statistics: Sequence[Statistic]) -> NDArray[np.float64]:
    """Return the statistics of a finished market [d] on their comparison scales."""
    books = Books(market.ledger)
    return np.array([statistic.scaled(read(market, books, statistic)) for statistic in statistics])


def read(market: Market, books: Books, statistic: Statistic) -> float:
    """Return one statistic of a finished market in natural units.

    Kinds: ``kpi`` an indicator over the window (member: its key); ``channel_kpi`` of one channel (member:
    key@channel); ``steady`` its second half over its first;
    ``channel_share`` of net sales; ``channel_conversion``; ``channel_visits`` and ``source_share`` of online
    visits; ``repeat`` repeat orders in the window; ``frequency`` share of agents with exactly (or, ``n+``,
    at least) n repeat orders; ``response`` the elasticity of orders to a medium's spend in an auxiliary
    regression.
    """
    names = [channel.name for channel in market.setup.channels]
    first, last = statistic.first, statistic.last
    if statistic.kind == "kpi":
        formula = INDICATORS[statistic.member].formula
        assert formula is not None
        return formula(Window(books, first, last, range(len(names))))
    if statistic.kind == "channel_kpi":
        key, _, channel = statistic.member.partition("@")
        formula = INDICATORS[key].formula
        assert formula is not None
        return formula(Window(books, first, last, [names.index(channel)]))
    if statistic.kind == "steady":
        formula = INDICATORS[statistic.member].formula
        assert formula is not None
        middle = (first + last) // 2
        early, late = (
            Window(books, first, middle, range(len(names))),
            Window(books, middle + 1, last, range(len(names))),
        )
        return _ratio(formula(late), formula(early))
    if statistic.kind == "channel_share":
        sales = books.between("net_sales", first, last)
        return _ratio(sales[names.index(statistic.member)], sales.sum())
    if statistic.kind == "channel_conversion":
        c = names.index(statistic.member)
        return _ratio(books.between("orders", first, last)[c], books.between("visits", first, last)[c])
    if statistic.kind == "channel_visits":
        visits = books.between("visits", first, last)
        online = sum(visits[c] for c, channel in enumerate(market.setup.channels) if channel.online)
        return _ratio(visits[names.index(statistic.member)], online)
    if statistic.kind == "source_share":
        visits = books.between("visits_by_source", first, last)
        return _ratio(visits[SOURCES.index(statistic.member)], visits.sum())
    if statistic.kind == "repeat":
        offset = market.ledger.offset
        return float(market.ledger.events[first + offset : last + 1 + offset, :, REPEAT].sum())
    if statistic.kind == "frequency":
        return _frequency(market, statistic.member)
    if statistic.kind == "response":
        return _response(market, statistic.member)
    raise ValueError(f"{statistic.kind!r} is not a kind of statistic")


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def _frequency(market: Market, member: str) -> float:
    orders = market.customers.state.orders
    known = orders[orders > 0]
    if not len(known):
        return float("nan")
    count = int(member.rstrip("+"))
    matched = known - 1 >= count if member.endswith("+") else known - 1 == count
    return float(matched.mean())


def _response(market: Market, medium: str) -> float:
    """Return ``exp`` of the medium's coefficient in the auxiliary regression of weekly log orders."""
    ledger, setup = market.ledger, market.setup
    weeks = setup.days // 7
    horizon = slice(ledger.offset, ledger.offset + 7 * weeks)
    orders = ledger.events[horizon, :, ORDERS].sum(axis=1).reshape(weeks, 7).sum(axis=1)
    spend = ledger.spend[horizon].reshape(weeks, 7, -1).sum(axis=1)
    names = [m.name for m in setup.media]
    return math.exp(media_coefficients(orders.astype(float), spend)[0][names.index(medium)])


def media_coefficients(
    sales: NDArray[np.float64], spend: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Regress log weekly sales [T] on media spend [T, M], trend and season; give coefficients, errors [M].

    Spend enters as ``log(1 + spend / mean)``; the season as three harmonics of a year, the trend as a
    quadratic. It is an auxiliary model: history and market are compared through it (indirect inference,
    Gourieroux, Monfort & Renault 1993), so its coefficients need not be causal.
    """
    weeks, count = spend.shape
    time = np.arange(weeks) / 52.1786
    media = np.log1p(spend / np.maximum(spend.mean(axis=0), 1e-9))
    waves = [f(2 * np.pi * k * time) for k in (1, 2, 3) for f in (np.sin, np.cos)]
    design = np.column_stack([media, np.ones(weeks), time, time**2, *waves])
    target = np.log(np.maximum(sales, 1.0))
    coefficients, *_ = np.linalg.lstsq(design, target, rcond=None)
    residual = target - design @ coefficients
    scale = float(residual @ residual) / max(weeks - design.shape[1], 1)
    inverse = np.linalg.pinv(design.T @ design)
    return coefficients[:count], np.sqrt(np.maximum(scale * np.diag(inverse)[:count], 1e-12))
