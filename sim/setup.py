"""What a market is made of: channels, media, the daily drivers, shocks and the customers' scale."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.retailer.auction import Auction
    from sim.retailer.booking import Booking
    from sim.retailer.brand import Brand
    from sim.retailer.content import ContentWork
    from sim.retailer.dealers import Dealers
    from sim.retailer.desk import OrderDesk
    from sim.retailer.governance import Rule
    from sim.retailer.money import Finance
    from sim.retailer.page_tests import PageTests
    from sim.retailer.pages import FunnelSteps
    from sim.retailer.presale import Presale
    from sim.retailer.pricing import Pricing
    from sim.retailer.products import Product
    from sim.retailer.programme import Organisation, Programme
    from sim.retailer.relations import Relations
    from sim.retailer.reviews import Reviews
    from sim.retailer.service import ServiceDesk
    from sim.retailer.site import SiteLoad
    from sim.retailer.stock import StockPolicy
    from sim.retailer.terms import Delivery, Packaging, ReturnTerms
    from sim.retailer.trials import Trial
    from sim.world.rivals import RivalPlan

Array = NDArray[np.float64]
Kind = Literal["store", "own", "marketplace", "social"]

KINDS: tuple[Kind, ...] = ("store", "own", "marketplace", "social")
# The first five compete for a customer's own needs; the others stimulate visits beyond them.
SOURCES = (
    "walk_in",
    "direct",
    "organic_search",
    "content",
    "referral",
    "private_domain",
    "paid_search",
    "feed_ads",
    "live",
    "qr_code",
)
NEED_SOURCES = 5
CAPABILITIES = ("site", "data", "automation", "service", "skill")
MAX_CHANNELS = 8
UTILITIES = ("appeal", "look", "intent", "rival_appeal", "fit", "page_worth")
FLAT_DRIVERS = ("demand", "organic", "private", "click_price", "costs")


@dataclass(frozen=True)
class Channel:
    """A place to look and to buy.

    Parameters
    ----------
    name, kind
        ``store`` is visited on foot; ``own`` (site, app), ``marketplace`` and ``social`` online.
    commission
        Share of net sales paid to the platform, 0-1.
    cost_per_order
        Picking, packing, delivery and payment, currency per order.
    gross_margin
        Share of list price kept after cost of goods, 0-1.
    """

    name: str
    kind: Kind
    commission: float = 0.0
    cost_per_order: float = 0.0
    gross_margin: float = 0.4

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"channel {self.name!r}: kind {self.kind!r}; expected one of {KINDS}")

    @property
    def online(self) -> bool:
        """Whether the channel is visited online."""
        return self.kind != "store"


@dataclass(frozen=True)
class Medium:
    """A way to spend on advertising.

    Parameters
    ----------
    name
        E.g. ``paid_search`` or ``tv``.
    action
        ``click`` buys visits of ``source``; ``broadcast`` raises all need-driven visits.
    source
        For ``click`` one of :data:`SOURCES` but walking in; ``None`` for ``broadcast``.
    half_life
        Adstock half-life in days (evidence.md: TV 1.5, print 0.5, digital 0.3 weeks).
    reference
        Spend a day, in currency, around which saturation is measured.
    """

    name: str
    action: Literal["click", "broadcast"]
    source: str | None = None
    half_life: float = 2.1
    reference: float = 1.0

    def __post_init__(self) -> None:
        if self.action == "click" and self.source not in SOURCES[1:]:
            raise ValueError(f"medium {self.name!r}: source {self.source!r}; expected one of {SOURCES[1:]}")
        if self.action not in ("click", "broadcast"):
            raise ValueError(f"medium {self.name!r}: action {self.action!r}; expected click or broadcast")


@dataclass(frozen=True)
class Drivers:
    """What the plan and the world set each day; rows are days of the horizon, D.

    ``price`` [D, C] relative to the reference price 1; ``discount`` [D, C] depth 0-1; ``spend`` [D, M] and
    ``invest`` [D, 5] in currency a day by medium and capability; ``delivery_days`` [D, C]; ``service`` [D, C]
    quality of response 0-1; ``access`` [D, C] share that is open, 0-1; ``demand`` [D] 1 is a normal need;
    ``organic`` and ``private`` [D] 1 is today's effort in search and content, and in customer relations;
    ``click_price`` [D] factor on the price of clicks; ``costs`` [D] other running costs in currency a day.
    """

    price: Array
    discount: Array
    spend: Array
    invest: Array
    delivery_days: Array
    service: Array
    access: Array
    demand: Array
    organic: Array
    private: Array
    click_price: Array
    costs: Array

    @classmethod
    def constant(cls, days: int, channels: int, media: int = 0, **levels: float) -> Drivers:
        """Return drivers that stay at their normal levels, or at ``levels`` by name, on every day."""
        normal = {
            "price": 1.0,
            "discount": 0.0,
            "spend": 0.0,
            "invest": 0.0,
            "delivery_days": 3.0,
            "service": 0.7,
            "access": 1.0,
            "demand": 1.0,
            "organic": 1.0,
            "private": 1.0,
            "click_price": 1.0,
            "costs": 0.0,
        }
        widths = dict.fromkeys(normal, channels) | {"spend": media, "invest": len(CAPABILITIES)}
        made = {}
        for name, level in (normal | levels).items():
            if name not in widths:
                raise ValueError(f"drivers.{name}: no such driver; expected one of {tuple(widths)}")
            flat = name in FLAT_DRIVERS
            made[name] = np.full(days if flat else (days, widths[name]), level, dtype=np.float64)
        return cls(**made)

    def __post_init__(self) -> None:
        for item in fields(self):
            # One layout for all: the compiled loop would be compiled anew for another.
            values = np.require(getattr(self, item.name), np.float64, ["C", "W"])
            object.__setattr__(self, item.name, values)
            if not np.all(np.isfinite(values)) or np.any(values < 0):
                raise ValueError(f"drivers.{item.name}: expected finite numbers >= 0")
            wide = 1 if item.name in FLAT_DRIVERS else 2
            if values.ndim != wide or len(values) != len(self.demand):
                expected = f"{wide} dimensions, {len(self.demand)} days"
                raise ValueError(f"drivers.{item.name}: shape {values.shape}; expected {expected}")
        if np.any(self.discount >= 1):
            raise ValueError("drivers.discount: expected depths below 1")
        if np.any(self.price == 0) or np.any(self.click_price == 0):
            raise ValueError("drivers.price and drivers.click_price: expected numbers > 0")

    def check_columns(self, channels: int, media: int) -> None:
        """Raise ValueError where columns are not the channels, media or capabilities of a market."""
        widths = {"spend": media, "invest": len(CAPABILITIES)}
        for item in fields(self):
            expected = widths.get(item.name, channels)
            if item.name not in FLAT_DRIVERS and getattr(self, item.name).shape[1] != expected:
                raise ValueError(
                    f"drivers.{item.name}: {getattr(self, item.name).shape[1]} columns; expected {expected}"
                )


@dataclass(frozen=True)
class Shock:
    """Something that strikes on a day: ``target`` is multiplied by ``factor`` while it lasts.

    ``target`` is one of ``demand access delivery_days service click_price stockout lateness``; ``channel``
    limits it to one channel where the target belongs to channels; ``loss`` is a once-only cost in currency,
    due on the first day; ``kind`` is the plan's risk kind. After ``days`` it fades in a straight line over
    ``recovery`` days. From day ``answered`` of the strike on an answer takes the share ``answer`` of it away.
    """

    BY_CHANNEL: ClassVar[tuple[str, ...]] = ("access", "delivery_days", "service", "stockout")
    TARGETS: ClassVar[tuple[str, ...]] = ("demand", "click_price", "lateness", *BY_CHANNEL)

    name: str
    kind: str
    start: int
    days: int
    target: str
    factor: float
    channel: str | None = None
    loss: float = 0.0
    recovery: int = 0
    answered: int = 0
    answer: float = 0.0

    def __post_init__(self) -> None:
        if self.recovery < 0 or self.answered < 0 or not 0.0 <= self.answer <= 1.0:
            raise ValueError(f"shock {self.name!r}: expected recovery, answered >= 0 and answer 0-1")
        if self.target not in self.TARGETS:
            raise ValueError(f"shock {self.name!r}: target {self.target!r}; expected one of {self.TARGETS}")
        if self.channel is not None and self.target not in self.BY_CHANNEL:
            raise ValueError(
                f"shock {self.name!r}: {self.target} concerns all channels, not {self.channel!r}"
            )
        if not (np.isfinite(self.factor) and self.factor >= 0):
            raise ValueError(f"shock {self.name!r}: factor {self.factor}; expected a number >= 0")
        if self.target == "click_price" and self.factor == 0:
            raise ValueError(f"shock {self.name!r}: a click cannot be free; expected a factor > 0")
        if self.days < 0 or not (np.isfinite(self.loss) and self.loss >= 0):
            raise ValueError(f"shock {self.name!r}: expected days and loss >= 0")

    def strength(self, day: int) -> float:
        """Return the factor of ``day``: 1 before it starts and once it has faded."""
        since = day - self.start
        if not 0 <= since < self.days + self.recovery:
            return 1.0
        left = 1.0 if since < self.days else 1.0 - (since - self.days + 1) / (self.recovery + 1)
        if self.answer > 0.0 and since >= self.answered:
            left *= 1.0 - self.answer
        return self.factor if left == 1.0 else 1.0 + (self.factor - 1.0) * left


@dataclass(frozen=True)
class Effect:
    """A lasting change of a rule's parameter: multiplied by ``factor`` along an S-curve from ``start``.

    Utilities (``appeal look intent rival_appeal fit page_worth``) take the factor on their odds, that is its
    logarithm is added; shares stay below 1. ``target`` is a parameter, or a family with a member
    (``pull.content``, ``bounce.own_shop``, ``fit.fashion`` of a product group) or a bare family for all
    members; ``ripen`` is the length of the S-curve in days.
    """

    name: str
    target: str
    factor: float
    start: int = 0
    ripen: int = 0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.factor) and self.factor >= 0):
            raise ValueError(f"effect {self.name!r}: factor {self.factor}; expected a number >= 0")
        if self.factor == 0 and self.target.split(".")[0] in UTILITIES:
            raise ValueError(f"effect {self.name!r}: {self.target} takes a factor > 0 on its odds")

    def ripeness(self, day: int) -> float:
        """Return how much of the effect is there on ``day``: a smoothstep from 0 to 1."""
        if day < self.start:
            return 0.0
        if self.ripen <= 0 or day >= self.start + self.ripen:
            return 1.0
        x = (day - self.start) / self.ripen
        return x * x * (3.0 - 2.0 * x)


@dataclass(frozen=True)
class Setup:
    """Everything a market needs before its first day.

    Parameters
    ----------
    start, days
        First day and length of the horizon in days.
    channels, media
        At most 8 channels, of which at least one.
    customers, weight
        Number of agents, and real customers that each stands for.
    shocks, effects
        What strikes on dated days; what lastingly changes a parameter.
    parameters
        Values by name (:data:`sim.parameters.PARAMETERS`); what is absent takes its default.
    drivers
        Daily arrays of the horizon.
    burn_in, usual
        Days lived before ``start`` so that customers have a past, with the one row of ``usual``: what was
        customary before. Unless given it is the first row of ``drivers``, with the first year's mean demand.
        Investment builds capability only where it exceeds the usual, which keeps up what is there.
    entry
        Day of each agent's first order, for cohorts known from history: nobody else shops, no one is
        replaced, and an agent whose day lies outside the run never enters.
    auction, content, reviews, brand, presales
        What draws people beside prices and money (:mod:`sim.retailer.traffic`); nothing unless declared.
    rivals
        Rivals known by name (:mod:`sim.world.rivals`), beside the one that nobody names.
    products
        Product groups (:class:`sim.retailer.products.Product`); without any there is one that is everything.
    pricing
        Prices that move by themselves, and customers who see price gaps between channels; ``None``: neither.
    dealers
        Dealers beside the own channels; ``None``: there are none.
    stock
        How stock is kept; without it a share ``stockout`` of orders does not find any.
    order_desk
        How online orders are handled; without it capacity follows the load.
    service_desk
        How questions are answered; without it buyers meet the quality that ``drivers.service`` promises.
    booking, returns, delivery, packaging
        Booking of in-store experiences; terms of sale. Without them all is as it was customary.
    site_load
        What the own site bears; without it the site is up however many come.
    relations
        Coupons, points, care for known customers, word of mouth on a network; none unless given.
    finance
        How money is booked and when it flows; ``None``: everything is cost, paid at once.
    programme, policies
        What is undertaken and may come late; rules that act at month ends. Without them ``drivers`` and
        ``effects`` are carried out as they stand; with a programme ``drivers`` say how it was planned.
    organisation
        Who carries it out: how many are trained, and whether undertakings may run into trouble.
    funnel, page_tests
        Whether visits are followed over search, detail pages and favourites, and speed acts; A/B tests of
        pages in the simulated firm. Neither unless given.
    trial
        An experiment on some of the customers; none unless given.
    """

    start: datetime.date
    days: int
    channels: tuple[Channel, ...]
    drivers: Drivers
    media: tuple[Medium, ...] = ()
    customers: int = 5_000
    weight: float = 1.0
    parameters: Mapping[str, float] = field(default_factory=dict)
    shocks: tuple[Shock, ...] = ()
    effects: tuple[Effect, ...] = ()
    burn_in: int = 0
    usual: Drivers | None = None
    entry: NDArray[np.int64] | None = None
    auction: Auction | None = None
    content: ContentWork | None = None
    reviews: Reviews | None = None
    brand: Brand | None = None
    presales: tuple[Presale, ...] = ()
    rivals: tuple[RivalPlan, ...] = ()
    products: tuple[Product, ...] = ()
    pricing: Pricing | None = None
    dealers: Dealers | None = None
    stock: StockPolicy | None = None
    order_desk: OrderDesk | None = None
    service_desk: ServiceDesk | None = None
    booking: Booking | None = None
    returns: ReturnTerms | None = None
    delivery: Delivery | None = None
    packaging: Packaging | None = None
    site_load: SiteLoad | None = None
    relations: Relations | None = None
    finance: Finance | None = None
    programme: Programme | None = None
    policies: tuple[Rule, ...] = ()
    organisation: Organisation | None = None
    funnel: FunnelSteps | None = None
    page_tests: PageTests | None = None
    trial: Trial | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.channels) <= MAX_CHANNELS:
            raise ValueError(f"channels: expected 1 to {MAX_CHANNELS}, got {len(self.channels)}")
        if self.days < 1 or self.customers < 1 or self.burn_in < 0 or self.weight <= 0:
            raise ValueError("days, customers and weight must be positive, burn_in not negative")
        if not np.isfinite(self.weight):
            raise ValueError(f"weight: {self.weight}; expected a finite number")
        names = [channel.name for channel in self.channels]
        if len(set(names)) < len(names):
            raise ValueError(f"channels: names are not unique in {names}")
        if len(self.drivers.demand) < self.days:
            raise ValueError(f"drivers hold {len(self.drivers.demand)} days, the horizon has {self.days}")
        for drivers in (self.drivers, self.usual):
            if drivers is not None:
                drivers.check_columns(len(self.channels), len(self.media))
        if self.entry is not None and len(self.entry) != self.customers:
            raise ValueError(f"entry: expected {self.customers} days, one a customer")
        if self.auction is not None:
            self.auction.check(self.media)
        named = [rival.name for rival in self.rivals]
        if len(set(named)) < len(named):
            raise ValueError(f"rivals: names are not unique in {named}")
        if self.products:
            from sim.retailer.products import check_products

            check_products(self.products, self.channels)
        if self.dealers is not None:
            self.dealers.check(self.channels, self.burn_in)
        if self.finance is not None:
            self.finance.check_shape(self.days, len(self.channels))
        if self.trial is not None:
            self.trial.check(self.channels, self.days, self.burn_in)

    def customary(self) -> Drivers:
        """Return the one row of drivers that was customary before the horizon."""
        if self.usual is not None:
            return self.usual
        first = {item.name: getattr(self.drivers, item.name)[:1] for item in fields(self.drivers)}
        return Drivers(**first | {"demand": self.drivers.demand[:365].mean(keepdims=True)})

    def with_parameters(self, values: Mapping[str, float]) -> Setup:
        """Return the same setup with some parameter values replaced."""
        return replace(self, parameters={**self.parameters, **values})
