"""A lever: one line of a plan, what stands there, and what is tried instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scenarios.plan import Plan, with_overrides


@dataclass(frozen=True)
class Lever:
    """One line of a plan that is moved.

    Parameters
    ----------
    name
        Unique name: ``pricing.level``, ``media.tv``, ``initiative.page_speed``.
    kind
        Which part of the business it belongs to, e.g. ``price``, ``media``, ``initiative``.
    against
        The scenario it is moved from: ``status_quo`` or ``plan``.
    path
        Dotted path of the line.
    base, tried
        What stands there, and what is tried.
    overrides
        Lines to change, by dotted path; the lever's own and what must change with it.
    factor
        Tried over base, where an elasticity is asked for.
    """

    name: str
    kind: str
    against: str
    path: str
    base: Any
    tried: Any
    overrides: Mapping[str, Any] = field(default_factory=dict)
    factor: float = float("nan")

    def moved(self, plan: Plan) -> Plan:
        """Return ``plan``, which is under the scenario `against`, with the lever moved.

        Raises
        ------
        BadInput
            If the line is not there or the value cannot stand there.
        """
        return with_overrides(plan, self.overrides)


def told(value: Any) -> str:
    """Return a value as a table shows it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {told(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(told, value)) or "none"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
