"""From a plan's money to how it is booked: terms of payment, capital, foreign currencies, lines."""

from __future__ import annotations

import numpy as np

from scenarios.plan.business import Currency
from scenarios.plan.model import Plan
from sim.engine.randomness import normal, stream_key, word
from sim.retailer.money import BudgetLine, Finance
from sim.setup import Array, Channel

YEAR = 365.0
MONTH = YEAR / 12.0


def finance_of(plan: Plan, channels: tuple[Channel, ...], seed: int) -> Finance | None:
    """Return how a plan books its money; ``None`` where it says nothing of it."""
    budget, terms = plan.budget, plan.budget.finance
    exchange = exchange_of(plan, channels, seed)
    if terms is None and not budget.lines and exchange is None:
        return None
    lines = tuple(BudgetLine(name, line.amount, line.of, line.deposit) for name, line in budget.lines.items())
    if terms is None:
        return Finance(exchange=exchange, lines=lines)
    return Finance(
        terms.vat,
        terms.capitalised,
        terms.life_months * MONTH,
        tuple(terms.payout_days.get(channel.name, 0) for channel in channels),
        terms.supplier_days,
        exchange,
        lines,
    )


def exchange_of(plan: Plan, channels: tuple[Channel, ...], seed: int) -> Array | None:
    """Return the rates of the channels' currencies [D, C], a random walk around 1; ``None`` without any."""
    abroad = {c: plan.channels[channel.name].currency for c, channel in enumerate(channels)}
    if not any(abroad.values()):
        return None
    rates = np.ones((plan.days, len(channels)))
    for c, currency in abroad.items():
        if currency is not None:
            rates[:, c] = currency_walk(currency, plan.days, seed)
    return rates


def currency_walk(currency: Currency, days: int, seed: int) -> Array:
    """Return a currency's rate by day [D]: a geometric random walk without drift, by the seed's luck."""
    key = stream_key(seed, f"currency {currency.code}")
    steps = np.array([normal(word(key, 2 * day), word(key, 2 * day + 1)) for day in range(days)])
    daily = currency.volatility * (1.0 - currency.hedged) / np.sqrt(YEAR)
    return np.asarray(np.exp(np.cumsum(daily * steps - 0.5 * daily**2)))


def paid_from_reserve(plan: Plan, year: int = 1) -> float:
    """Return what the reserve's own lines take of it in a plan year, currency; deposits in the first only."""
    lines = [line for line in plan.budget.lines.values() if line.of == "reserve"]
    return sum(line.amount for line in lines if year == 1 or not line.deposit)


def fees(plan: Plan) -> Array:
    """Return the lines that the reserve pays on the first day of each year [D]; deposits are no cost."""
    due = np.zeros(plan.days)
    due[:: int(YEAR)] = sum(
        line.amount for line in plan.budget.lines.values() if line.of == "reserve" and not line.deposit
    )
    return due


def reserves_left(plan: Plan, prepared: float) -> tuple[float, ...]:
    """Return by plan year what is left of the reserve after its lines and after ``prepared`` in the first."""
    found = []
    for number in range(1, (plan.months + 11) // 12 + 1):
        year = plan.budget.year(number)
        reserve = year.total * (year.split.reserve if year.split else 0.0)
        taken = paid_from_reserve(plan, number) + (prepared if number == 1 else 0.0)
        found.append(max(reserve - taken, 0.0))
    return tuple(found)
