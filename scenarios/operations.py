"""From a plan to the firm behind the shopfront: stock, desks, terms of sale, and since when.

A part is declared where the plan speaks of it: by a starting figure, a target or a policy line. Starting
figures are what the parts are read off; what the plan newly does is told from today's policies, which
``scenarios.status_quo.policies`` holds.
"""

from __future__ import annotations

from typing import Any

from scenarios.features import begins_from, starts_of
from scenarios.plan.model import STATUS_QUO, Plan
from scenarios.plan.policies import Inventory, Policies
from sim.retailer.booking import Booking
from sim.retailer.desk import OrderDesk
from sim.retailer.service import ServiceDesk, reachable
from sim.retailer.site import SiteLoad
from sim.retailer.stock import FLAGS, StockPolicy
from sim.retailer.terms import Delivery, Packaging, ReturnTerms

DELIVERY, RESPONSE = 3.0, 0.7  # where neither the policy nor the starting point says
SHORT, ON_TIME, HOURS, BOOKED = 0.02, 0.85, 24.0, 0.65
OF_STOCK = ("inventory_days", "stockout_rate", "supplier_on_time")
OF_ORDERS = ("order_hours", "on_time_rate", "repetitive_hours", "labour_hours_per_order")
OF_SERVICE = ("response_rate", "complaint_rate", "service_cost")
OF_PACKING = ("carbon", "packing_waste")
# What initiatives may enable -> the market's name of what then has a day of its own.
STOCK_STARTS = {
    **{name: name for name in FLAGS if name != "shared"},
    "shared_stock": "shared",
    "presale": "presale",
    "dynamic_pricing": "markdown",
}
RETURN_STARTS = {"free_returns": "free", "same_everywhere": "everywhere"}
PACKING_STARTS = {"green_packaging": "green", "shareable_packaging": "shareable"}
READ_OFF = (*OF_STOCK, "order_hours", "response_rate", "booking_response")


def operations_of(plan: Plan) -> dict[str, Any]:
    """Return the parts of a firm's operations that a plan declares, by field of the setup."""
    today = policies_today(plan)
    parts: dict[str, Any] = {
        "stock": _stock(plan, today),
        "order_desk": _order_desk(plan),
        "service_desk": _service_desk(plan, today),
        "booking": _booking(plan),
        "returns": _returns(plan, today),
        "delivery": _delivery(plan, today),
    }
    parts["site_load"] = _site_load(plan, today)
    declared = any(part is not None for part in parts.values())
    return parts | {"packaging": _packaging(plan, today, declared)}


def policies_today(plan: Plan) -> Policies:
    """Return today's policies, which the status quo keeps."""
    return Policies.model_validate(plan.scenarios.get(STATUS_QUO, {}).get("policies", {}))


def _spoken(plan: Plan, kpis: tuple[str, ...]) -> bool:
    targets = {target.kpi for target in plan.targets}
    return any(kpi in plan.starting_point or kpi in targets for kpi in kpis)


def _start(plan: Plan, kpi: str, otherwise: float) -> float:
    stated = plan.baseline(kpi)
    return otherwise if stated is None else stated


def _day(plan: Plan, month: int) -> int:
    return (plan.first_day(month) - plan.start).days


def _since(plan: Plan, feature: str, month: int) -> int:
    """Return the day on which a feature begins: with who enables it, else in its part's ``month``."""
    return begins_from(plan, feature, _day(plan, month)) or 0


def _stock(plan: Plan, today: Policies) -> StockPolicy | None:
    inventory, now = plan.policies.inventory, today.inventory
    if not _spoken(plan, OF_STOCK) and inventory == Inventory():
        return None
    new = {flag: bool(getattr(inventory, flag) and not getattr(now, flag)) for flag in FLAGS}
    promotion = plan.policies.promotion.presale is not None and today.promotion.presale is None
    dynamic = plan.policies.pricing.policy == "dynamic" and today.pricing.policy != "dynamic"
    return StockPolicy(
        days=plan.baseline("inventory_days"),
        service=min(max(1.0 - _start(plan, "stockout_rate", SHORT), 0.5), 0.9999),
        on_time=_start(plan, "supplier_on_time", ON_TIME),
        aim=None if inventory.days == now.days else inventory.days,
        presale=promotion,
        markdown=dynamic,
        start=_day(plan, inventory.start_month),
        starts=starts_of(plan, STOCK_STARTS),
        **new,
    )


def _order_desk(plan: Plan) -> OrderDesk | None:
    return OrderDesk(_start(plan, "order_hours", HOURS)) if _spoken(plan, OF_ORDERS) else None


def _service_desk(plan: Plan, today: Policies) -> ServiceDesk | None:
    service = plan.policies.service
    if not _spoken(plan, OF_SERVICE) and not service.around_the_clock:
        return None
    return ServiceDesk(
        response=min(max(_start(plan, "response_rate", RESPONSE), 0.02), 0.98),
        around_the_clock=service.around_the_clock and not today.service.around_the_clock,
        start=_since(plan, "around_the_clock", service.start_month),
    )


def answerable(plan: Plan) -> float:
    """Return the share of questions that a plan's service desk can be made to answer in time, 0-1.

    By the parameters' defaults; 1 where the plan declares no desk: then what is promised is kept.
    """
    from sim.parameters import Values

    desk = _service_desk(plan, policies_today(plan))
    return 1.0 if desk is None else reachable(desk, Values({}))


def _booking(plan: Plan) -> Booking | None:
    asked = plan.policies.service.booking
    if asked is None and not _spoken(plan, ("booking_response",)):
        return None
    response = min(max(_start(plan, "booking_response", BOOKED), 0.02), 0.98)
    if asked is None:
        return Booking(response)
    stores = sum(channel.kind == "store" for channel in plan.open_channels().values())
    places = asked.capacity * stores or None
    return Booking(response, asked.response, places, _since(plan, "booking", asked.start_month))


def _returns(plan: Plan, today: Policies) -> ReturnTerms | None:
    service, now = plan.policies.service, today.service
    terms = ReturnTerms(
        free=service.free_returns,
        days=service.return_days,
        everywhere=service.same_everywhere,
        usual_free=now.free_returns,
        usual_days=now.return_days,
        usual_everywhere=now.same_everywhere,
        start=_day(plan, service.start_month),
        starts=starts_of(plan, RETURN_STARTS),
    )
    same = (terms.free, terms.days, terms.everywhere) == (
        terms.usual_free,
        terms.usual_days,
        terms.usual_everywhere,
    )
    return None if same else terms


def _delivery(plan: Plan, today: Policies) -> Delivery | None:
    """Return delivery as the plan buys it: a promise shorter than today's costs more carriage."""
    usual = _start(plan, "delivery_days", DELIVERY)
    service, now = plan.policies.service, today.service
    speed = (now.delivery_days or usual) / (service.delivery_days or usual)
    pick_up = service.pick_up and not now.pick_up
    since = _since(plan, "pick_up", service.start_month)
    return Delivery(speed, pick_up, since) if speed != 1.0 or pick_up else None


def _site_load(plan: Plan, today: Policies) -> SiteLoad | None:
    service, now = plan.policies.service, today.service
    headroom = service.peak_headroom or now.peak_headroom
    if headroom is None:
        return None
    tested = service.load_tests and not now.load_tests
    return SiteLoad(headroom, tested, _since(plan, "load_tests", service.start_month))


def _packaging(plan: Plan, today: Policies, declared: bool) -> Packaging | None:
    """Return packaging; parcels are weighed wherever any part is declared."""
    packaging, now = plan.policies.packaging, today.packaging
    green, shareable = packaging.green and not now.green, packaging.shareable and not now.shareable
    if not (declared or green or shareable or _spoken(plan, OF_PACKING)):
        return None
    return Packaging(
        green, shareable, _day(plan, packaging.start_month), starts=starts_of(plan, PACKING_STARTS)
    )
