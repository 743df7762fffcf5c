"""From a plan to the days a market lives through: what is charged, spent, invested and promised each day."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from scenarios.calendar import first_days, presale_depth, wave
from scenarios.claims import strength
from scenarios.facts import stated
from scenarios.features import standing
from scenarios.finance import fees, finance_of, reserves_left
from scenarios.goods import dealers_of, pricing_of, products_of
from scenarios.hazards import Funding, shocks_of
from scenarios.joining import behaviour, factors, size_of
from scenarios.operations import operations_of
from scenarios.pages import pages_of
from scenarios.plan.fields import add_months
from scenarios.plan.model import Plan
from scenarios.plan.money import Year
from scenarios.plan.vocabulary import MEDIA
from scenarios.programme import organisation_of, prices_of, programme_of, undertakings_of
from scenarios.relations import relations_of
from scenarios.rules import rules_of
from scenarios.traffic import auction_of, brand_of, content_of, presales_of, reviews_of, rivals_of
from sim.engine.randomness import stream_key, uniform
from sim.retailer.programme import assembled
from sim.setup import CAPABILITIES, Channel, Drivers, Medium, Setup

Array = NDArray[np.float64]
BURN_IN = 365
YEAR = 365.0
DELIVERY, RESPONSE = 3.0, 0.7  # where neither the policy nor the starting point says
# Adstock half-lives in days (evidence.md: TV 1.5, outdoor, print and radio 0.5, digital 0.3 weeks).
HALF_LIFE = {"tv": 10.5, "radio": 3.5, "print": 3.5, "outdoor": 3.5, "direct_mail": 3.5}
DIGITAL_HALF_LIFE = 2.1
NEW_MEDIUM = 0.1  # reference spend of a medium not used today, as a share of today's marketing
# A triangular law's ends over its 5th and 95th percentiles, from the mode; the least rate is RUIN.
BEYOND, RUIN = 1.0 / (1.0 - math.sqrt(0.1)), -0.9


def setup_for(plan: Plan, draw: Mapping[str, float], seed: int, customers: int | None = None) -> Setup:
    """Return the market that lives through a scenario's plan.

    Parameters
    ----------
    plan
        The plan under a scenario (:func:`scenarios.plan.scenario_plan`).
    draw
        Parameter values by name; what is absent takes its default.
    seed
        Luck of the exogenous growth rates and of the risks; scenarios that share it share both.
    customers
        Number of agents; the plan's own unless given.
    """
    plan = standing(plan)
    agents = customers or plan.market.customers
    channels = channels_of(plan)
    media = media_of(plan)
    actions = {name: strength(plan, name, seed) for name in plan.acting()}
    funding = Funding.of(plan)
    base = _drivers(plan, channels, media, funding, draw, seed)
    undertakings = undertakings_of(plan, actions, channels, seed)
    programme = programme_of(plan, base, undertakings)
    lasting = tuple(effect for one in undertakings for effect in one.effects)
    return Setup(
        start=plan.start,
        days=plan.days,
        channels=channels,
        media=media,
        customers=agents,
        weight=plan.market.population * size_of(draw) / agents,
        parameters=stated(plan, draw) | behaviour(draw) | prices_of(plan, draw),
        drivers=assembled(base, undertakings),
        shocks=shocks_of(plan, funding, seed),
        effects=lasting if programme is None else (),
        burn_in=BURN_IN,
        usual=_customary(plan, channels, media, draw),
        auction=auction_of(plan, media),
        content=content_of(plan),
        reviews=reviews_of(plan),
        brand=brand_of(plan),
        presales=presales_of(plan),
        rivals=rivals_of(plan, seed),
        products=products_of(plan, channels, draw),
        pricing=pricing_of(plan),
        dealers=dealers_of(plan),
        **operations_of(plan),
        relations=relations_of(plan),
        finance=finance_of(plan, channels, seed),
        programme=programme,
        policies=rules_of(plan, channels, season(plan), reserves_left(plan, funding.daily_cost * YEAR)),
        organisation=organisation_of(plan),
        **pages_of(plan),
    )


def channels_of(plan: Plan) -> tuple[Channel, ...]:
    """Return the plan's open channels as the market's."""
    return tuple(
        Channel(name, c.kind, c.commission, c.cost_per_order, c.gross_margin)
        for name, c in plan.open_channels().items()
    )


def media_of(plan: Plan) -> tuple[Medium, ...]:
    """Return every medium that the plan spends on in any year, or today.

    Saturation is measured around today's spend, whatever a scenario spends instead.
    """
    today = plan.budget.spending_today()
    years = [plan.budget.year(number) for number in range(1, plan.months // 12 + 2)]
    names = sorted({name for year in (today, *years) for name in (year.media or {})})
    marketing = _purpose(today, "marketing") or 0.25 * _purpose(plan.budget.year(1), "marketing")
    reference = {
        name: max((today.media or {}).get(name, 0.0), NEW_MEDIUM) * marketing / YEAR for name in names
    }
    return tuple(
        Medium(
            name,
            MEDIA[name].action,
            MEDIA[name].source,
            HALF_LIFE.get(name, DIGITAL_HALF_LIFE),
            reference[name],
        )
        for name in names
    )


def _drivers(
    plan: Plan,
    channels: tuple[Channel, ...],
    media: tuple[Medium, ...],
    funding: Funding,
    draw: Mapping[str, float],
    seed: int,
) -> Drivers:
    """Return the drivers of the plan without its initiatives."""
    days = plan.days
    made = {item: np.array(values) for item, values in _policies(plan, channels).items()}
    years = np.arange(days) / YEAR
    joined = factors(plan, draw)  # then the history's outlook says how needs grow, not the plan
    growth = np.exp(years * math.log1p(_rate(plan.market.growth, seed, "growth")))
    made["demand"] = season(plan) * (growth if joined is None else joined)
    clicks = _rate(plan.market.click_price_growth, seed, "click price")
    made["click_price"] = np.exp(years * math.log1p(clicks)) / size_of(draw)
    made["spend"], made["invest"] = np.zeros((days, len(media))), np.zeros((days, len(CAPABILITIES)))
    made["costs"] = np.full(days, funding.daily_cost)
    for first, last, year in _years(plan):
        made["spend"][first:last] = _spend(year, media) / (last - first)
        made["invest"][first:last] = _invest(plan, year) / (last - first)
    made["costs"] += fees(plan)
    return Drivers(**made)


def _customary(
    plan: Plan, channels: tuple[Channel, ...], media: tuple[Medium, ...], draw: Mapping[str, float]
) -> Drivers:
    """Return what was customary before the plan: today's spending, starting service, usual prices.

    Today's money buys so many times the clicks as a joined population is larger than the plan's, or paid
    visits would no longer be the share of all that the plan states and the fit was held to.
    """
    today = plan.budget.spending_today()
    usual = Drivers.constant(
        1, len(channels), len(media), delivery_days=_start(plan, "delivery_days", DELIVERY)
    )
    usual.service[:] = _start(plan, "response_rate", RESPONSE)
    usual.spend[:] = _spend(today, media) / YEAR
    usual.click_price[:] = 1.0 / size_of(draw)
    usual.invest[:] = _invest(plan, today) / YEAR
    opened = plan.opened_by_initiatives()
    opens = [
        name not in opened and (c.opens is None or c.opens <= plan.start)
        for name, c in plan.open_channels().items()
    ]
    usual.access[:] = np.array(opens, float) * [c.reach for c in plan.open_channels().values()]
    return usual


def _policies(plan: Plan, channels: tuple[Channel, ...]) -> dict[str, Array]:
    days, count = plan.days, len(channels)
    pricing, service = plan.policies.pricing, plan.policies.service
    online = np.array([channel.online for channel in channels])
    gap = pricing.online_gap if pricing.policy != "online_only" else 0.0  # then of some products: goods.py
    price = pricing.level * np.where(online, 1.0 + gap, 1.0)
    delivery = service.delivery_days or _start(plan, "delivery_days", DELIVERY)
    response = service.response if service.response is not None else _start(plan, "response_rate", RESPONSE)
    access = np.ones((days, count))
    opened = plan.opened_by_initiatives()
    for c, (name, channel) in enumerate(plan.open_channels().items()):
        if name in opened:
            access[:, c] = 0.0  # until its initiative opens it
        elif channel.opens is not None and channel.opens > plan.start:
            access[: (channel.opens - plan.start).days, c] = 0.0
        access[:, c] *= channel.reach
    return {
        "price": np.tile(price, (days, 1)),
        "discount": discounts(plan, channels),
        "delivery_days": np.full((days, count), float(delivery)),
        "service": np.full((days, count), float(response)),
        "access": access,
        "organic": np.full(days, plan.policies.content.effort),
        "private": np.full(days, plan.policies.crm.effort),
    }


def discounts(plan: Plan, channels: tuple[Channel, ...]) -> Array:
    """Return promotion depth [D, C]: the usual depth on promoted days, deeper in dated events."""
    promotion = plan.policies.promotion
    dates = np.datetime64(plan.start, "D") + np.arange(plan.days)
    day_of_month = (dates - dates.astype("datetime64[M]")).astype(int) + 1
    usual = np.where(day_of_month <= promotion.days_per_month, promotion.depth, 0.0)
    depth = np.repeat(usual[:, None], len(channels), axis=1)
    for event in promotion.calendar:
        where = [
            c for c, channel in enumerate(channels) if not event.channels or channel.name in event.channels
        ]
        for first in first_days(event, plan):
            rows = slice(max(first, 0), max(first + event.days, 0))
            ahead = presale_depth(plan, event, first) if 0 < first < plan.days else 0.0
            for c in where:
                depth[rows, c] = np.maximum(depth[rows, c], event.depth)
                if ahead > 0.0 and channels[c].online:
                    depth[first, c] = max(depth[first, c], ahead)
    return depth


def season(plan: Plan) -> Array:
    """Return the wave of needs around 1 [D]: the season, highest in mid peak month, holidays and weekdays."""
    yearly = plan.market.season
    dates = np.datetime64(plan.start, "D") + np.arange(plan.days)
    into = (dates - dates.astype("datetime64[Y]")).astype(float) / YEAR
    peak = (yearly.peak_month - 0.5) / 12.0
    return np.asarray((1.0 + yearly.amplitude * np.cos(2.0 * np.pi * (into - peak))) * wave(plan))


def _rate(growth: object, seed: int, what: str) -> float:
    """Draw a yearly growth rate: a triangular law with a tenth of its draws beyond low and high."""
    low, mode, high = (float(getattr(growth, end)) for end in ("low", "central", "high"))
    if high <= low:
        return mode
    low, high = max(mode - BEYOND * (mode - low), RUIN), mode + BEYOND * (high - mode)
    u, split = uniform(stream_key(seed, f"rate {what}"), 0), (mode - low) / (high - low)
    if u < split:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


def _years(plan: Plan) -> list[tuple[int, int, Year]]:
    """Return (first day, day after the last, money) of each plan year."""
    found = []
    for number in range(1, (plan.months + 11) // 12 + 1):
        first = (add_months(plan.start, 12 * (number - 1)) - plan.start).days
        last = (add_months(plan.start, 12 * number) - plan.start).days
        found.append((first, last, plan.budget.year(number)))
    return found


def _purpose(year: Year, name: str) -> float:
    """Return a year's money for one purpose of the split, currency."""
    return year.total * float(getattr(year.split, name))


def _spend(year: Year, media: tuple[Medium, ...]) -> Array:
    """Return a year's spend by medium [M], currency."""
    shares: Mapping[str, float] = {str(name): share for name, share in (year.media or {}).items()}
    return _purpose(year, "marketing") * np.array([shares.get(medium.name, 0.0) for medium in media])


def _invest(plan: Plan, year: Year) -> Array:
    """Return a year's investment by capability [5], currency."""
    technology, team = plan.budget.technology, plan.budget.team
    tech, staff = _purpose(year, "technology"), _purpose(year, "team")
    amounts = {name: tech * getattr(technology, name) for name in ("site", "data", "automation")}
    amounts |= {name: staff * getattr(team, name) for name in ("service", "skill")}
    return np.array([amounts[name] for name in CAPABILITIES])


def _start(plan: Plan, kpi: str, otherwise: float) -> float:
    stated = plan.baseline(kpi)
    return otherwise if stated is None else stated
