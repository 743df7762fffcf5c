"""Levers on how business is done: the table of policy lines with the step that each is moved by.

Steps are what a manager would try: a twentieth on price, a day on delivery, a fifth on effort, a switch
turned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from scenarios.levers.lever import Lever
from scenarios.operations import answerable, operations_of
from scenarios.plan import AS_WRITTEN, STATUS_QUO, Plan
from scenarios.plan.trees import dotted


class Step(NamedTuple):
    """How a line of the policies is moved.

    ``plus`` and ``times`` move a number, ``set`` puts ``by`` there, ``turn`` turns a switch, ``with`` adds an
    item to a list or takes it out where it is there. ``also`` are lines that must change too, ``needs`` names
    in `NEEDS` what the plan must have, ``most`` bounds the value where `LIMITS` says nothing.
    """

    path: str
    kind: str
    how: str
    by: Any = None
    name: str = ""
    needs: tuple[str, ...] = ()
    also: Mapping[str, Any] = {}
    most: float = float("inf")


APART = {"pricing.policy": "differentiated"}
STEPS: tuple[Step, ...] = (
    Step("pricing.level", "price", "times", 1.05),
    Step("pricing.online_gap", "price", "plus", -0.05, needs=("both",), also=APART),
    Step("pricing.policy", "price", "set", "dynamic", "pricing.dynamic"),
    Step("pricing.policy", "price", "set", "online_only", "pricing.online_only", ("online_only",)),
    Step("promotion.depth", "promotion", "plus", 0.05, most=0.9),
    Step("promotion.presale", "promotion", "set", {"depth": 0.10}, needs=("calendar",)),
    Step("promotion.coupons.online_to_store", "promotion", "plus", 0.10, needs=("both",), most=0.9),
    Step("promotion.coupons.store_to_online", "promotion", "plus", 0.10, needs=("both",), most=0.9),
    Step("promotion.coupons.within_channel", "promotion", "plus", 0.10, most=0.9),
    Step("loyalty.points_rate", "loyalty", "plus", 0.01, most=1.0),
    Step("loyalty.shared_points", "loyalty", "turn", name="loyalty.shared_points", needs=("points",)),
    Step("loyalty.tiers", "loyalty", "set", ("member", "silver", "gold")),
    Step("loyalty.new_customer_rewards", "loyalty", "set", (10.0, 20.0, 40.0)),
    Step("loyalty.referral_reward", "loyalty", "plus", 10.0, needs=("network",)),
    Step("service.delivery_days", "service", "plus", -1.0, needs=("slow",)),
    Step("service.delivery_days", "service", "times", 1.10, "service.lead_time"),
    Step("service.response", "service", "plus", 0.10),
    Step("service.free_returns", "service", "turn"),
    Step("service.return_days", "service", "set", 30),
    Step("service.around_the_clock", "service", "turn"),
    Step("service.same_everywhere", "service", "turn", needs=("both",)),
    Step("service.pick_up", "service", "turn", needs=("both",)),
    Step("service.booking", "service", "set", {"response": 0.90}, needs=("store",)),
    Step("service.peak_headroom", "service", "times", 1.5, needs=("headroom",)),
    Step("service.load_tests", "service", "turn", needs=("headroom",)),
    Step("inventory.days", "stock", "times", 0.80, needs=("days", "stocked")),
    Step("inventory.abc", "stock", "turn", needs=("stocked",)),
    Step("inventory.vendor_managed", "stock", "turn", needs=("stocked",)),
    Step("inventory.shared", "stock", "turn", needs=("both", "stocked")),
    Step("inventory.supplier_scoring", "stock", "turn", needs=("stocked",)),
    Step("inventory.flexible_capacity", "stock", "turn", needs=("stocked",)),
    Step("packaging.green", "stock", "turn"),
    Step("packaging.shareable", "stock", "turn"),
    Step("crm.effort", "crm", "times", 1.20, most=10.0),
    Step("crm.rfm", "crm", "turn"),
    Step("crm.personas", "crm", "plus", 6),
    Step("crm.triggers", "crm", "with", "first_order", "crm.first_order"),
    Step("crm.triggers", "crm", "with", "birthday", "crm.birthday"),
    Step("crm.triggers", "crm", "with", "lapsing", "crm.lapsing"),
    Step("crm.community", "crm", "turn"),
    Step("content.effort", "content", "times", 1.20, most=10.0),
    Step("content.themes_per_month", "content", "plus", 2.0),
    Step("testing.creatives_per_week", "content", "plus", 4.0, needs=("creatives",), most=100.0),
    Step("testing.page_tests_per_month", "content", "plus", 2.0),
)  # fmt: skip
# What stands where a policy line says nothing: the starting figure, else the market's own default.
UNSAID: Mapping[str, tuple[str, float | None]] = {
    "service.delivery_days": ("delivery_days", 3.0),
    "service.response": ("response_rate", 0.7),
    "inventory.days": ("inventory_days", None),
}


def _kinds(plan: Plan) -> set[str]:
    return {channel.kind for channel in plan.open_channels().values()}


def stands(plan: Plan, path: str) -> Any:
    """Return what stands at a line of the policies, starting figures filled in."""
    value: Any = plan.policies
    for key in path.split("."):
        value = None if value is None else getattr(value, key)
    kpi, default = UNSAID.get(path, ("", None))
    return plan.baseline(kpi) or default if value is None and kpi else value


# The most that the market can do at a line, beyond which a step would try nothing.
LIMITS: Mapping[str, Callable[[Plan], float]] = {"service.response": answerable}
NEEDS: Mapping[str, Callable[[Plan], bool]] = {
    "store": lambda plan: "store" in _kinds(plan),
    "both": lambda plan: "store" in _kinds(plan) and len(_kinds(plan)) > 1,
    "online_only": lambda plan: any(product.online_only for product in plan.products.values()),
    "calendar": lambda plan: bool(plan.policies.promotion.calendar),
    "network": lambda plan: plan.market.word_of_mouth == "network",
    "points": lambda plan: True,
    "slow": lambda plan: stands(plan, "service.delivery_days") > 1.0,
    "days": lambda plan: stands(plan, "inventory.days") is not None,
    # A switch that brings in stock with all it costs would be no comparison.
    "stocked": lambda plan: operations_of(plan)["stock"] is not None,
    "creatives": lambda plan: plan.policies.testing.creatives_per_week is not None,
    "headroom": lambda plan: plan.policies.service.peak_headroom is not None,
}


def policy_levers(plan: Plan, today: Plan) -> Iterator[Lever]:
    """Yield the levers on policies; what cannot move is left out.

    They are moved from ``today`` (the plan under ``status_quo``), or from the plan where only that has what
    a step needs.
    """
    for step in STEPS:
        for against, start in ((STATUS_QUO, today), (AS_WRITTEN, plan)):
            if all(NEEDS[need](start) for need in step.needs):
                lever = _lever(step, against, start)
                if lever.tried != lever.base:
                    yield lever
                break


def _lever(step: Step, against: str, start: Plan) -> Lever:
    base = stands(start, step.path)
    most = LIMITS[step.path](start) if step.path in LIMITS else step.most
    tried, also = _tried(step, base, most), dict(step.also)
    if "points" in step.needs and not start.policies.loyalty.points_rate:
        also["loyalty.points_rate"] = 0.01  # points that are shared must be given
    overrides = {f"policies.{path}": value for path, value in ({step.path: tried} | also).items()}
    factor = tried / base if step.how == "times" else float("nan")
    path = dotted(("policies", step.path))
    return Lever(step.name or step.path, step.kind, against, path, base, tried, overrides, factor)


def _tried(step: Step, base: Any, most: float) -> Any:
    if step.how == "turn":
        return not base
    if step.how == "with":
        return tuple(t for t in base if t != step.by) if step.by in base else (*base, step.by)
    if step.how == "set":
        return step.by
    moved = base * step.by if step.how == "times" else (base or 0) + step.by
    return moved if isinstance(moved, int) else float(f"{min(moved, max(most, base or 0)):.10g}")
