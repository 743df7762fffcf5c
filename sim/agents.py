"""Mesa agents: our channels, and the rivals. Customers are rows of a table, worked in compiled loops."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

import mesa

from sim.customers.exchange import ORDERS
from sim.parameters import Values
from sim.setup import Channel
from sim.world.rivals import Competition, RivalFirm, RivalPlan

if TYPE_CHECKING:
    from sim.market import Market


class Numbers:
    """Who is next to be numbered, by model; a model that is let go is forgotten.

    Mesa 3.3 keeps every model that ever had an agent, in a table of the class: a search of a thousand runs
    would hold a thousand ledgers.
    """

    def __init__(self) -> None:
        self._next: WeakKeyDictionary[Any, Iterator[int]] = WeakKeyDictionary()

    def __getitem__(self, model: Any) -> Iterator[int]:
        return self._next.setdefault(model, itertools.count(1))


class Ours(mesa.Agent):
    """A Mesa agent that does not keep its market alive."""

    _ids: ClassVar[Numbers] = Numbers()


class Firm(RivalFirm, Ours):
    """A named rival as a Mesa agent. A subclass of ``Market`` may name another class as ``firm``."""

    def __init__(self, model: Market, plan: RivalPlan, values: Values) -> None:
        mesa.Agent.__init__(self, model)
        RivalFirm.__init__(self, plan, values)


class Rival(Competition, Ours):
    """The rivals as a Mesa agent."""

    def __init__(self, model: Market, values: Values) -> None:
        mesa.Agent.__init__(self, model)
        setup = model.setup
        kinds = [channel.kind for channel in setup.channels]
        Competition.__init__(self, values, setup.rivals, kinds, lambda plan, v: model.firm(model, plan, v))


class SalesChannel(Ours):
    """One of our channels as a Mesa agent: its terms, and its trade of the latest day in agent units."""

    def __init__(self, model: Market, channel: Channel, position: int) -> None:
        super().__init__(model)
        self.channel, self.position = channel, position

    @property
    def orders(self) -> int:
        """Orders of the latest day."""
        model: Market = self.model
        return int(model.trade.events[:, self.position, ORDERS].sum())
