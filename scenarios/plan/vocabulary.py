"""The words a plan may use: indicators, media, and what initiatives and risks may act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

_KEYS = """
    visits page_views traffic_cost organic_share paid_share private_domain_share new_visitor_share
    bounce_rate conversion mobile_conversion add_to_cart_rate favourite_rate registration_rate
    payment_success orders basket gross_sales net_sales online_share discount_rate return_rate
    gross_margin contribution operating_profit operating_margin active_customers new_customers members
    repurchase_365 new_customer_repurchase_90 retention churn ltv value_per_user satisfaction nps
    complaint_rate referral_share multichannel_share awareness sentiment cac cpc roas paid_roi acos
    incremental_roas synergy content_interaction order_hours delivery_days on_time_rate response_rate
    booking_response stockout_rate supplier_on_time inventory_days repetitive_hours
    labour_hours_per_order service_cost operating_cost_ratio skill_share project_delay programme_roi
    payback_months budget_variance carbon packing_waste scorecard_balanced scorecard_five risk_loss
    recovery_days cash_flow capital_spend operating_spend npv maturity platform_share
    search_conversion
"""
INDICATOR_KEYS: tuple[str, ...] = tuple(_KEYS.split())
ALIASES = {"repurchase": "repurchase_365", "new_customer_repurchase": "new_customer_repurchase_90"}
ODDS = ("odds_all", "odds_growth", "odds_efficiency")


class MediumKind(NamedTuple):
    """How money on a medium brings visits: it buys clicks of a source, or raises every need's visits."""

    action: Literal["click", "broadcast"]
    source: str | None


MEDIA: Mapping[str, MediumKind] = {
    "paid_search": MediumKind("click", "paid_search"),
    "feed_ads": MediumKind("click", "feed_ads"),
    "live": MediumKind("click", "live"),
    "content": MediumKind("click", "content"),
    "kol": MediumKind("click", "content"),
    "tv": MediumKind("broadcast", None),
    "radio": MediumKind("broadcast", None),
    "print": MediumKind("broadcast", None),
    "outdoor": MediumKind("broadcast", None),
    "direct_mail": MediumKind("broadcast", None),
}
MediumName = Literal[
    "paid_search", "feed_ads", "live", "content", "kol", "tv", "radio", "print", "outdoor", "direct_mail"
]
Bid = Literal["cpc", "cpa", "ocpm"]
HolidayName = Literal[
    "lunar_new_year", "mid_autumn", "womens_day", "labour_day", "mid_year", "national_day", "double_eleven",
    "double_twelve", "christmas",
]  # fmt: skip
CapabilityName = Literal["site", "data", "automation", "service", "skill"]

# What initiatives may act on by a factor. The first group takes a channel (`service.own_shop`), the last a
# visit source (`pull.content`); without a name after the dot all are meant. Beside these stand the parameters
# of the market's rules that may change during a run.
CHANNEL_LEVERS = (
    *("price", "delivery_days", "service", "access", "stockout", "appeal"),
    *("bounce", "registration", "mobile_completion", "desktop_completion", "payment"),
    *("look", "order_size", "returns", "page_time", "search_success"),
)
COMMON_LEVERS = ("demand", "organic", "private", "click_price")
# Levers on what visitors do on the pages; they act where `market.funnel` follows them there.
PAGE_LEVERS = (
    *("page_time", "search_success", "page_worth"),
    *("search_use", "search_exit", "detail_pages", "favourite_margin", "favourite_habit"),
)
_PULLED = ("walk_in", "direct", "organic_search", "content", "referral", "private_domain", "qr_code")
SOURCE_LEVERS = {
    "pull": _PULLED,
    "intent": (*_PULLED, "paid_search", "feed_ads", "live"),
    "execution": ("trouble", "delay", "failure"),
}
PRODUCT_LEVERS = ("fit",)  # take a product: `fit.fashion`
LEVERS = (*CHANNEL_LEVERS, *COMMON_LEVERS, *SOURCE_LEVERS, *PRODUCT_LEVERS, *PAGE_LEVERS[2:])
# Parameters that share their name with an indicator have a name of their own as levers: the list value of an
# order, and the share of orders sent back.
PARAMETER_OF: Mapping[str, str] = {"order_size": "basket", "returns": "return_rate"}
# What initiatives may enable -> the line of the policies that says how it is done. Relations with customers
# have the market's own names; beside all these stands `event:<name>`, an event of the promotion calendar.
RELATIONS: Mapping[str, tuple[str, ...]] = {
    "coupons": ("promotion", "coupons"),
    "points": ("loyalty", "points_rate"),
    "shared_points": ("loyalty", "shared_points"),
    "tiers": ("loyalty", "tiers"),
    "new_customer_rewards": ("loyalty", "new_customer_rewards"),
    "referral_reward": ("loyalty", "referral_reward"),
    "rfm": ("crm", "rfm"),
    "personas": ("crm", "personas"),
    "first_order": ("crm", "triggers", "first_order"),
    "birthday": ("crm", "triggers", "birthday"),
    "lapsing": ("crm", "triggers", "lapsing"),
    "community": ("crm", "community"),
}
FEATURES: Mapping[str, tuple[str, ...]] = {
    **RELATIONS,
    "presale": ("promotion", "presale"),
    "dynamic_pricing": ("pricing", "policy"),
    "content_themes": ("content", "themes_per_month"),
    "creative_tests": ("testing", "creatives_per_week"),
    "free_returns": ("service", "free_returns"),
    "same_everywhere": ("service", "same_everywhere"),
    "around_the_clock": ("service", "around_the_clock"),
    "booking": ("service", "booking"),
    "load_tests": ("service", "load_tests"),
    "pick_up": ("service", "pick_up"),
    "abc": ("inventory", "abc"),
    "vendor_managed": ("inventory", "vendor_managed"),
    "shared_stock": ("inventory", "shared"),
    "supplier_scoring": ("inventory", "supplier_scoring"),
    "flexible_capacity": ("inventory", "flexible_capacity"),
    "green_packaging": ("packaging", "green"),
    "shareable_packaging": ("packaging", "shareable"),
}
EVENT = "event:"
# What risks may strike; the second group takes a channel.
COMMON_SHOCKS = ("demand", "click_price", "lateness")
CHANNEL_SHOCKS = ("access", "delivery_days", "service", "stockout")
SHOCKS = (*COMMON_SHOCKS, *CHANNEL_SHOCKS)


def is_indicator(name: str) -> bool:
    """Tell whether ``name`` is an indicator (of all or of one channel) that is no lever as well."""
    head = name.split(".")[0]
    return ALIASES.get(head, head) in INDICATOR_KEYS and head not in LEVERS


def rule_parameters() -> tuple[str, ...]:
    """Return the parameters of the market's rules that may change during a run."""
    from sim.customers.exchange import Rules

    return Rules._fields
