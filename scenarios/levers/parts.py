"""Levers that are parts of a plan: channels opened and shut, initiatives, risks, and what rivals do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from scenarios.calendar import first_days
from scenarios.levers.lever import Lever
from scenarios.levers.money import with_initiative
from scenarios.plan import AS_WRITTEN, STATUS_QUO, Plan
from scenarios.plan.business import Rival
from scenarios.plan.overrides import written
from scenarios.plan.shape import bare

CUT, CUT_DAYS = 0.20, 7  # a temporary price cut: the literature's 20 %, for a week
BEFORE, AFTER = 14, 56  # clear days around it: what it borrows from other periods shows there


def channel_levers(today: Plan) -> Iterator[Lever]:
    """Yield the opening of every channel that is shut today, and the shutting of the others."""
    trading = today.open_channels()
    for name in today.channels:
        action: dict[str, object] = {"lever": "channels", "evidence": "A", "start_month": 1}
        path = f"channels.{name}.open"
        if name not in trading:
            opening = with_initiative(today, action | {"opens": [name], "ripen_months": 3})
            yield Lever(f"channel.{name}", "channel", STATUS_QUO, path, False, True, opening)
        elif len(trading) > 1:
            shutting = with_initiative(
                today, action | {"effects": {f"access.{name}": 0.0}, "ripen_months": 0}
            )
            yield Lever(f"channel.{name}", "channel", STATUS_QUO, path, True, False, shutting)


def initiative_levers(plan: Plan) -> Iterator[Lever]:
    """Yield every initiative left out of the plan, or put in where it is not done."""
    for name, action in plan.initiatives.items():
        path = f"initiatives.{name}.active"
        yield Lever(
            f"initiative.{name}", "initiative", AS_WRITTEN, path, action.active, not action.active,
            {path: not action.active},
        )  # fmt: skip


def risk_levers(plan: Plan) -> Iterator[Lever]:
    """Yield every risk as if it could not strike, or could where it is not counted."""
    for name, risk in plan.risks.items():
        path = f"risks.{name}.active"
        yield Lever(
            f"risk.{name}", "risk", AS_WRITTEN, path, risk.active, not risk.active, {path: not risk.active}
        )


def rival_levers(plan: Plan) -> Iterator[Lever]:
    """Yield every rival gone, and every behaviour of it given up or taken on."""
    behaviours = get_args(get_args(bare(Rival.model_fields["behaviour"].annotation))[0])
    data = written(plan)["market"].get("rivals", ())
    for number, rival in enumerate(plan.market.rivals):
        others = [other for place, other in enumerate(data) if place != number]
        path = f"market.rivals.{rival.name}"
        gone = {"market.rivals": others}
        yield Lever(f"rival.{rival.name}", "rival", AS_WRITTEN, path, True, False, gone)
        for behaviour in behaviours:
            has = behaviour in rival.behaviour
            left = tuple(b for b in behaviours if (b in rival.behaviour) != (b == behaviour))
            where = f"{path}.behaviour"
            yield Lever(
                f"rival.{rival.name}.{behaviour}", "rival", AS_WRITTEN, where, has, not has, {where: left}
            )


def dealer_levers(today: Plan) -> Iterator[Lever]:
    """Yield an online price below what dealers tolerate."""
    dealers = today.policies.dealers
    if dealers is not None:
        base = today.policies.pricing.online_gap
        gap = min(base, 0.0) - dealers.tolerated_gap - 0.05
        lines = {"policies.pricing.policy": "differentiated", "policies.pricing.online_gap": gap}
        yield Lever("dealers.gap", "dealers", STATUS_QUO, "policies.pricing.online_gap", base, gap, lines)


def cut_levers(today: Plan) -> Iterator[Lever]:
    """Yield a week in which every price is a fifth below the usual, far from other events."""
    from scenarios.drivers import channels_of, discounts

    first = cut_day(today)
    if first is None:
        return
    date = today.start.toordinal() + first
    usual = float(discounts(today, channels_of(today))[first : first + CUT_DAYS].mean())
    depth = 1.0 - (1.0 - usual) * (1.0 - CUT)
    day = type(today.start).fromordinal(date)
    event = {"name": "lever_cut", "month": day.month, "day": day.day, "days": CUT_DAYS, "depth": depth}
    path = "policies.promotion.calendar"
    calendar = [*(one.model_dump(exclude_unset=True) for one in today.policies.promotion.calendar), event]
    yield Lever("promotion.cut", "promotion", STATUS_QUO, path, usual, depth, {path: calendar}, 1.0 - CUT)


def cut_day(today: Plan) -> int | None:
    """Return the first day from the third month on with clear days around it; ``None`` if there is none."""
    busy: set[int] = set()
    for event in today.policies.promotion.calendar:
        for begin in first_days(event, today):
            busy |= set(range(begin, begin + event.days))
    for first in range(60, today.days - CUT_DAYS - AFTER):
        day = type(today.start).fromordinal(today.start.toordinal() + first)
        if day.day <= 28 and not busy & set(range(first - BEFORE, first + CUT_DAYS + AFTER)):
            return first
    return None
