"""The funnel of an online visit: bounce, search, detail pages, favourite, cart, checkout, payment."""

from __future__ import annotations

import math

from sim.parameters import Parameter, by_kind

PARAMETERS = (
    *by_kind(
        "bounce", "share of visits", (0.0, 0.0, 0.0), (0.45, 0.25, 0.70), "T", "70 % stated for slow sites"
    ),
    *by_kind(
        "registration",
        "share of unregistered buyers who complete it",
        (1.0, 1.0, 1.0),
        (0.7, 0.5, 0.9),
        "A",
        "-",
    ),
    *by_kind(
        "payment",
        "share of submitted orders paid",
        (1.0, 1.0, 1.0),
        (0.97, 0.90, 0.99),
        "A",
        "failure 1-10 %",
    ),
    *by_kind(
        "mobile_completion",
        "share of mobile checkouts that reach submission",
        (1.0, 1.0, 1.0),
        (0.55, 0.3, 0.8),
        "A",
        "-",
    ),
    *by_kind(
        "desktop_completion",
        "share of desktop checkouts that reach submission",
        (1.0, 1.0, 1.0),
        (0.75, 0.5, 0.9),
        "A",
        "-",
    ),
    *by_kind(
        "return_rate",
        "share of orders sent back",
        (0.08, 0.03, 0.15),
        (0.19, 0.10, 0.35),
        "T",
        "US federation 2025",
    ),
    Parameter("mobile_share", "share of online visits on mobile", 0.7, 0.5, 0.9, "A", "-", "logit"),
    Parameter("cart_margin", "utility short of buying at which a cart is filled", 1.5, 0.5, 3.0, "A", "-"),
    Parameter("store_membership", "share of store buyers who join", 0.1, 0.0, 0.4, "A", "-"),
    *by_kind(
        "page_time",
        "time that a page takes to load, today's being 1",
        (1.0, 1.0, 1.0),
        (1.0, 0.7, 1.5),
        "A",
        "today's speed is in today's bounce",
        "log",
    ),
    *by_kind(
        "search_success",
        "share of searches that find what is wanted",
        (1.0, 1.0, 1.0),
        (0.75, 0.5, 0.95),
        "A",
        "-",
    ),
    Parameter("search_use", "share of online visits that search", 0.3, 0.1, 0.6, "A", "-", "logit"),
    Parameter("search_exit", "share of failed searches that end the visit", 0.5, 0.2, 0.8, "A", "-", "logit"),
    Parameter(
        "detail_pages", "mean number of detail pages seen beyond the first", 2.0, 0.5, 6.0, "A", "-", "log"
    ),
    Parameter(
        "favourite_margin", "utility short of buying at which goods are a favourite", 2.5, 1.0, 5.0, "A", "-"
    ),
    Parameter("favourite_habit", "share of visitors so close who mark it", 0.3, 0.05, 0.8, "A", "-", "logit"),
    Parameter(
        "page_worth", "utility that detail pages add online, against today's", 0.0, -1.0, 1.0, "A", "-"
    ),
)


def fills_cart(best: float, outside: float, cart_margin: float) -> bool:
    """Whether our best offer comes within ``cart_margin`` of the best outside option."""
    return best + cart_margin > outside


def pages_seen(draw: float, more: float) -> int:
    """Return the detail pages of a visit: one, and a geometric number of mean ``more`` beyond it."""
    if more <= 0.0:
        return 1
    return 1 + int(math.log(draw) / math.log(more / (1.0 + more)))


def succeeds(draw: float, probability: float) -> bool:
    """Whether a uniform draw falls below a step's probability."""
    return draw < probability


def basket_value(level: float, habitual: float, normal_draw: float, spread: float) -> int:
    """Return an order's list value in minor units: log-normal around the customer's habitual basket.

    ``level`` is the channel's mean in minor units, ``habitual`` the customer's factor on it (mean 1),
    ``spread`` the log standard deviation of one customer's orders.
    """
    return int(level * habitual * math.exp(spread * normal_draw - 0.5 * spread * spread) + 0.5)
