"""Word of mouth on an implicit small-world network: customers hear from a few others whether they have bought
and how content they are. Neighbours stand on a ring, a share of the ties leads anywhere (Watts & Strogatz
1998); no list of ties is kept, each follows from the customers' numbers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.engine.randomness import Word, mix64, unit
from sim.parameters import Parameter

PARAMETERS = (
    Parameter(
        "valence",
        "elasticity of what is heard to satisfaction, that to the number of speakers being 1",
        1.8,
        0.0,
        3.0,
        "E",
        ".417 / .236: You, Vadakkepatt & Joshi 2015",
    ),
    Parameter(
        "referral_trust",
        "share of the gap to full satisfaction closed in advance for who was referred",
        0.1,
        0.0,
        0.3,
        "A",
        "sign: Schmitt, Skiera & Van den Bulte 2011",
    ),
    Parameter(
        "reward_response",
        "share by which a large reward makes content members talk more",
        0.3,
        0.05,
        1.0,
        "A",
        "-",
        "log",
    ),
    Parameter(
        "community_voice",
        "share by which a community makes content members talk more",
        0.2,
        0.02,
        0.6,
        "A",
        "-",
        "log",
    ),
)
LEAST, MOST = -1.0, 2.99  # bounds of a voice and of what is heard; 1 is a buyer as content as usual
VOICE = 32.0  # an opinion is kept in 8 bits as thirty-seconds
HEARD = 16384.0  # and what is heard in 16


class TalkTerms(NamedTuple):
    """The network: ``neighbours`` a customer (0: no network), share ``rewired``, ``trust`` in referrals."""

    neighbours: int
    rewired: float
    trust: float


def neighbour(bits: Word, i: int, tie: int, count: int, rewired: float) -> int:
    """Return whom customer ``i`` of ``count`` hears by a ``tie``: left and right by turns, or anyone.

    ``bits`` are the tie's fixed luck.
    """
    if unit(bits) < rewired:
        return int(unit(mix64(bits)) * count)
    step = tie // 2 + 1
    return (i + (step if tie % 2 == 0 else -step)) % count


def voice(satisfaction: float, usual: float, valence: float, lift: float) -> float:
    """Return what a buyer's word is worth: 1 at the usual satisfaction, below 0 where it warns.

    ``lift`` is the share by which rewards and community make a content member talk more.
    """
    said = 1.0 + valence * (satisfaction - usual) / max(usual, 0.01)
    if satisfaction >= usual:
        said *= 1.0 + lift
    return min(max(said, LEAST), MOST)


def opinion_of(said: float) -> int:
    """Return a voice as kept in 8 bits."""
    return math.floor(said * VOICE + 0.5)


def pack_heard(heard: float) -> int:
    """Return what is heard as kept in 16 bits; 0 is kept exactly."""
    return int((min(max(heard, LEAST), MOST) + 1.0) * HEARD + 0.5)


def unpack_heard(kept: int) -> float:
    """Return what a customer hears: 1 where all around are buyers as content as usual."""
    return float(kept) / HEARD - 1.0


def referral_attraction(heard: float) -> float:
    """Return the factor on the attraction of coming by referral."""
    return max(heard, 0.0)


def warned(heard: float) -> float:
    """Return the factor on the attraction of looking at us at all: below 1 where warnings prevail."""
    return math.exp(heard) if heard < 0.0 else 1.0
