"""Today's offer as the compiled loops see it: one record, and the goods on the shelf.

A compiled function that is handed a record takes its address. Handed a hundred arrays it copies a hundred
headers at every call, which cost more than the rules themselves; and Python opens every one once a day.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import NEEDS, SOURCE_COUNT, Offer, Rules
from sim.setup import MAX_CHANNELS

STEPS = 5 + MAX_CHANNELS
ARMS = 5
_WHOLE = ("demand", "reach", "confusion")
_FLAGS = ("compared", "day")
_SOURCES = {"attraction": NEEDS, "stimulus": SOURCE_COUNT, "intent": SOURCE_COUNT}
_CHANNELS = (
    "access",
    "delay",
    "bounce",
    "registration",
    "payment",
    "mobile_completion",
    "desktop_completion",
    "listed",
    "response",
)
_GOODS = ("worth", "price_term", "basket", "discount", "stockout", "return_rate")
# Most fields are those of :class:`~sim.customers.exchange.Offer`. ``channels`` is how many there are;
# ``browsed``, ``tried``, ``bonded`` and ``doubted`` tell whether steps, a trial, bonds or a half-open channel
# are there; ``rival_rate`` [8] is ``exp`` of the rivals' utility for who looks at a channel; ``reached`` [S]
# the bit mask of channels that a source leads to.
OFFER = np.dtype(
    [
        *((name, np.float64) for name in _WHOLE),
        *((name, np.int64) for name in (*_FLAGS, "channels", "browsed", "tried", "bonded", "doubted")),
        *((name, np.float64, (size,)) for name, size in _SOURCES.items()),
        *((name, np.float64, (MAX_CHANNELS,)) for name in _CHANNELS),
        ("rival_rate", np.float64, (MAX_CHANNELS,)),
        ("online", np.int64, (MAX_CHANNELS,)),
        ("reached", np.int64, (SOURCE_COUNT,)),
        ("look", np.float64, (SOURCE_COUNT, MAX_CHANNELS)),
        ("landing", np.float64, (SOURCE_COUNT, MAX_CHANNELS)),
        ("steps", np.float64, (STEPS,)),
        ("arms", np.float64, (ARMS, MAX_CHANNELS)),
    ]
)
SHELF = np.dtype([(name, np.float64) for name in _GOODS])  # one group of goods in one channel
RULES = np.dtype([(name, np.float64) for name in Rules._fields])
Record = Any  # one record of OFFER, SHELF or RULES in compiled code


class Seen(NamedTuple):
    """What compiled loops are handed of a day.

    ``offer`` [1] of :data:`OFFER`; ``shelf`` [G, 8] of :data:`SHELF`; ``needs`` [G] weights of groups of
    goods; ``bonds`` and ``luck`` as in :class:`~sim.customers.exchange.Offer`; ``treated`` [N] by a trial.
    """

    offer: NDArray[np.void]
    shelf: NDArray[np.void]
    needs: NDArray[np.float64]
    bonds: NDArray[np.float64]
    luck: NDArray[np.uint64]
    treated: NDArray[np.uint8]


class Window:
    """Lays the offers of a market out, day after day, in the same place."""

    def __init__(self, channels: int, groups: int) -> None:
        self.record, self.shelf = np.zeros(1, OFFER), np.zeros((groups, MAX_CHANNELS), SHELF)
        self.record["channels"] = channels
        views = {name: self.record[name][0] for name in (*_CHANNELS, "online")}
        self.channels = {name: view[:channels] for name, view in views.items()}
        self.goods = {name: self.shelf[name][:, :channels] for name in _GOODS}
        self.sources = {name: self.record[name][0] for name in _SOURCES}
        self.whole = {name: self.record[name] for name in (*_WHOLE, *_FLAGS)}
        self.flags = {name: self.record[name] for name in ("browsed", "tried", "bonded", "doubted")}
        self.look, self.landing = (self.record[name][0, :, :channels] for name in ("look", "landing"))
        self.rival_rate = self.record["rival_rate"][0]
        self.looked = self.landed = np.zeros(0)
        self.steps, self.arms = self.record["steps"][0, : 5 + channels], self.record["arms"][0, :, :channels]

    def _lead(self, offer: Offer) -> None:
        """Lay out where sources lead, which hardly ever changes."""
        self.looked, self.landed = offer.look, offer.landing
        self.look[...], self.landing[...] = offer.look, offer.landing
        bits = 1 << np.arange(offer.look.shape[1])
        self.record["reached"][0] = np.where(offer.look > -np.inf, bits, 0).sum(axis=1)

    def show(self, offer: Offer) -> Seen:
        """Return ``offer`` laid out; good until the next day's."""
        for views in (self.channels, self.goods, self.sources):
            for name, view in views.items():
                view[...] = getattr(offer, name)
        for name, view in self.whole.items():
            view[0] = getattr(offer, name)
        if offer.look is not self.looked or offer.landing is not self.landed:
            self._lead(offer)
        worth = offer.rival_worth
        self.rival_rate[: len(offer.rival_edge)] = [
            math.exp(worth + edge) for edge in offer.rival_edge.tolist()
        ]
        self.flags["doubted"][0] = min(offer.access.tolist()) < 1.0
        self.flags["browsed"][0], self.flags["tried"][0] = len(offer.steps), len(offer.treated)
        self.flags["bonded"][0] = len(offer.bonds)
        if len(offer.steps):
            self.steps[...] = offer.steps
        if len(offer.treated):
            self.arms[...] = offer.arms
        return Seen(self.record, self.shelf, offer.needs, offer.bonds, offer.luck, offer.treated)


def rule_record(rules: Rules) -> NDArray[np.void]:
    """Return ``rules`` as one record [1]."""
    return np.array([tuple(rules)], RULES)
