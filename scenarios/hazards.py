"""Risks as hazards: when they strike, how hard, and what a funded contingency takes away."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from scenarios.claims import strength
from scenarios.finance import paid_from_reserve
from scenarios.plan.actions import Risk
from scenarios.plan.control import MONTHS
from scenarios.plan.fields import add_months
from scenarios.plan.model import Plan
from sim.engine.randomness import stream_key, uniform
from sim.setup import Effect, Shock

YEAR = 365
UNSTATED_REVIEW = "quarterly"


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
        reserve = max(reserve - paid_from_reserve(plan), 0.0)
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
        for day in strikes(plan, name, risk, seed):
            reply = Reply.of(plan, name, risk, day, funding, seed)
            found += shocks_of_strike(name, risk, day, reply, plan.open_channels())
    return tuple(found)


@dataclass(frozen=True)
class Reply:
    """How a strike is answered: the share taken away, from which day on, and how much sooner it is over.

    A contingency works from the first day unless the risk says how well it is announced. Then a warning that
    is seen has it start so much earlier, and a strike that nobody saw coming is noticed at half the interval
    of risk reviews. The once-only loss is smaller only where the answer stands on the first day.
    """

    share: float = 0.0
    after: int = 0
    shortens: float = 0.0

    @classmethod
    def of(cls, plan: Plan, name: str, risk: Risk, day: int, funding: Funding, seed: int) -> Reply:
        """Return the reply to a strike on ``day``."""
        answer, warning = risk.contingency, risk.early_warning
        if answer is None:
            return cls()
        after = answer.takes_days
        if warning is not None and warning.quality is not None:
            seen = uniform(stream_key(seed, f"warning {name}", day), 0) < warning.quality
            review = plan.policies.governance.risk_review or UNSTATED_REVIEW
            after += -warning.lead_days if seen else MONTHS[review] * 30 // 2
        return cls(answer.reduces * funding.share, max(after, 0), answer.shortens * funding.share)

    @property
    def at_once(self) -> bool:
        """Whether the answer stands on the first day."""
        return self.after == 0


def strikes(plan: Plan, name: str, risk: Risk, seed: int) -> list[int]:
    """Return the days on which a risk strikes under ``seed``."""
    easing = _easing(plan, name, seed)
    if risk.month is not None:
        day = (plan.first_day(risk.month) - plan.start).days
        likely = risk.probability * _left(easing, day)
        return [day] if uniform(stream_key(seed, f"risk {name}", 0), 0) < likely else []
    days = []
    for year in range((plan.days + YEAR - 1) // YEAR):
        key = stream_key(seed, f"risk {name}", year)
        day = year * YEAR + int(uniform(key, 1) * YEAR)
        if day < plan.days and uniform(key, 0) < risk.probability * _left(easing, day):
            days.append(day)
    return days


def _easing(plan: Plan, name: str, seed: int) -> list[tuple[float, Effect]]:
    """Return the shares of a risk's probability that initiatives take away, and how each ripens."""
    found = []
    for initiative, action in plan.acting().items():
        share = action.eases.get(name, 0.0) * strength(plan, initiative, seed)
        if share > 0.0:
            month = plan.start_month(initiative)
            first = (plan.first_day(month) - plan.start).days
            ripe = (add_months(plan.start, month - 1 + action.ripen_months) - plan.start).days
            found.append((share, Effect(initiative, name, 1.0, first, ripe - first)))
    return found


def _left(easing: list[tuple[float, Effect]], day: int) -> float:
    """Return the share of a probability that is left on ``day``."""
    left = 1.0
    for share, effect in easing:
        left *= 1.0 - share * effect.ripeness(day)
    return left


def shocks_of_strike(name: str, risk: Risk, day: int, reply: Reply, channels: Container[str]) -> list[Shock]:
    """Return a strike on ``day``: one shock a target, the loss with the first; closed channels are spared."""
    left = 1.0 - reply.share if reply.at_once else 1.0
    loss = risk.loss * left
    late = (reply.after, reply.share) if not reply.at_once else (0, 0.0)
    recovery = round(risk.recovery_days * (1.0 - reply.shortens))
    targets = {target.partition(".")[::2]: factor for target, factor in risk.impact.items()}
    struck = [
        (head, 1.0 + (factor - 1.0) * left, channel or None)
        for (head, channel), factor in targets.items()
        if not channel or channel in channels
    ]
    if not struck and risk.loss > 0:
        struck = [("demand", 1.0, None)]
    return [
        Shock(name, risk.kind, day, risk.days, head, factor, channel, 0.0 if k else loss, recovery, *late)
        for k, (head, factor, channel) in enumerate(struck)
    ]
