"""What of a plan the market can act on, and what it cannot yet.

A line that becomes modelled loses its row in :data:`NOT_YET`; that is the whole change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from scenarios.plan.actions import Initiative
from scenarios.plan.model import Plan
from scenarios.plan.overrides import written
from scenarios.plan.trees import Path, dotted
from scenarios.plan.vocabulary import FEATURES

# Dotted path (with *), or path=value where only that value is not acted on -> why.
NOT_YET: Mapping[str, str] = {
    "market.facts.*": "kept for the reader; no rule takes it",
    "phases.*.gate": "phases do not wait for their gates",
    "budget.control.monthly_variance": "budgets are spent as planned, without monthly control",
    "budget.control.reallocate": "media money is not moved by results",
    "budget.control.reserve_release": "the reserve is held and not released by rule",
    "budget.expected_income.*": "a hope to compare with, not an input",
    "budget.lines.*": "lines inside the total are not booked one by one",
    "policies.testing.page_tests_per_month": "pages are not tested inside the market",
    "policies.scorecard.*": "scorecards are not computed",
    "policies.governance.*": "reviews do not close the loop",
}


@cache
def computed() -> frozenset[str]:
    """Return the indicators that the market computes."""
    from sim.indicators import INDICATORS

    return frozenset(key for key, indicator in INDICATORS.items() if indicator.modelled)


def not_modelled(plan: Plan) -> list[str]:
    """Return the lines of a plan that the market cannot act on, each as ``path: why``, in its order."""
    found: dict[str, str] = {}
    for path, value in _lines(written(plan), ()):
        for where, why in _reasons(plan, path, value):
            found.setdefault(where, why)
    return [f"{where}: {why}" for where, why in found.items()]


def _reasons(plan: Plan, path: Path, value: Any) -> Iterator[tuple[str, str]]:
    text, head = dotted(path), str(path[0]) if path else ""
    for pattern, why in NOT_YET.items():
        wanted, _, only = pattern.partition("=")
        if len(path) == wanted.count(".") + 1 and fnmatchcase(text, wanted) and (not only or value == only):
            yield text, why
    if head == "starting_point" and len(path) == 2 and path[1] not in computed():
        yield text, "the market does not compute this indicator"
    if head == "targets" and len(path) == 2:
        kpi = plan.targets[int(path[1])].kpi
        if kpi not in computed():
            yield f"targets.{kpi}", "the market does not compute this indicator"
    if text == "policies.loyalty.referral_reward" and value and plan.market.word_of_mouth == "mean_field":
        yield text, "rewards move nobody without `market.word_of_mouth: network`"
    if head == "initiatives" and len(path) == 2 and not _acts(plan.initiatives[str(path[1])]):
        yield text, "it invests in no capability and changes no behaviour"
    if head == "risks" and len(path) == 2:
        risk = plan.risks[str(path[1])]
        if not risk.impact and not risk.loss:
            yield text, "it strikes nothing and costs nothing"
    if head == "policies" and len(path) == 3 and path[1] == "scorecard":
        return


def _acts(action: Initiative) -> bool:
    return bool(action.effects) or any(action.invests.values()) or bool(action.enables)


def _declared(plan: Plan, path: tuple[str, ...]) -> bool:
    """Tell whether the policies say anything at a feature's line."""
    value: Any = plan.policies
    for key in path[:2]:
        value = getattr(value, key)
    return bool(value) and (len(path) == 2 or path[2] in value)


def _lines(data: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield every path of nested data with its value, parents first; scenarios and the search left out."""
    if path and path[0] in ("scenarios", "search"):
        return
    if path:
        yield path, data
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _lines(value, (*path, key))
    elif isinstance(data, list | tuple):
        for i, value in enumerate(data):
            yield from _lines(value, (*path, i))


def warnings(plan: Plan) -> list[str]:
    """Return what is allowed in a plan and yet deserves a second look."""
    return list(_warnings(plan))


def _warnings(plan: Plan) -> Iterator[str]:
    if plan.budget.today is None:
        yield "budget.today: not given, so status_quo spends nothing; give today's yearly spending"
    if "media" not in plan.budget.model_fields_set:
        yield "budget.media: not given; marketing goes half to paid_search, half to feed_ads"
    for target in plan.targets:
        if target.change is not None and target.kpi not in plan.starting_point:
            yield f"targets.{target.kpi}: its change has no starting figure and is held against status_quo"
    for kpi, figure in plan.starting_point.items():
        if figure.source == "assumption":
            yield f"starting_point.{kpi}: {figure.value:g} is assumed, not stated"
    for name, action in plan.initiatives.items():
        if action.evidence == "claim" and action.effects:
            yield f"initiatives.{name}: its effects rest on one firm's claim"
    policies = plan.policies
    starts = {
        "inventory": policies.inventory.start_month,
        "service": policies.service.start_month,
        "service.booking": policies.service.booking.start_month if policies.service.booking else 1,
        "packaging": policies.packaging.start_month,
    }
    for name, month in starts.items():
        if month > plan.months:
            yield f"policies.{name}: it starts in month {month}, after the plan has ended"
    for name, action in plan.acting().items():
        for feature in action.enables:
            if not _declared(plan, FEATURES[feature]):
                yield f"initiatives.{name}: enables {feature}, of which the policies say nothing"
    grouped = {name for name, action in plan.initiatives.items() if action.active} - plan.acting().keys()
    for name in sorted(grouped):
        yield f"initiatives.{name}: a stronger one of group {plan.initiatives[name].group!r} acts instead"
    alive = [name for name, action in plan.initiatives.items() if action.phase or action.start_month]
    if plan.initiatives and not alive:
        yield "initiatives: none has a start, so all start in the first month"
