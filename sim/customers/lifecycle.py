"""Lifecycle: prospect, active, lost. Drop-out follows an order, as in BG/NBD (Fader, Hardie & Lee 2005)."""

from __future__ import annotations

import math

from sim.parameters import Parameter, by_kind

PARAMETERS = (
    Parameter(
        "dropout",
        "mean probability of leaving after an order",
        0.25,
        0.05,
        0.70,
        "O",
        "CDNOW .25: refit always",
        "logit",
    ),
    Parameter(
        "dropout_spread",
        "a + b of the beta law of drop-out",
        3.2,
        1.0,
        20.0,
        "O",
        "CDNOW: .793 + 2.426",
        "log",
    ),
    Parameter(
        "dropout_relief", "log drop-out saved per unit of satisfaction over one half", 2.0, 0.0, 4.0, "A", "-"
    ),
    *by_kind("hold", "log drop-out saved by an order here", (0, -1.5, 1.5), (0, -1.5, 1.5), "A", "-"),
    Parameter(
        "renewal",
        "share of lost customers replaced by new prospects a month",
        0.03,
        0.005,
        0.1,
        "A",
        "-",
        "log",
    ),
    Parameter(
        "borrowed_share",
        "share of a promotion's bump taken from later needs",
        0.25,
        0.06,
        0.33,
        "E",
        "van Heerde et al. 2004; Leeflang et al. 2008",
    ),
)


def dropout_probability(proneness: float, satisfaction: float, relief: float, hold: float) -> float:
    """Return the probability of leaving after an order.

    ``proneness`` is the customer's own, met at neutral satisfaction (one half); the satisfied stay longer,
    and so does who bought at a channel that holds its customers (``hold``, log drop-out saved).
    """
    return min(proneness * math.exp(-relief * (satisfaction - 0.5) - hold), 1.0)


def borrowed_need(discount: float, borrowed_share: float) -> float:
    """Return the share of coming need bought ahead under a discount of depth ``discount``.

    Of the bump ``(1 - d)**-3.63 - 1`` (van Heerde & Neslin) the borrowed share, per unit of what was bought.
    """
    if discount <= 0.0:
        return 0.0
    bump = 1.0 - math.exp(3.63 * math.log(1.0 - discount))
    return borrowed_share * bump
