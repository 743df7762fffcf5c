"""Money: what is spent as capital and what as cost, when it is paid, and what is tied up meanwhile.

Nothing here changes what customers do: the lines follow from the books of a run. Figures are without value-added
tax, as in a profit and loss account; the tax is money held for the state between two settlements. Capital wears
off in a straight line over its life. What was built before the first day wears off at the customary rate, so a
business that goes on as before shows the same profit as one that books everything as cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values

if TYPE_CHECKING:
    from sim.ledger import Ledger

PARAMETERS = (
    Parameter(
        "overhead", "rent, staff and upkeep that no budget names, share of net sales", 0.0, 0.0, 0.3, "A", "-"
    ),
)
Array = NDArray[np.float64]
YEAR = 365.0
TECHNOLOGY = slice(0, 3)  # site, data, automation
TEAM = slice(3, 5)  # service, skill
PURPOSES = ("marketing", "technology", "team", "reserve")
SETTLED_AFTER = 15  # days after a month's end on which its value-added tax is paid


@dataclass(frozen=True)
class BudgetLine:
    """A line inside the budget, booked on its own.

    Parameters
    ----------
    name
        E.g. ``platform_fee``.
    amount
        Currency a year.
    purpose
        Whose money it is, one of :data:`PURPOSES`. A line of the reserve is paid on the first day of each
        year; the others are their share of what the purpose really spends.
    deposit
        Whether it is only lodged: paid once, and still ours.
    """

    name: str
    amount: float
    purpose: str
    deposit: bool = False

    def __post_init__(self) -> None:
        if not (np.isfinite(self.amount) and self.amount >= 0):
            raise ValueError(f"budget line {self.name!r}: amount {self.amount}; expected a number >= 0")
        if self.purpose not in PURPOSES:
            raise ValueError(
                f"budget line {self.name!r}: purpose {self.purpose!r}; expected one of {PURPOSES}"
            )


@dataclass(frozen=True)
class Finance:
    """How money is booked and when it flows.

    Parameters
    ----------
    vat
        Rate of value-added tax on sales and on what is bought (goods, commission, fulfilment, media,
        technology), 0-1.
    capitalised
        Share of technology money that is capital, 0-1.
    life_days
        Days over which capital wears off.
    payout_days
        Days by channel until sales are paid out to us; empty means at once.
    supplier_days
        Days until goods are paid.
    exchange
        Home currency paid for a unit of each channel's money [D, C], 1 on the first day; ``None``: all
        channels sell in the home currency. The goods are bought at home.
    lines
        Lines of the budget booked one by one.
    """

    vat: float = 0.0
    capitalised: float = 0.0
    life_days: float = 3 * YEAR
    payout_days: tuple[int, ...] = ()
    supplier_days: int = 0
    exchange: Array | None = None
    lines: tuple[BudgetLine, ...] = ()

    def __post_init__(self) -> None:
        for name in ("vat", "capitalised"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"finance.{name}: {getattr(self, name)}; expected a share 0-1")
        if self.supplier_days < 0:
            raise ValueError(f"finance.supplier_days: {self.supplier_days}; expected a number >= 0")
        if not self.life_days > 0:
            raise ValueError(f"finance.life_days: {self.life_days}; expected a number > 0")
        if any(days < 0 for days in self.payout_days):
            raise ValueError(f"finance.payout_days: {self.payout_days}; expected numbers >= 0")
        if self.exchange is not None and not np.all(np.isfinite(self.exchange) & (self.exchange > 0)):
            raise ValueError("finance.exchange: expected finite rates > 0")

    def check_shape(self, days: int, channels: int) -> None:
        """Raise ValueError where payout or exchange do not fit a market's channels and days."""
        if self.payout_days and len(self.payout_days) != channels:
            raise ValueError(f"finance.payout_days: {len(self.payout_days)} given; expected {channels}")
        if self.exchange is not None and (
            self.exchange.shape[1:] != (channels,) or len(self.exchange) < days
        ):
            raise ValueError(f"finance.exchange: shape {self.exchange.shape}; expected ({days}, {channels})")


def exchange_rates(ledger: Ledger) -> Array | None:
    """Return the rates of every booked day [T, C], 1 before the horizon; ``None`` where all money is home's."""
    finance = ledger.setup.finance
    if finance is None or finance.exchange is None:
        return None
    before = np.ones((ledger.offset, len(ledger.setup.channels)))
    return np.concatenate([before, finance.exchange[: ledger.setup.days]])


def cash_book(
    ledger: Ledger, money: Mapping[str, NDArray[np.floating[Any]]] | None = None
) -> dict[str, Array]:
    """Return the whole retailer's money day by day, float64 [T], currency.

    ``profit`` operating profit with capital worn off instead of spent; ``capital`` and ``operating`` spending;
    ``depreciation``; ``running`` costs; ``cash`` what comes in less what goes out; and what is open at each day's
    end: ``receivable`` (sold, not paid out yet), ``payable`` (goods not paid yet), ``tax`` (held for the
    state; negative: owed by it), ``assets`` (book value), ``deposits``. With the state before the first day
    as the start, ``cash + receivable - payable - tax + assets + deposits`` grows by ``profit``. ``money`` is
    the ledger's own, where it is at hand.
    """
    finance = ledger.setup.finance or Finance()
    money = ledger.money() if money is None else money
    sums = {name: values.sum(axis=1) for name, values in money.items()}
    media, technology = ledger.spend.sum(axis=1), ledger.invest[:, TECHNOLOGY].sum(axis=1)
    team, other = ledger.invest[:, TEAM].sum(axis=1), ledger.costs + ledger.loss
    capital = finance.capitalised * technology
    custom = finance.capitalised * float(ledger.setup.customary().invest[0, TECHNOLOGY].sum())
    worn = depreciation(capital, custom, finance.life_days)
    running = running_costs(ledger, np.asarray(money["net_sales"]))
    operating = media + technology - capital + team + ledger.costs
    dealers = wholesale(ledger)
    profit = sums["margin"] + dealers - operating - worn - running - ledger.loss
    bought = sums["goods"] + sums["commission"] + sums["fulfilment"] + media + technology
    taxed = finance.vat * (sums["net_sales"] - bought)
    settled = _settled(taxed, ledger)
    gross = 1.0 + finance.vat
    paid_in = gross * (money["net_sales"] - money["commission"])
    lags = finance.payout_days or (0,) * len(ledger.setup.channels)
    received = np.sum([_later(paid_in[:, c], lag) for c, lag in enumerate(lags)], axis=0)
    goods_paid = gross * _later(sums["goods"], finance.supplier_days)
    at_once = gross * (sums["fulfilment"] + media + technology) + team + other + running
    lodged = _lodged(finance, ledger)
    return {
        "profit": profit,
        "capital": capital,
        "operating": operating,
        "depreciation": worn,
        "running": running,
        "cash": received + dealers - goods_paid - at_once - settled - np.diff(lodged, prepend=0.0),
        "receivable": np.cumsum(paid_in.sum(axis=1) - received),
        "payable": np.cumsum(gross * sums["goods"] - goods_paid),
        "tax": np.cumsum(taxed - settled),
        "assets": np.cumsum(capital - worn),
        "deposits": lodged,
    }


def running_costs(ledger: Ledger, net_sales: Array) -> Array:
    """Return what stock, desks, terms of sale and all that no budget names cost day by day [T], currency."""
    from sim.retailer.operations import COSTS

    upkeep = Values(ledger.setup.parameters)["overhead"] * net_sales.sum(axis=1)
    return np.asarray(ledger.firm[:, -len(COSTS) :].sum(axis=1) + upkeep)


def wholesale(ledger: Ledger) -> Array:
    """Return what sales to dealers leave day by day [T], currency."""
    dealers = ledger.setup.dealers
    return ledger.dealers[:, 0] * (0.0 if dealers is None else dealers.margin)


def depreciation(capital: Array, customary: float, life: float) -> Array:
    """Return what wears off each day [T] of the capital spent [T] and of that spent before at a custom's rate.

    Straight line: each day's capital wears off evenly over the ``life`` days after it.
    """
    days = len(capital)
    whole = max(round(life), 1)
    spent = np.concatenate([np.full(whole, customary), capital])
    running = np.concatenate([[0.0], np.cumsum(spent)])
    return np.asarray((running[whole : whole + days] - running[:days]) / whole)


def booked_lines(ledger: Ledger) -> dict[str, Array]:
    """Return what each line of the budget cost day by day [T], currency; deposits when they are lodged."""
    finance = ledger.setup.finance
    if finance is None or not finance.lines:
        return {}
    planned = ledger.setup.drivers
    spent = {
        "marketing": (ledger.spend.sum(axis=1), planned.spend.sum(axis=1)),
        "technology": (ledger.invest[:, TECHNOLOGY].sum(axis=1), planned.invest[:, TECHNOLOGY].sum(axis=1)),
        "team": (ledger.invest[:, TEAM].sum(axis=1), planned.invest[:, TEAM].sum(axis=1)),
    }
    found = {}
    for line in finance.lines:
        if line.purpose == "reserve":
            found[line.name] = _on_first_days(ledger, line)
            continue
        really, plan = spent[line.purpose]
        asked = sum(other.amount for other in finance.lines if other.purpose == line.purpose)
        whole = max(float(plan[: int(YEAR)].mean()) * YEAR, asked)
        share = line.amount / whole if whole > 0 else 0.0
        begun = np.arange(len(really)) >= ledger.offset
        found[line.name] = really * share * begun
    return found


def _on_first_days(ledger: Ledger, line: BudgetLine) -> Array:
    """Return a line of the reserve: on the first day of every year, a deposit on the first of all."""
    paid = np.zeros(ledger.offset + ledger.setup.days)
    paid[ledger.offset :: int(YEAR)] = line.amount
    if line.deposit:
        paid[ledger.offset + 1 :] = 0.0
    return paid


def _lodged(finance: Finance, ledger: Ledger) -> Array:
    lodged = np.zeros(ledger.offset + ledger.setup.days)
    lodged[ledger.offset :] = sum(line.amount for line in finance.lines if line.deposit)
    return lodged


def _later(values: Array, days: int) -> Array:
    """Return a flow [T] that comes ``days`` later."""
    if days == 0:
        return values
    late = np.zeros_like(values)
    late[days:] = values[:-days]
    return late


def _settled(taxed: Array, ledger: Ledger) -> Array:
    """Return the tax of each calendar month on the day it is paid [T]."""
    first = np.datetime64(ledger.setup.start, "D") - ledger.offset
    months = (first + np.arange(len(taxed))).astype("datetime64[M]")
    ends = np.flatnonzero(np.append(months[1:] != months[:-1], False))
    settled, begin = np.zeros_like(taxed), 0
    for end in ends:
        if end + SETTLED_AFTER < len(taxed):
            settled[end + SETTLED_AFTER] = taxed[begin : end + 1].sum()
            begin = int(end) + 1
    return settled
