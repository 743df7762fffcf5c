"""A customer's self: traits, state, luck, and whom the retailer takes it for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from sim.customers.exchange import Offer
from sim.customers.identity import RECOGNISED
from sim.engine.randomness import word

if TYPE_CHECKING:
    from tests.reference.market import ReferenceMarket


class Person(mesa.Agent):
    """Somebody with needs, habits and a memory.

    Traits and state carry the names, and the values, of :class:`sim.customers.population.Traits` and
    :class:`~sim.customers.population.State`.
    """

    model: ReferenceMarket
    habit: list[int]
    satisfaction: list[int]
    aware: int
    used: int
    registered: int
    lost: int
    borrowed: int
    orders: int
    first_order: int
    last_order: int
    recent: int
    points: int
    coupon: int
    heard: int
    opinion: int
    flags: int

    def __init__(self, model: ReferenceMarket, number: int, traits_and_state: dict[str, Any]) -> None:
        super().__init__(model)
        self.number = number
        self.__dict__.update(traits_and_state)

    def luck(self, stream: str) -> int:
        """Return this customer's luck of the day in a stream, a 64-bit word."""
        return int(word(self.model.keys[stream], self.number))

    @property
    def recognised(self) -> bool:
        """Whether the retailer knows this customer across channels."""
        return self.flags & RECOGNISED != 0

    def knows_online(self, offer: Offer) -> bool:
        """Whether this customer knows an online channel."""
        return any(on and self.aware >> c & 1 for c, on in enumerate(offer.online))

    def treated(self, offer: Offer) -> bool:
        """Whether a trial treats this customer today."""
        return bool(offer.treated) and offer.treated[self.number] == 1

    def register(self, c: int) -> None:
        """Become a member."""
        self.registered = 1
        self.model.book.events[c, "registrations"] += 1
