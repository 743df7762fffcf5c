"""Needs and visits: who looks today, and by which source.

A need arises at the customer's own rate; the sources of :data:`sim.setup.SOURCES` up to ``referral``
compete for it, against looking nowhere (attraction 1) - so a better found shop takes visits from the
others and from nobody at once. The remaining sources stimulate visits beyond needs. All are competing
risks: the first of independent exponential clocks rings.
"""

from __future__ import annotations

import math

from sim.parameters import Parameter, family

PARAMETERS = (
    Parameter(
        "habit_pull", "log attraction per unit of habit", 1.5, 0.0, 3.0, "A", "sign: Ansari et al. 2008"
    ),
    Parameter("distance_decay", "log attraction per km to the store", 0.08, 0.02, 0.2, "A", "-", "log"),
    Parameter("winback", "share of visits kept by a lost customer", 0.10, 0.02, 0.3, "A", "-", "logit"),
    Parameter("borrow_days", "days that a stocked-up need takes to come back", 60, 20, 120, "A", "-", "log"),
    Parameter("online_drift", "log attraction of online a year, from the start", 0.0, -0.1, 0.3, "A", "-"),
    Parameter("talk_days", "days over which word of mouth is remembered", 60, 20, 180, "A", "-", "log"),
    *family(
        "pull",
        "attraction of a source, looking nowhere being 1 (needs); visits per need (stimulated)",
        {
            "walk_in": (1.0, 0.2, 5.0),
            "direct": (0.3, 0.03, 3.0),
            "organic_search": (0.15, 0.015, 1.5),
            "content": (0.05, 0.005, 0.5),
            "referral": (0.10, 0.01, 1.0),
            "private_domain": (0.10, 0.01, 1.0),
            "qr_code": (0.001, 0.0001, 0.01),
        },
        "A",
        "no published magnitude; calibrated to the history's source mix",
        "log",
    ),
)


def habit_attraction(habit: float, habit_pull: float) -> float:
    """Return the factor by which habit raises the attraction of a way to look (1 without habit)."""
    return math.exp(habit_pull * habit)


def walk_attraction(habit: float, distance: float, habit_pull: float, distance_decay: float) -> float:
    """Return the factor on the attraction of walking in: habit raises it, each km of distance lowers it."""
    return math.exp(habit_pull * habit - distance_decay * distance)


def stocked_up(borrowed: float, days_since: float, borrow_days: float) -> float:
    """Return the share of need left while stock bought on promotion lasts.

    ``borrowed`` is the share of need bought ahead; it comes back exponentially (van Heerde, Leeflang &
    Wittink 2004 find about a third of a promotion's bump borrowed from other periods).
    """
    return 1.0 - borrowed * math.exp(-days_since / borrow_days)


def need_share(rate: float, demand: float, total: float) -> float:
    """Return the visits a day that a need-driven source receives per unit of its attraction: a logit share.

    ``rate`` needs a day, ``demand`` the day's multiplier, ``total`` the attraction of all need-driven
    sources; looking nowhere has attraction 1.
    """
    return rate * demand / (1.0 + total)


def visits_a_day(
    rate: float, demand: float, own: float, found: float, pushed: float, lost: bool, winback: float
) -> float:
    """Return the visits a day by all sources.

    ``own`` is the attraction of the ways that nobody shows (walk-in, direct), which the lost no longer go,
    ``found`` that of the other need-driven sources; ``pushed`` are the visits stimulated beyond needs.
    """
    share = need_share(rate, demand, own + found)
    return winback * (share * found + pushed) if lost else share * (own + found) + pushed


def is_open(draw: float, access: float) -> bool:
    """Whether a customer finds a channel open today: by luck where only a share of it is.

    A half-open channel is open for half of the customers, not half as attractive to all of them.
    """
    return draw < access


def looks_in(luck: float, intensity: float) -> bool:
    """Whether there is at least one visit on a day of Poisson ``intensity``, ``luck < 1 - exp(-intensity)``.

    ``x - x**2 / 2 <= 1 - exp(-x) <= x`` decides nearly all without the exponential.
    """
    if luck >= intensity:
        return False
    return luck < intensity - 0.5 * intensity * intensity or luck < 1.0 - math.exp(-intensity)
