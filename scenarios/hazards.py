"""Risks as hazards: when they strike, how hard, and what a funded contingency takes away."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from scenarios.plan.actions import Risk
from scenarios.plan.model import Plan
from sim.engine.randomness import stream_key, uniform
from sim.setup import Shock

YEAR = 365


@dataclass(frozen=True)
class Funding:
    """How far the reserve pays for the contingencies.

    The first year's reserve pays for being prepared; where it is too small every contingency works pro
    rata, and what is not needed is kept, not spent.

    Parameters
    ----------
    share
        Share of the contingencies' cost that the reserve covers, 0-1.
    daily_cost
        What being prepared costs, currency a day.
    """

    share: float
    daily_cost: float

    @classmethod
    def of(cls, plan: Plan) -> Funding:
        """Return the funding of a plan's contingencies."""
        answers = [risk.contingency for risk in plan.risks.values() if risk.active and risk.contingency]
        asked = sum(answer.cost for answer in answers)
        year = plan.budget.year(1)
        reserve = year.total * (year.split.reserve if year.split else 0.0)
        share = 1.0 if asked <= 0 else min(1.0, reserve / asked)
        return cls(share if answers else 0.0, asked * share / YEAR)


def shocks_of(plan: Plan, funding: Funding, seed: int) -> tuple[Shock, ...]:
    """Return the risks that strike under ``seed``, as shocks of the market.

    A risk strikes at most once in a plan year, with its yearly probability, on a day of that year chosen by
    luck - or in its month, where it is dated. Luck is addressed by risk and year, so scenarios share it.
    """
    found: list[Shock] = []
    for name, risk in plan.risks.items():
        if not risk.active:
            continue
        for day in _strikes(plan, name, risk, seed):
            found += _shocks(name, risk, day, funding, plan.open_channels())
    return tuple(found)


def _strikes(plan: Plan, name: str, risk: Risk, seed: int) -> list[int]:
    if risk.month is not None:
        day = (plan.first_day(risk.month) - plan.start).days
        return [day] if uniform(stream_key(seed, f"risk {name}", 0), 0) < risk.probability else []
    days = []
    for year in range((plan.days + YEAR - 1) // YEAR):
        key = stream_key(seed, f"risk {name}", year)
        day = year * YEAR + int(uniform(key, 1) * YEAR)
        if uniform(key, 0) < risk.probability and day < plan.days:
            days.append(day)
    return days


def _shocks(name: str, risk: Risk, day: int, funding: Funding, channels: Container[str]) -> list[Shock]:
    """Return a strike on ``day``: one shock a target, the loss with the first; closed channels are spared."""
    answer = risk.contingency
    left = 1.0 - (answer.reduces * funding.share if answer else 0.0)
    targets = {target.partition(".")[::2]: factor for target, factor in risk.impact.items()}
    struck = [
        (head, 1.0 + (factor - 1.0) * left, channel or None)
        for (head, channel), factor in targets.items()
        if not channel or channel in channels
    ]
    if not struck and risk.loss > 0:
        struck = [("demand", 1.0, None)]
    return [
        Shock(name, risk.kind, day, risk.days, head, factor, channel, 0.0 if k else risk.loss * left)
        for k, (head, factor, channel) in enumerate(struck)
    ]
