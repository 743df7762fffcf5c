"""Mesa agents: our channels, and the rivals. Customers are rows of a table, worked in compiled loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.customers.exchange import ORDERS
from sim.parameters import Values
from sim.setup import Channel
from sim.world.rivals import Competition, RivalFirm, RivalPlan

if TYPE_CHECKING:
    from sim.market import Market


class Firm(RivalFirm, mesa.Agent):
    """A named rival as a Mesa agent. A subclass of ``Market`` may name another class as ``firm``."""

    def __init__(self, model: Market, plan: RivalPlan, values: Values) -> None:
        mesa.Agent.__init__(self, model)
        RivalFirm.__init__(self, plan, values)


class Rival(Competition, mesa.Agent):
    """The rivals as a Mesa agent."""

    def __init__(self, model: Market, values: Values) -> None:
        mesa.Agent.__init__(self, model)
        setup = model.setup
        kinds = [channel.kind for channel in setup.channels]
        Competition.__init__(self, values, setup.rivals, kinds, lambda plan, v: model.firm(model, plan, v))


class SalesChannel(mesa.Agent):
    """One of our channels as a Mesa agent: its terms, and its trade of the latest day in agent units."""

    def __init__(self, model: Market, channel: Channel, position: int) -> None:
        super().__init__(model)
        self.channel, self.position = channel, position

    @property
    def orders(self) -> int:
        """Orders of the latest day."""
        model: Market = self.model
        return int(model.trade.events[:, self.position, ORDERS].sum())
