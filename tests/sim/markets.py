"""Small markets that tests share."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from sim.retailer.auction import Auction
from sim.retailer.booking import Booking
from sim.retailer.brand import Brand
from sim.retailer.content import ContentWork
from sim.retailer.dealers import Dealers
from sim.retailer.desk import OrderDesk
from sim.retailer.page_tests import PageTests
from sim.retailer.pages import FunnelSteps
from sim.retailer.presale import Presale
from sim.retailer.pricing import Pricing
from sim.retailer.products import Product
from sim.retailer.relations import Coupons, Crm, Loyalty, Network, Relations
from sim.retailer.reviews import Reviews
from sim.retailer.service import ServiceDesk
from sim.retailer.site import SiteLoad
from sim.retailer.stock import StockPolicy
from sim.retailer.terms import Delivery, Packaging, ReturnTerms
from sim.retailer.trials import Treatment, Trial
from sim.setup import Channel, Drivers, Effect, Medium, Setup, Shock
from sim.world.rivals import RivalPlan

CHANNELS = (
    Channel("shop", "store", cost_per_order=2.0, gross_margin=0.5),
    Channel("site", "own", cost_per_order=8.0),
    Channel("feed", "social", commission=0.08, cost_per_order=8.0, gross_margin=0.35),
)
MEDIA = (
    Medium("paid_search", "click", "paid_search", reference=20.0),
    Medium("live", "click", "live", reference=10.0),
    Medium("kol", "click", "content", reference=5.0),
    Medium("tv", "broadcast", half_life=10.5, reference=30.0),
)
SHOCKS = (
    Shock("flood", "disaster", 8, 6, "access", 0.3, "shop", loss=500.0),
    Shock("outage", "technology", 20, 3, "access", 0.0, "site"),
    Shock("bids", "market", 10, 20, "click_price", 1.6),
    Shock("late", "execution", 0, 40, "lateness", 2.0),
    Shock("carrier", "supply", 25, 10, "delivery_days", 2.5),
    Shock("shortage", "supply", 30, 8, "stockout", 6.0, "feed"),
    Shock("slump", "market", 40, 10, "demand", 0.7),
    Shock("strike", "people", 35, 5, "service", 0.4),
)
EFFECTS = (
    Effect("relaunch", "appeal.site", 1.3, start=5, ripen=20),
    Effect("pages", "bounce", 0.8, start=10),
    Effect("content", "pull.content", 1.5, start=0, ripen=30),
)
PRODUCTS = (
    Product("basic", 0.5, "traffic", price=0.9, basket=0.7, cost=1.1, price_sensitivity=1.3),
    Product(
        "fashion", 0.3, "profit", basket=1.4, cost=0.9, fit={"own": 0.3, "shop": -0.2}, return_factor=1.5
    ),
    Product("collector", 0.05, "image", basket=3.0, margin=0.7, promoted=False, price_sensitivity=0.5),
    Product("festival", 0.15, "event", channels=("site", "feed"), dealers=False),
)


def assorted(**changes: Any) -> Setup:
    """Return the eventful market with product groups, moving prices, price gaps and dealers in the store."""
    declared: dict[str, Any] = {
        "products": PRODUCTS,
        "pricing": Pricing(dynamic=True, consistency=0.4),
        "dealers": Dealers(0.6, 0.0, "shop"),
    }
    return eventful(**declared | changes)


OPERATIONS: dict[str, Any] = {
    "stock": StockPolicy(days=60.0, lead_days=10.0, abc=True, shared=True, aim=40.0, start=20, ripen=20),
    "order_desk": OrderDesk(36.0),
    "service_desk": ServiceDesk(0.6, around_the_clock=True, start=10),
    "booking": Booking(0.6, 0.9, start=15),
    "returns": ReturnTerms(free=True, days=30, everywhere=True, start=5),
    "delivery": Delivery(speed=1.3, pick_up=True),
    "packaging": Packaging(green=True, shareable=True),
    "site_load": SiteLoad(1.5),
}


RELATIONS = Relations(
    coupons=Coupons(online_to_store=0.15, store_to_online=0.2, within_channel=0.1, days=12),
    loyalty=Loyalty(0.05, shared=True, tiers=3, rewards=(8.0, 4.0), referral_reward=6.0),
    crm=Crm(rfm=True, personas=9, triggers=("first_order", "birthday", "lapsing"), community=True),
    network=Network(neighbours=4, rewired=0.3),
    starts={"shared_points": 10, "tiers": 5, "rfm": 9, "lapsing": 12, "referral_reward": 20},
)


def related(customers: int = 300, days: int = 60, burn_in: int = 20, **changes: Any) -> Setup:
    """Return the eventful market with every relation that a retailer can have with its customers."""
    keen = {"recognised": 0.6, "pull.referral": 1.5, "pull.private_domain": 0.4, "code_visits": 0.4}
    keen |= {"points_threshold": 2.0, "tier_months": 2.0, "tier_cost": 0.03, "lapse_gaps": 1.5}
    keen |= changes.pop("parameters", {})
    return eventful(customers, days, burn_in, **{"relations": RELATIONS, "parameters": keen} | changes)


ON_PAGES = (
    Effect("speed", "page_time", 0.6, start=5, ripen=10),
    Effect("finder", "search_success.site", 1.2, start=8),
    Effect("details", "page_worth", 1.2, start=12),
)


def browsed(customers: int = 300, days: int = 60, burn_in: int = 20, **changes: Any) -> Setup:
    """Return the related market with visits followed over the pages, page tests and a trial."""
    declared: dict[str, Any] = {
        "funnel": FunnelSteps(),
        "page_tests": PageTests(8.0, start=3),
        "trial": Trial(Treatment(0.4, 0.7, 1.2, 0.1), "customers", start=10, days=20, reads=(10,)),
        "effects": (*EFFECTS, *ON_PAGES),
    }
    tested = {"page_test_level": 0.4, "page_test_spread": 0.3, "search_use": 0.6, "search_success.own": 0.6}
    tested |= changes.pop("parameters", {})
    return related(customers, days, burn_in, **declared | {"parameters": tested} | changes)


def eventful(customers: int = 300, days: int = 60, burn_in: int = 0, **changes: Any) -> Setup:
    """Return a market where everything happens: discounts, media, investment, shocks, initiatives."""
    day = np.arange(days)
    drivers = Drivers.constant(days, len(CHANNELS), len(MEDIA), invest=400.0)
    drivers.spend[:] = np.array([20.0, 10.0, 5.0, 30.0]) * (1.0 + 0.5 * np.sin(day / 9.0))[:, None]
    drivers.discount[15:22] = 0.2
    drivers.discount[45:50, 1] = 0.35
    drivers.price[30:, 0] = 1.05
    drivers.demand[:] = 1.0 + 0.2 * np.sin(day / 7.0)
    drivers.private[20:] = 1.5
    drivers.costs[:] = 12.5
    lively = {
        "need_rate": 0.3,
        "appeal.shop": 0.0,
        "appeal.own": -0.5,
        "appeal.social": -0.8,
        "dropout": 0.3,
        "renewal": 0.3,
        "pull.referral": 0.5,
        "capability_cost.site": 4e3,
        "capability_cost.service": 4e3,
        "ripening_days": 30.0,
    }
    given: dict[str, Any] = {
        "start": datetime.date(2027, 1, 20),
        "days": days,
        "channels": CHANNELS,
        "drivers": drivers,
        "media": MEDIA,
        "customers": customers,
        "weight": 3.0,
        "parameters": lively | changes.pop("parameters", {}),
        "shocks": SHOCKS,
        "effects": EFFECTS,
        "burn_in": burn_in,
    }
    return Setup(**given | changes)


def contested(customers: int = 300, days: int = 60, burn_in: int = 0, **changes: Any) -> Setup:
    """Return the eventful market with all that draws people, and rivals known by name."""
    drawing: dict[str, Any] = {
        "auction": Auction({"paid_search": "cpc", "live": "cpa", "kol": "cpc"}, 3.0),
        "content": ContentWork(6.0),
        "reviews": Reviews(),
        "brand": Brand(0.4),
        "presales": (Presale("spring", 15, 6, 0.1), Presale("summer", 45, 5, 0.2)),
        "rivals": (
            RivalPlan("street", "store", ("follow",), 0.3),
            RivalPlan("fighter", "online", ("follow", "war", "copy"), 0.4),
            RivalPlan("streamer", "live", ("copy",), 0.3, enters=20),
        ),
    }
    return eventful(customers, days, burn_in, **drawing | changes)


def simple(customers: int, days: int, kinds: str = "store", parameters: Any = None, **levels: Any) -> Setup:
    """Return channels of ``kinds`` (named a, b, c ...) under constant drivers, with nothing in the way.

    Every step of the funnel succeeds, nothing is out of stock or returned, nobody forms habits, and prices
    count by their bare weight.
    """
    names = kinds.split()
    channels = tuple(Channel(chr(ord("a") + c), kind) for c, kind in enumerate(names))  # type: ignore[arg-type]
    smooth = {"bounce": 0.0, "registration": 1.0, "payment": 1.0, "stockout": 0.0, "return_rate": 0.0}
    smooth |= {"mobile_completion": 1.0, "desktop_completion": 1.0, "price_response": 1.0}
    given = {f"{step}.{channel.name}": value for step, value in smooth.items() for channel in channels}
    given |= {"habit_weight": 0.0, "habit_pull": 0.0, "satisfaction_weight": 0.0, "renewal": 0.0}
    setup = {key: levels.pop(key) for key in ("entry", "burn_in", "shocks") if key in levels}
    return Setup(
        start=datetime.date(2027, 1, 1),
        days=days,
        channels=channels,
        drivers=Drivers.constant(days, len(channels), **levels),
        customers=customers,
        parameters=given | (parameters or {}),
        **setup,
    )
