"""Small markets with everything that a market can hold switched on at once."""

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
from sim.retailer.governance import ChannelReview, ReserveRelease
from sim.retailer.money import BudgetLine, Finance
from sim.retailer.page_tests import PageTests
from sim.retailer.policies import BudgetControl, Reallocation
from sim.retailer.presale import Presale
from sim.retailer.pricing import Pricing
from sim.retailer.products import Product
from sim.retailer.programme import Gate, Luck, Organisation, Programme, Stage, Undertaking, assembled
from sim.retailer.reviews import Reviews
from sim.retailer.service import ServiceDesk
from sim.retailer.site import SiteLoad
from sim.retailer.stock import StockPolicy
from sim.retailer.terms import Delivery, Packaging, ReturnTerms
from sim.retailer.trials import Treatment, Trial
from sim.setup import Channel, Drivers, Effect, Medium, Setup, Shock
from sim.world.holidays import holiday
from sim.world.rivals import RivalPlan
from tests.sim.markets import CHANNELS, EFFECTS, MEDIA, ON_PAGES, RELATIONS, SHOCKS, browsed

START = datetime.date(2027, 1, 20)
DAYS = 80  # to 9 April: three month ends and the end of a quarter
SOLD = (*MEDIA, Medium("feeds", "click", "feed_ads", reference=8.0))
MALL = Channel("mall", "marketplace", commission=0.05, cost_per_order=7.0)
PRODUCTS = (
    Product("basic", 0.5, "traffic", "basic", price=0.9, basket=0.7, cost=1.1, price_sensitivity=1.3),
    Product(
        "fashion", 0.3, "profit", "fashion", basket=1.4, fit={"own": 0.3, "shop": -0.2}, return_factor=1.5
    ),
    Product("collector", 0.05, "image", margin=0.7, promoted=False, price_sensitivity=0.5),
    Product("festival", 0.15, "event", channels=("site", "feed", "mall"), dealers=False),
)
RISKS = (
    *SHOCKS,
    Shock("attack", "technology", 50, 4, "access", 0.4, "site", 900.0, recovery=6, answered=2, answer=0.5),
)
GATES = (Gate("conversion", 0.05), Gate("return_rate", 0.9, at_least=False))
PASSED = (Stage("build", 0, GATES, wait=20), Stage("grow", 25))
WAITED = (Stage("build", 0, (Gate("conversion", 99.0), *GATES), wait=20), Stage("grow", 25))
DONE = (
    Undertaking(
        *("till", 4, 20, 30, (200.0, 0.0, 100.0, 0.0, 0.0)),
        levers=(("service", (1, 2), 1.1), ("organic", (), 1.2)),
        effects=(Effect("till", "bounce.site", 0.9, 4, 20),),
        stage=0,
        staged=True,
        luck=Luck(0.05, 0.4, 0.9),
    ),
    Undertaking(*("opening", 8, 10, 10), opens=((3, 0.8),)),
    Undertaking(
        *("carrier", 28, 15, 20),
        extra=True,
        cost=900.0,
        daily_cost=4.0,
        levers=(("delivery_days", (), 0.7),),
        effects=(Effect("carrier", "delay_weight", 0.8, 28, 15),),
        stage=1,
        prepared_by=("opening",),
    ),
    Undertaking(
        *("dud", 20, 30, 40, (0.0, 50.0, 0.0, 0.0, 50.0)),
        effects=(Effect("dud", "appeal.site", 3.0, 20, 30),),
        luck=Luck(0.0, 0.0, 0.0),
    ),
)


def base_drivers() -> Drivers:
    """Return drivers without the programme: seasons, a holiday, promotions, a channel not open yet."""
    day = np.arange(DAYS)
    drivers = Drivers.constant(DAYS, 4, len(SOLD), invest=400.0)
    drivers.spend[:] = np.array([20.0, 10.0, 5.0, 30.0, 8.0]) * (1.0 + 0.5 * np.sin(day / 9.0))[:, None]
    drivers.discount[15:22] = 0.2
    drivers.discount[45:50, 1] = 0.35
    drivers.price[30:, 0] = 1.05
    feast = (holiday("lunar_new_year", START.year) - START).days
    drivers.demand[:] = 1.0 + 0.2 * np.sin(day / 7.0) + 0.5 * (np.abs(day - feast) <= 3)
    drivers.access[:, 3] = 0.0
    drivers.private[20:] = 1.5
    drivers.costs[:] = 12.5
    return drivers


def usual_day() -> Drivers:
    """Return what was customary before: one row."""
    usual = Drivers.constant(1, 4, len(SOLD), invest=300.0, service=0.65, costs=10.0)
    usual.spend[:] = [18.0, 9.0, 5.0, 28.0, 6.0]
    usual.access[:, 3] = 0.0
    return usual


def whole(customers: int = 200, **changes: Any) -> Setup:
    """Return the market with everything: dealers' shops among the channels, an A/B test."""
    base = base_drivers()
    everything: dict[str, Any] = {
        "start": START,
        "channels": (*CHANNELS, MALL),
        "media": SOLD,
        "drivers": assembled(base, DONE),
        "usual": usual_day(),
        "shocks": RISKS,
        "effects": (*EFFECTS, *ON_PAGES),
        "auction": Auction({"paid_search": "cpc", "live": "cpa", "kol": "cpc", "feeds": "ocpm"}, 3.0, 12),
        "content": ContentWork(6.0, 7),
        "reviews": Reviews(0.2),
        "brand": Brand(0.4, 0.5),
        "presales": (Presale("spring", 15, 6, 0.1), Presale("summer", 45, 5, 0.2)),
        "rivals": (
            RivalPlan("street", "store", ("follow",), 0.3),
            RivalPlan("fighter", "online", ("follow", "war", "copy"), 0.4),
            RivalPlan("streamer", "live", ("copy",), 0.3, enters=20),
        ),
        "products": PRODUCTS,
        "pricing": Pricing(True, 0.15, 0.4, consistency=0.4, start=9),
        "dealers": Dealers(0.6, 0.0, "shop"),
        "stock": StockPolicy(
            *(60.0, 0.95, 14.0, 8.0, 0.8, 5.0, 40.0),
            *(True,) * 7,  # every way of keeping stock
            start=20,
            ripen=20,
            starts={"shared": 33, "markdown": 5},
        ),
        "order_desk": OrderDesk(36.0),
        "service_desk": ServiceDesk(0.6, around_the_clock=True, start=10, ripen=40),
        "booking": Booking(0.6, 0.9, 40.0, start=15, ripen=30),
        "returns": ReturnTerms(True, 30, True, start=5, ripen=20, starts={"everywhere": 12}),
        "delivery": Delivery(1.3, pick_up=True, start=6, ripen=15),
        "packaging": Packaging(True, True, start=3, ripen=25, starts={"shareable": 9}),
        "site_load": SiteLoad(1.5, tested=True, start=18, ripen=35),
        "relations": RELATIONS,
        "finance": finance(),
        "programme": Programme(base, DONE, WAITED, window=20),
        "policies": (
            Reallocation(0.3),
            ReserveRelease((9e3,), np.ones(DAYS), below=1.5),
            ChannelReview((1, 2, 3), least=0.9, step=0.2),
            BudgetControl(0.5),
        ),
        "organisation": Organisation(0.15, hazard=True),
        "page_tests": PageTests(8.0, start=3),
        "trial": Trial(
            Treatment(0.4, 0.7, 1.2, 0.1, ("site", "feed")), start=25, days=20, reads=(10,), number=2
        ),
    }
    burn_in = changes.pop("burn_in", 40)
    lively = {"capability_cost.data": 4e3, "overhead": 0.05} | changes.pop("parameters", {})
    return browsed(customers, DAYS, burn_in, **everything | {"parameters": lively} | changes)


def wholesale(customers: int = 200, **changes: Any) -> Setup:
    """Return the market with everything where the parts' other ways are taken, as far as they exclude one."""
    other: dict[str, Any] = {
        "dealers": Dealers(0.3, 0.02, margin=0.25, sales=400.0),
        "programme": Programme(base_drivers(), DONE, PASSED),
        "returns": ReturnTerms(False, 7, False, True, 30, True, start=5),
        "trial": Trial(
            Treatment(0.4, 0.7, 1.2, 0.1), "rollout", 30, 15, 0.3, 10, first=("site",), follow=15, reads=(5,)
        ),
        "policies": (
            Reallocation(0.3, 0.1, 2),
            ReserveRelease((9e3,), np.ones(DAYS), part=0.4, to="service", stage=(11, 40), every=2, window=30),
            ChannelReview((1, 2, 3), least=0.9, step=0.2, close_after=1, every=1),
            BudgetControl(0.9, 2),
        ),
    }
    return whole(customers, **other | changes)


def finance() -> Finance:
    """Return money of every kind: tax, capital, terms of payment, a foreign currency, lines and a deposit."""
    rates = np.ones((DAYS, 4))
    rates[:, 2] += 0.1 * np.sin(np.arange(DAYS) / 11.0)
    lines = (
        BudgetLine("platform", 500.0, "marketing"),
        BudgetLine("licences", 300.0, "technology"),
        BudgetLine("courses", 100.0, "team"),
        BudgetLine("bond", 200.0, "reserve", deposit=True),
    )
    return Finance(0.13, 0.6, 720.0, (0, 2, 7, 14), 30, rates, lines)
