"""From a plan to what draws people: bids, creatives, content, reviews, brand, presales and named rivals."""

from __future__ import annotations

from collections.abc import Sequence

from scenarios.calendar import first_days, presale_depth
from scenarios.features import begins
from scenarios.plan.business import Rival
from scenarios.plan.model import Plan
from sim.engine.randomness import stream_key, uniform
from sim.retailer.auction import Auction
from sim.retailer.brand import Brand
from sim.retailer.content import ContentWork
from sim.retailer.presale import Presale
from sim.retailer.reviews import Reviews
from sim.setup import Medium
from sim.world.rivals import RivalPlan

YEAR = 365


def auction_of(plan: Plan, media: Sequence[Medium]) -> Auction | None:
    """Return how media bid: as the budget says, and per click where only creatives are tested."""
    tests = plan.policies.testing.creatives_per_week
    clicks = {medium.name for medium in media if medium.action == "click"}
    bidding = {str(name): str(bid) for name, bid in plan.budget.bidding.items() if name in clicks}
    if not bidding and tests is not None:
        bidding = dict.fromkeys(sorted(clicks), "cpc")
    return Auction(bidding, tests, begins(plan, "creative_tests") or 0) if bidding else None


def content_of(plan: Plan) -> ContentWork | None:
    """Return the themes of content that are published beyond today's work."""
    themes = plan.policies.content.themes_per_month
    return ContentWork(themes, begins(plan, "content_themes") or 0) if themes > 0 else None


def reviews_of(plan: Plan) -> Reviews | None:
    """Return public reviews where they act."""
    return Reviews(plan.market.negative_reviews) if plan.market.reviews else None


def brand_of(plan: Plan) -> Brand | None:
    """Return the brand as it stands."""
    today = plan.market.brand
    return None if today is None else Brand(today.awareness, today.trust)


def presales_of(plan: Plan) -> tuple[Presale, ...]:
    """Return the presale ahead of every event that has one, within the plan."""
    presale = plan.policies.promotion.presale
    if presale is None:
        return ()
    return tuple(
        Presale(event.name, first, presale.days, presale.depth)
        for event in plan.policies.promotion.calendar
        for first in first_days(event, plan)
        if 0 < first < plan.days and presale_depth(plan, event, first) > 0.0
    )


def rivals_of(plan: Plan, seed: int) -> tuple[RivalPlan, ...]:
    """Return the named rivals that are there, or will open within the plan under ``seed``.

    A rival with a yearly chance opens at most once, on a day chosen by luck; scenarios share it.
    """
    found = []
    for rival in plan.market.rivals:
        there, day = _entry(plan, rival, seed)
        if there:
            found.append(RivalPlan(rival.name, rival.kind, rival.behaviour, rival.strength, day))
    return tuple(found)


def _entry(plan: Plan, rival: Rival, seed: int) -> tuple[bool, int | None]:
    """Return whether a rival is there at all, and the day it opens."""
    if rival.entry_month is not None:
        return True, (plan.first_day(rival.entry_month) - plan.start).days
    if rival.entry_chance is None:
        return True, None
    for year in range((plan.days + YEAR - 1) // YEAR):
        key = stream_key(seed, f"rival {rival.name}", year)
        day = year * YEAR + int(uniform(key, 1) * YEAR)
        if uniform(key, 0) < rival.entry_chance and day < plan.days:
            return True, day
    return False, None
