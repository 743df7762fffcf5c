"""Dials: the lines of a plan that a planner moves first, where they stand and how far they go."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from results.problems import BadInput
from scenarios.levers.policies import LIMITS, NEEDS, stands
from scenarios.plan import Plan, with_overrides
from scenarios.plan.checking import checked
from scenarios.plan.money import YEARS
from scenarios.plan.overrides import find, is_whole, written
from scenarios.plan.shape import annotation_at
from scenarios.plan.trees import placed, value_at

WHAT_IF = "what_if"  # the scenario that moved dials become
MOST_MEDIA = 6


@dataclass(frozen=True)
class Dial:
    """A line of a plan, or several that move together.

    Parameters
    ----------
    key
        Unique name; ``media.<medium>`` for a medium's share.
    group
        ``offer``, ``service``, ``budget`` or ``media``.
    value, low, high, step
        Where it stands in the plan, its ends, and how far one press of a key moves it.
    unit
        ``share`` (also for factors: 1 is today's), ``days``.
    paths
        Dotted paths that take the value.
    also
        Further lines that must change with it.
    scale
        By path, what the value is multiplied with there; 1 unless given.
    most
        Value beyond which the market does nothing more, where the plan stands there; else ``None``.
    """

    key: str
    group: str
    value: float
    low: float
    high: float
    step: float
    unit: str
    paths: tuple[str, ...]
    also: tuple[tuple[str, Any], ...] = ()
    scale: tuple[float, ...] = ()
    most: float | None = None

    def lines(self, value: float) -> dict[str, Any]:
        """Return the plan's lines for a value of the dial, by dotted path."""
        scale = self.scale or (1.0,) * len(self.paths)
        told = {path: _round(value * by) for path, by in zip(self.paths, scale, strict=True)}
        return told | dict(self.also)


#           line of the policies, group, ends, step, unit, what the plan must have
POLICIES: tuple[tuple[str, str, float, float, float, str, tuple[str, ...]], ...] = (
    ("pricing.level", "offer", 0.8, 1.2, 0.01, "share", ()),
    ("pricing.online_gap", "offer", -0.2, 0.2, 0.01, "share", ("both",)),
    ("promotion.depth", "offer", 0.0, 0.5, 0.01, "share", ()),
    ("loyalty.points_rate", "offer", 0.0, 0.1, 0.005, "share", ()),
    ("service.delivery_days", "service", 1.0, 7.0, 0.5, "days", ()),
    ("service.response", "service", 0.3, 1.0, 0.01, "share", ()),
    ("inventory.days", "service", 10.0, 180.0, 5.0, "days", ("days", "stocked")),
    ("crm.effort", "service", 0.0, 3.0, 0.1, "share", ()),
    ("content.effort", "service", 0.0, 3.0, 0.1, "share", ()),
)


def dials_of(plan: Plan) -> tuple[Dial, ...]:
    """Return a plan's dials; lines that the plan does not have or the market does not act on are left out."""
    idle = set(plan.not_modelled())
    return tuple(dial for dial in _all(plan) if _acts(dial, plan, idle))


def moved(plan: Plan, values: Mapping[str, float]) -> Plan:
    """Return a plan with its dials at some values, by key; those left out stay.

    Raises
    ------
    BadInput
        If the values cannot stand together, such as shares that are more than the whole.
    KeyError
        If the plan has no such dial.
    """
    return with_overrides(plan, lines_of(plan, values))


def lines_of(plan: Plan, values: Mapping[str, float]) -> dict[str, Any]:
    """Return the plan's lines that some dials' values change, by dotted path."""
    dials = {dial.key: dial for dial in _all(plan)}
    lines: dict[str, Any] = {}
    for key, value in values.items():
        if abs(value - dials[key].value) > 1e-9:
            lines |= dials[key].lines(value)
    return lines


def with_scenario(plan: Plan, values: Mapping[str, float], name: str = WHAT_IF) -> Plan:
    """Return the plan with a further scenario: itself, its dials at some values.

    Raises
    ------
    BadInput
        If the values cannot stand together.
    """
    lines = lines_of(plan, values)
    data, tree = written(with_overrides(plan, lines)), dict[str, Any]()
    for text in lines:
        path = find(plan, text)
        path = path[:-1] if is_whole(annotation_at(path[:-1])) else path
        tree = placed(tree, path, value_at(data, path))
    scenarios = {**written(plan).get("scenarios", {}), name: tree}
    return checked(written(plan) | {"scenarios": scenarios}, plan.name)


def _all(plan: Plan) -> Iterator[Dial]:
    yield from _of_policies(plan)
    yield from _of_budget(plan)


def _of_policies(plan: Plan) -> Iterator[Dial]:
    for path, group, low, high, step, unit, needs in POLICIES:
        value = stands(plan, path)
        if not isinstance(value, int | float) or not all(NEEDS[need](plan) for need in needs):
            continue
        apart = path == "pricing.online_gap" and plan.policies.pricing.policy == "uniform"
        also = (("policies.pricing.policy", "differentiated"),) if apart else ()
        most = LIMITS[path](plan) if path in LIMITS else high
        top = min(high, _round(low + math.floor((most - low) / step + 1e-9) * step))  # it lies on the steps
        ends, beyond = (min(low, value), max(top, value)), most if value > most + 1e-9 else None
        paths = (f"policies.{path}",)
        yield Dial(path, group, float(value), *ends, step, unit, paths, also, most=beyond)


def _of_budget(plan: Plan) -> Iterator[Dial]:
    """Yield all years' money as one factor, the purposes' shares of it, and the media's of marketing."""
    budget = plan.budget
    years = {f"year_{n}": getattr(budget, f"year_{n}") for n in range(1, YEARS + 1)}
    given = {name: year for name, year in years.items() if year is not None}
    totals = tuple(f"budget.{name}.total" for name in given)
    money = tuple(float(year.total) for year in given.values())
    if any(money):
        yield Dial("budget.total", "budget", 1.0, 0.5, 1.5, 0.05, "share", totals, (), money)
    split = {name: year.split for name, year in given.items() if year.split is not None}
    for purpose in ("marketing", "technology", "team"):
        paths = tuple(f"budget.{name}.split.{purpose}" for name in split)
        share = float(getattr(split["year_1"], purpose))
        if any(money) and share > 0:
            yield Dial(f"split.{purpose}", "budget", share, 0.0, 0.9, 0.01, "share", paths)
    own = [name for name, year in given.items() if year.media]
    media = sorted((budget.year(1).media or {}).items(), key=lambda item: -item[1])[:MOST_MEDIA]
    if any(money) and len(media) > 1:
        for medium, share in media:
            paths = tuple(f"budget.{name}.media.{medium}" for name in own)
            paths = paths if "year_1" in own else (f"budget.media.{medium}", *paths)
            yield Dial(f"media.{medium}", "media", float(share), 0.0, 0.9, 0.01, "share", paths)


def _acts(dial: Dial, plan: Plan, idle: set[str]) -> bool:
    """Tell whether the plan allows the dial to move and the market then acts on it."""
    end = dial.high if abs(dial.high - dial.value) > abs(dial.low - dial.value) else dial.low
    near = dial.value + dial.step if end > dial.value else dial.value - dial.step
    try:
        tried = with_overrides(plan, dial.lines(near))
    except BadInput:
        return False
    return not any(line.startswith(dial.paths) for line in set(tried.not_modelled()) - idle)


def _round(value: float) -> float:
    return float(f"{value:.10g}")
