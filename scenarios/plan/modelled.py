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
from scenarios.plan.vocabulary import EVENT, FEATURES

# Dotted path (with *), or path=value where only that value is not acted on -> why.
NOT_YET: Mapping[str, str] = {}


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
    yield from _idle(plan, text, head, path)


def _idle(plan: Plan, text: str, head: str, path: Path) -> Iterator[tuple[str, str]]:
    """Yield control that has nothing to act on."""
    strays = plan.budget.finance is not None and plan.budget.finance.strays
    if text == "budget.control.monthly_variance" and plan.budget.control.monthly_variance and not strays:
        yield text, "spending follows the plan to the day; set budget.finance.strays for it to stray"
    if head == "phases" and len(path) == 3 and path[2] == "gate" and not plan.policies.governance.stage_gates:
        yield text, "phases wait for gates only with policies.governance.stage_gates"


def _acts(action: Initiative) -> bool:
    acts = action.effects or action.eases or action.opens or action.enables
    return bool(acts) or any(action.invests.values())


def _declared(plan: Plan, feature: str) -> bool:
    """Tell whether the policies say anything at a feature's line."""
    if feature.startswith(EVENT):
        named = feature.removeprefix(EVENT)
        return any(event.name == named for event in plan.policies.promotion.calendar)
    if feature == "dynamic_pricing":
        return plan.policies.pricing.policy == "dynamic"
    path = FEATURES[feature]
    value: Any = plan.policies
    for key in path[:2]:
        value = getattr(value, key)
    if feature == "creative_tests":
        return value is not None
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
    for name, action in plan.acting().items():
        for feature in action.enables:
            if not _declared(plan, feature):
                yield f"initiatives.{name}: enables {feature}, of which the policies say nothing"
    yield from _desk_warnings(plan)
    yield from _money_warnings(plan)
    grouped = {name for name, action in plan.initiatives.items() if action.active} - plan.acting().keys()
    for name in sorted(grouped):
        yield f"initiatives.{name}: a stronger one of group {plan.initiatives[name].group!r} acts instead"
    alive = [name for name, action in plan.initiatives.items() if action.phase or action.start_month]
    if plan.initiatives and not alive:
        yield "initiatives: none has a start, so all start in the first month"


def _desk_warnings(plan: Plan) -> Iterator[str]:
    """Yield where more questions are to be answered in time than the service desk can answer."""
    from scenarios.operations import answerable

    asked = [("policies.service.response", plan.policies.service.response)]
    asked += [("targets.response_rate", one.value) for one in plan.targets if one.kpi == "response_rate"]
    most = answerable(plan)
    for line, share in asked:
        if share is None or share <= most + 1e-9:
            continue
        if plan.policies.service.around_the_clock:
            yield (
                f"{line}: {share:g} asks for more than the {most:.3g} "
                "that the service desk can answer in time"
            )
        else:
            yield (
                f"{line}: {share:g} asks for more than the {most:.3g} that the service desk "
                "can answer in time; by night nobody answers without service.around_the_clock"
            )


def _money_warnings(plan: Plan) -> Iterator[str]:
    """Yield lines of the reserve that it cannot pay, gates without phases to hold, and terms left open."""
    year = plan.budget.year(1)
    asked = sum(line.amount for line in plan.budget.lines.values() if line.of == "reserve")
    held = year.total * (year.split.reserve if year.split else 0.0)
    if asked > held:
        yield f"budget.lines: lines of the reserve ask for {asked:g}, it holds {held:g}"
    if plan.policies.governance.stage_gates and not any(phase.gate for phase in plan.phases):
        yield "policies.governance.stage_gates: no phase has a gate, so none waits"
    if plan.budget.control.reserve_release is not None and held <= asked:
        yield "budget.control.reserve_release: there is no reserve to release"
