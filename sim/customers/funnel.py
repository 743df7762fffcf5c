"""The funnel of an online visit: bounce, cart, checkout, registration, completion, payment."""

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
)


def fills_cart(best: float, outside: float, cart_margin: float) -> bool:
    """Whether our best offer comes within ``cart_margin`` of the best outside option."""
    return best + cart_margin > outside


def succeeds(draw: float, probability: float) -> bool:
    """Whether a uniform draw falls below a step's probability."""
    return draw < probability


def basket_value(level: float, habitual: float, normal_draw: float, spread: float) -> int:
    """Return an order's list value in minor units: log-normal around the customer's habitual basket.

    ``level`` is the channel's mean in minor units, ``habitual`` the customer's factor on it (mean 1),
    ``spread`` the log standard deviation of one customer's orders.
    """
    return int(level * habitual * math.exp(spread * normal_draw - 0.5 * spread * spread) + 0.5)
