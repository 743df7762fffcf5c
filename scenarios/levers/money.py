"""Levers on money: all media, one medium, one capability, and how a medium bids.

Each line gets the same money on top - a tenth of a year's budget - so that their sizes can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scenarios.levers.lever import Lever
from scenarios.plan import STATUS_QUO, Plan
from scenarios.plan.overrides import written
from scenarios.plan.vocabulary import MEDIA
from sim.setup import CAPABILITIES

MORE = 0.10  # of a year's budget, on top
ALL_MEDIA = 1.20  # all media together, factor
TRIED = "lever_tried"  # the initiative that stands for a lever


def money(plan: Plan) -> float:
    """Return the money that each line gets on top, currency a year."""
    today = plan.budget.spending_today().total
    return MORE * (today or plan.budget.year(1).total)


def media_levers(plan: Plan, today: Plan) -> Iterator[Lever]:
    """Yield the levers on media of a plan; ``today`` is the plan under ``status_quo``."""
    year = today.budget.year(1)
    marketing = year.total * (year.split.marketing if year.split else 0.0)
    spent = {str(name): marketing * share for name, share in (year.media or {}).items()}
    if marketing > 0:
        more = {name: amount * ALL_MEDIA for name, amount in spent.items()}
        yield _spending("media.all", today, spent, more)
    planned = [plan.budget.year(number) for number in range(1, plan.months // 12 + 2)]
    names = sorted({str(name) for one in (year, *planned) for name in (one.media or {})})
    for name in names:
        yield _spending(
            f"media.{name}", today, spent, spent | {name: spent.get(name, 0.0) + money(plan)}, name
        )
    for name in names:
        if MEDIA[name].action == "click" and MEDIA[name].source != "content" and spent.get(name):
            base = str(today.budget.bidding.get(name, "cpc"))  # type: ignore[call-overload]
            bid = "ocpm" if base != "ocpm" else "cpc"
            path = f"budget.bidding.{name}"
            yield Lever(f"bidding.{name}", "media", STATUS_QUO, path, base, bid, {path: bid})


def _spending(
    name: str, today: Plan, spent: dict[str, float], more: dict[str, float], medium: str = ""
) -> Lever:
    """Return the lever that spends ``more`` by medium, the other purposes' money staying as it is."""
    year = today.budget.year(1)
    split = year.split.model_dump() if year.split else {}
    amounts = {purpose: year.total * share for purpose, share in split.items()}
    amounts["marketing"] = sum(more.values())
    total = sum(amounts.values())
    told: dict[str, Any] = {"total": total}
    told["split"] = {purpose: amount / total for purpose, amount in amounts.items()}
    told["media"] = {key: amount / amounts["marketing"] for key, amount in more.items()}
    base = spent.get(medium, 0.0) if medium else sum(spent.values())
    tried = more[medium] if medium else amounts["marketing"]
    path = f"budget.year_1.media.{medium}" if medium else "budget.year_1"
    factor = tried / base if base > 0 else float("nan")
    return Lever(name, "media", STATUS_QUO, path, base, tried, {"budget.year_1": told}, factor)


def capability_levers(plan: Plan, today: Plan) -> Iterator[Lever]:
    """Yield the levers on capabilities: the same money into each over the first year, on top."""
    for name in CAPABILITIES:
        action = {"lever": "technology", "invests": {name: money(plan)}, "ripen_months": 12}
        overrides = with_initiative(today, action | {"funded": "extra"})
        path = f"initiatives.{TRIED}.invests.{name}"
        yield Lever(f"invest.{name}", "capability", STATUS_QUO, path, 0.0, money(plan), overrides)


def with_initiative(today: Plan, action: dict[str, Any]) -> dict[str, Any]:
    """Return overrides that add an initiative called `TRIED` to what a plan has."""
    return {"initiatives": {**written(today).get("initiatives", {}), TRIED: action}}
