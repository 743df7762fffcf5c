"""Fairness: who knows several of our channels sees that one asks more than another, and resents it there.

Unequal prices for the same goods are found unfair by who would pay more (Xia, Monroe & Cox 2004, "The price
is unfair!"); promotions, being open to all, much less - so list prices are compared. The sign is theirs, the
size an assumption. Where there is no gap nothing is lost.
"""

from __future__ import annotations

from sim.parameters import Parameter

PARAMETERS = (
    Parameter(
        "unfairness",
        "utility lost per log price gap beyond the tolerated, where one pays more",
        2.0,
        0.5,
        6.0,
        "A",
        "sign: Xia, Monroe & Cox 2004",
        "log",
    ),
    Parameter(
        "tolerated_gap", "log price gap between our channels not minded", 0.03, 0.01, 0.1, "A", "-", "log"
    ),
)


def perceived_loss(gap: float, tolerated_gap: float, unfairness: float) -> float:
    """Return the utility lost to a log price ``gap`` over our cheapest channel that the customer knows."""
    return unfairness * (gap - tolerated_gap) if gap > tolerated_gap else 0.0
