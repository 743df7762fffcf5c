"""Choice: where to look, whether to buy, where to buy, us or a rival.

A nested logit with explicit error terms: our channels share a nest, buying nowhere and buying from a rival
stand alone. Every (customer, day, alternative) has its own error, so improving one alternative can only
move customers *to* it. The nested error is ``lambda (log S + G)`` with G Gumbel and S positive stable of
index lambda (Kanter 1975; the mixture form of McFadden's GEV), which gives the exact nested-logit shares.
"""

from __future__ import annotations

import math

from sim.parameters import Parameter

PARAMETERS = (
    Parameter("nest", "dissimilarity of our channels, 1 = plain logit", 0.6, 0.3, 0.95, "A", "-", "logit"),
    Parameter(
        "price_weight",
        "utility lost per log price",
        2.6,
        1.5,
        4.0,
        "E",
        "store elasticity -2.62: Bijmolt et al. 2005; through `price_response`",
        "log",
    ),
    Parameter(
        "promotion_weight",
        "utility per unit of depth beyond the price cut",
        0.75,
        0.0,
        2.5,
        "E",
        "20 % off sells +73 %, cut elasticity -3.63: van Heerde & Neslin",
    ),
    Parameter("habit_weight", "utility per unit of habit", 1.0, 0.0, 2.0, "A", "-"),
    Parameter("satisfaction_weight", "utility per unit of satisfaction", 1.0, 0.0, 2.0, "A", "-"),
    Parameter(
        "delay_weight",
        "utility lost per day of delivery",
        0.015,
        0.0,
        0.03,
        "O",
        "+1.5 % sales online a business day faster: AMA summary",
    ),
    Parameter("switching", "utility lost buying elsewhere than looked", 3.0, 1.0, 5.0, "A", "-"),
)
REFERENCE_DELIVERY = 3.0


def utility(
    worth: float,
    price_term: float,
    price_sensitivity: float,
    habit: float,
    satisfaction: float,
    delay: float,
    patience: float,
    elsewhere: float,
    price_weight: float,
    habit_weight: float,
    satisfaction_weight: float,
    delay_weight: float,
    switching: float,
) -> float:
    """Return the systematic utility of buying through one of our channels.

    Parameters
    ----------
    worth
        What the channel offers everyone: appeal, service, brand, promotion.
    price_term
        log of net price over reference price.
    price_sensitivity, patience
        The customer's, mean 1; patience divides the dislike of waiting.
    habit, satisfaction
        With this channel, 0-1; satisfaction is neutral at one half.
    delay
        Days of delivery beyond the reference of three.
    elsewhere
        1 if the customer looked through another channel, else 0.
    """
    value = worth - price_weight * price_sensitivity * price_term
    value += habit_weight * habit + satisfaction_weight * (satisfaction - 0.5)
    return value - delay_weight * delay / patience - switching * elsewhere


def log_stable(first: float, second: float, index: float) -> float:
    """Return the log of a positive stable variate of ``index`` < 1, ``E exp(-tS) = exp(-t**index)``.

    Kanter (1975) from a uniform ``first`` and a standard exponential ``second``. At index 1 it is 0.
    """
    if index >= 1.0:
        return 0.0
    angle = math.pi * first
    rest, height = 1.0 - index, math.sin(angle)
    tail = rest * math.log(math.sin(rest * angle) / (height * second))
    return (tail + index * math.log(math.sin(index * angle) / height)) / index


def nested_utility(earliest: float, nest_shock: float, nest: float) -> float:
    """Return the highest utility in a nest, ``max over c of V_c + lambda (log S + G_c)``.

    With the errors as exponentials, ``G = -log E``, the alternative chosen is the clock of rate
    ``exp(V / lambda)`` that rings first, at ``earliest``: one logarithm instead of two each.
    """
    return nest * (nest_shock - math.log(earliest))
