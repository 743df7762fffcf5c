"""The retailer's day: what is offered and bought in reach, and how well the orders are served."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import DIRECT, PRIVATE, REFERRAL, SOURCE_COUNT, Offer
from sim.parameters import Values
from sim.retailer.capability import Capabilities
from sim.retailer.channels import Shopfront
from sim.retailer.desk import Desk
from sim.retailer.media import MediaDesk
from sim.retailer.operations import Operations, Traded
from sim.retailer.supply import Fulfilment
from sim.setup import NEED_SOURCES, SOURCES, Drivers, Setup

Array = NDArray[np.float64]
SEARCH, CONTENT = SOURCES.index("organic_search"), SOURCES.index("content")
BOUGHT = ("paid_search", "feed_ads", "live")  # sources without a pull of their own


class Retailer:
    """Channels, media, capabilities and order handling, under the drivers of each day.

    Parameters
    ----------
    setup, values
        The market and its parameters.
    seed
        Luck of the firm's own: suppliers that are late.
    """

    def __init__(self, setup: Setup, values: Values, seed: int = 1) -> None:
        self.setup, self.usual = setup, setup.customary()
        self.media = MediaDesk(setup.media, values, self.usual.spend[0])
        self.capabilities = Capabilities(values)
        self.operations = Operations.of(setup, values, seed)
        desk = None if self.operations is None else self.operations.desk
        self.supply: Desk | Fulfilment = desk or Fulfilment(values)
        self.drift = values["online_drift"]
        self.delivery = self.usual.delivery_days[0]
        self.adopt(values)

    def adopt(self, values: Values) -> None:
        """Work with ``values`` from now on; only what may change during a run is looked at again."""
        self.shopfront = Shopfront(self.setup.channels, values)
        self.pull = np.array([0.0 if name in BOUGHT else values[f"pull.{name}"] for name in SOURCES])
        self.media.cpc = np.array([values.of_member("cpc", medium.name) for medium in self.setup.media])
        if self.operations is not None:
            self.operations.adopt(self.shopfront.stockout, self.shopfront.basket)

    def offer(
        self,
        day: int,
        drivers: Drivers,
        row: int,
        struck: Mapping[str, Array],
        rival_worth: float,
        heard: tuple[float, float],
    ) -> Offer:
        """Put today's offer together from what is driven, what strikes and what has ripened.

        ``struck`` are the shocks' factors by target, [C] each; ``heard`` are the share of agents who spread
        the word, and the needs a day of the real population online, over which clicks are spread.
        """
        new_money = np.maximum(drivers.invest[row] - self.usual.invest[0], 0.0)
        self.capabilities.ripen(new_money, float(struck["lateness"][0]))
        talk, audience = heard
        clicks, lift = self._clicks(drivers, row, float(struck["click_price"][0]))
        promise = drivers.delivery_days[row] * struck["delivery_days"]
        queue = (self.supply.hours - self.supply.base) / 24.0
        self.delivery = np.maximum(promise + queue * self.shopfront.online, 0.0)
        today = {
            "price": drivers.price[row],
            "discount": drivers.discount[row],
            "access": np.minimum(drivers.access[row] * struck["access"], 1.0),
            "stockout": struck["stockout"],
            "delivery_days": self.delivery,
        }
        demand = float(drivers.demand[row]) * float(struck["demand"][0]) * lift
        pull = self._pulls(day, drivers, row, talk, clicks / max(audience, 1e-9))
        offer = self.shopfront.offer(pull, demand, rival_worth, today, self.capabilities)
        if self.operations is None:
            return offer
        return self.operations.open_day(day, offer, struck, self.capabilities)

    def serve(
        self, orders: Array, response: Array, struck: Mapping[str, Array], traded: Traded | None = None
    ) -> Array:
        """Handle the day's real orders by channel [C]; return the quality 0-1 that buyers meet there [C].

        ``traded`` is the day's trade for the firm's operations, needed where any are declared.
        """
        effects = self.capabilities.effects
        self.supply.fulfil(float(orders @ self.shopfront.online), effects["automation_hours"])
        if self.operations is not None and traded is not None:
            met = self.operations.close_day(traded, response, self.delivery, self.capabilities)
            if met is not None:
                return self.supply.quality(met * struck["service"], self.delivery, self.shopfront.online)
        service = response * struck["service"]
        service = service + (1.0 - service) * effects["service_quality"]
        return self.supply.quality(service, self.delivery, self.shopfront.online)

    def _clicks(self, drivers: Drivers, row: int, click_price: float) -> tuple[Array, float]:
        """Return visits bought by source [S], and broadcast's factor on needs."""
        click_price *= float(drivers.click_price[row]) * (1.0 - self.capabilities.effects["data_click_price"])
        clicks, lift = self.media.reach(drivers.spend[row], click_price)
        return np.asarray(np.bincount(self.media.source, clicks, SOURCE_COUNT), np.float64), lift

    def _pulls(self, day: int, drivers: Drivers, row: int, talk: float, clicks: Array) -> tuple[Array, Array]:
        """Return the attraction of need sources [5] and the stimulus of all [S] under normal access."""
        effects, pull = self.capabilities.effects, self.pull.copy()
        pull[DIRECT:NEED_SOURCES] *= math.exp(self.drift * day / 365.0)
        pull[SEARCH] *= drivers.organic[row]
        pull[CONTENT] *= drivers.organic[row] * (1.0 + effects["skill_content"])
        pull[REFERRAL] *= talk
        pull[PRIVATE] *= drivers.private[row] * (1.0 + effects["data_private"])
        clicks[NEED_SOURCES:] += pull[NEED_SOURCES:]
        return pull[:NEED_SOURCES], clicks
