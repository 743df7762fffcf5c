"""A plan cut short or carried on: the same plan over another number of months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scenarios.features import enabled, without_features
from scenarios.plan import Plan, with_overrides
from scenarios.plan.fields import add_months
from scenarios.plan.model import STATUS_QUO, policies_begin
from scenarios.plan.overrides import written
from scenarios.plan.trees import existing, placed, value_at, without


def with_horizon(plan: Plan, months: int) -> Plan:
    """Return ``plan`` over its first ``months``; beyond its own end the last year's budget is repeated.

    What would begin after the end, and targets due later, are left out; so are scenarios other than
    ``status_quo``, which may speak of them.
    """
    if months == plan.months:
        return plan
    end, data = add_months(plan.start, months), written(plan)
    unopened = {name for name, channel in plan.channels.items() if channel.opens and channel.opens > end}
    late = {phase.name for phase in plan.phases if phase.start_month > months}
    market = dict(data["market"])
    if "rivals" in market:
        market["rivals"] = [r for r in market["rivals"] if (r.get("entry_month") or 0) <= months]
    kept: dict[str, Any] = {
        "months": months,
        "market": market,
        "phases": [phase for phase in data.get("phases", ()) if phase["name"] not in late],
        "targets": [
            target for target, due in zip(data.get("targets", ()), plan.targets, strict=True) if due.by <= end
        ],
        "initiatives": {
            name: action
            for name, action in data.get("initiatives", {}).items()
            if action.get("phase") not in late and plan.start_month(name) <= months
        },
        "risks": {
            name: risk for name, risk in data.get("risks", {}).items() if (risk.get("month") or 0) <= months
        },
        "channels": {
            name: {key: value for key, value in channel.items() if key != "opens"} | {"open": False}
            if name in unopened
            else channel
            for name, channel in data["channels"].items()
        },
        "scenarios": {name: lines for name, lines in data.get("scenarios", {}).items() if name == STATUS_QUO},
    }
    begun = {feature for action in kept["initiatives"].values() for feature in action.get("enables", ())}
    never = enabled(plan) - begun
    if never:
        today = data.get("scenarios", {}).get(STATUS_QUO, {}).get("policies", {})
        kept["policies"] = without_features(data.get("policies", {}), never, today)
    later = [path for path, start in policies_begin(plan).items() if start > months]
    if later:
        today = data.get("scenarios", {}).get(STATUS_QUO, {}).get("policies", {})
        kept["policies"] = _not_begun(kept.get("policies", data.get("policies", {})), later, today)
    for action in kept["initiatives"].values():
        for field, known in (("prepared_by", kept["initiatives"]), ("eases", kept["risks"])):
            if isinstance(action.get(field), dict):
                action[field] = {name: share for name, share in action[field].items() if name in known}
            elif field in action:
                action[field] = [name for name in action[field] if name in known]
    release = data["budget"].get("control", {}).get("reserve_release") or {}
    if release.get("phase") in late:
        control = {**data["budget"]["control"], "reserve_release": {**release, "phase": None}}
        kept["budget"] = {**data["budget"], "control": control}
    return with_overrides(plan, kept)


def _not_begun(
    policies: Mapping[str, Any], later: Iterable[tuple[str, ...]], today: Mapping[str, Any]
) -> dict[str, Any]:
    """Return policies with today's in the place of those that begin after the end, or without them."""
    left: Any = dict(policies)
    for path in later:
        if existing(today, path) == path:
            left = placed(left, path, value_at(today, path))
        elif existing(left, path) == path:
            left = without(left, path)
    return dict(left)
