"""From a plan's control and reviews to the rules that act at month ends."""

from __future__ import annotations

import numpy as np

from scenarios.plan.control import MONTHS
from scenarios.plan.fields import add_months
from scenarios.plan.governance import ChannelReview as Review
from scenarios.plan.model import Plan
from sim.retailer.governance import ChannelReview, ReserveRelease, Rule
from sim.retailer.policies import BudgetControl, Reallocation
from sim.setup import Array, Channel

YEAR = 365.0


def rules_of(
    plan: Plan, channels: tuple[Channel, ...], season: Array, reserves: tuple[float, ...]
) -> tuple[Rule, ...]:
    """Return the rules that a plan lays down, in the order in which they act.

    ``season`` is the planned course of needs [D], ``reserves`` what is left of each year's reserve once the
    contingencies and the reserve's own lines are paid.
    """
    control, governance = plan.budget.control, plan.policies.governance
    process = MONTHS[governance.process_review or "monthly"]
    found: list[Rule] = []
    if plan.budget.finance is not None and plan.budget.finance.strays:
        correct = control.correct if control.monthly_variance else 0.0
        found.append(BudgetControl(correct, process))
    if control.reallocate is not None:
        rule = control.reallocate
        every = MONTHS[rule.every] if rule.every else process
        found.append(Reallocation(rule.step, rule.floor, every))
    if control.reserve_release is not None and any(reserves):
        found.append(_release(plan, season, reserves))
    if governance.channel_review is not None:
        found += _review(plan, governance.channel_review, channels)
    return tuple(found)


def _release(plan: Plan, season: Array, reserves: tuple[float, ...]) -> ReserveRelease:
    rule = plan.budget.control.reserve_release
    assert rule is not None
    every = MONTHS[rule.every or plan.policies.governance.outcome_review or "monthly"]
    expected = season * (1.0 + rule.growth) ** (np.arange(plan.days) / YEAR)
    stage = None
    if rule.phase is not None:
        phase = next(phase for phase in plan.phases if phase.name == rule.phase)
        first = (plan.first_day(phase.start_month) - plan.start).days
        last = (add_months(plan.start, phase.start_month - 1 + phase.months) - plan.start).days - 1
        stage = (first, last)
    return ReserveRelease(reserves, expected, rule.below, rule.part, rule.to, stage, every)


def _review(plan: Plan, review: Review, channels: tuple[Channel, ...]) -> list[Rule]:
    """Return the review of the channels named, or of all online ones but the largest."""
    names = [channel.name for channel in channels]
    chosen = [name for name in review.channels if name in names]
    if not review.channels:
        shares = {name: plan.channels[name].share or 0.0 for name in names}
        spared = max(names, key=lambda name: shares[name]) if len(names) == 1 or any(shares.values()) else ""
        chosen = [channel.name for channel in channels if channel.online and channel.name != spared]
    if not chosen:
        return []
    columns = tuple(names.index(name) for name in chosen)
    return [ChannelReview(columns, review.least, review.step, review.close_after, MONTHS[review.every])]
