"""The retailer's day: what is offered and bought in reach, and how well the orders are served."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import DIRECT, PRIVATE, REFERRAL, SOURCE_COUNT, Offer
from sim.parameters import Values
from sim.retailer.capability import DATA, Capabilities
from sim.retailer.channels import Shopfront
from sim.retailer.dealers import DealerNet
from sim.retailer.desk import Desk
from sim.retailer.media import MediaDesk
from sim.retailer.operations import Operations, Traded
from sim.retailer.pricing import PriceDesk
from sim.retailer.products import Assortment
from sim.retailer.supply import Fulfilment
from sim.retailer.traffic import Traffic
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
        Luck of the firm's own: suppliers that are late, creatives that do well.
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
        self.traffic = Traffic.of(setup, values, self.usual, seed)
        self.pressure, self.response, self.quality = 1.0, self.usual.service[0], self.usual.service[0]
        self.goods = Assortment(setup.products, setup.channels, values)
        pricing, dealers, channels = setup.pricing, setup.dealers, setup.channels
        self.prices = None
        if pricing is not None:
            self.prices = PriceDesk(pricing, len(channels), values, setup.burn_in)
        self.dealers = DealerNet(dealers, channels, self.goods, values) if dealers is not None else None
        self.price = self.usual.price[0]
        self.kept_up = self.usual.invest[0]
        self.shallow = setup.drivers.discount.min(axis=0)
        self.adopt(values)

    def adopt(self, values: Values) -> None:
        """Work with ``values`` from now on; only what may change during a run is looked at again."""
        self.goods.adopt(values)
        self.shopfront = Shopfront(self.setup.channels, values, self.goods)
        self.pull = [0.0 if name in BOUGHT else values[f"pull.{name}"] for name in SOURCES]
        self.media.cpc = np.array([values.of_member("cpc", medium.name) for medium in self.setup.media])
        if self.operations is not None:
            self.operations.adopt(self.shopfront.stockout, self.shopfront.basket)

    def quote(self, drivers: Drivers, row: int, rival_price: float) -> None:
        """Set today's list prices, in view of the rivals' ``rival_price``."""
        self.price = drivers.price[row]
        if self.prices is not None:
            self.price = self.prices.quote(self.price, rival_price)

    def offer(
        self,
        day: int,
        drivers: Drivers,
        row: int,
        struck: Mapping[str, Array],
        rival_worth: float,
        heard: tuple[float, float],
        rivalry: tuple[Array, float],
    ) -> Offer:
        """Put today's offer together from what is driven, what strikes and what has ripened.

        ``struck`` are the shocks' factors by target, [C] each; ``heard`` are the share of agents who spread
        the word, and the needs a day of the real population online, over which clicks are spread; ``rivalry``
        are the rivals' edge by channel [C] and their media pressure, 1 being today's.
        """
        new_money = np.maximum(drivers.invest[row] - self.kept_up, 0.0)
        self.capabilities.ripen(new_money, float(struck["lateness"][0]))
        talk, audience = heard
        edge, self.pressure = rivalry
        front = self.shopfront
        clicks, lift = self._clicks(day, drivers, row, float(struck["click_price"][0]))
        promise = drivers.delivery_days[row] * struck["delivery_days"]
        queue = (self.supply.hours - self.supply.base) / 24.0
        self.delivery = np.maximum(promise + queue * front.remote, 0.0)
        depth = drivers.discount[row]
        tags = front.tags(self.price, depth)
        promotion = bool(self.goods.event) and day >= 0 and bool((depth > self.shallow).any())
        self.goods.call(self.price, tags.discount, promotion)
        today = {
            "access": np.minimum(drivers.access[row] * struck["access"], 1.0),
            "stockout": struck["stockout"],
            "delivery_days": self.delivery,
        }
        demand = float(drivers.demand[row]) * float(struck["demand"][0]) * lift
        demand *= self.goods.flow
        if self.prices is not None:
            front.show_prices(self.price, self.prices.confusion)
        if self.dealers is not None:
            demand *= self._deal(tags.discount, today)
        pull = self._pulls(day, drivers, row, talk, clicks / max(audience, 1e-9))
        if self.traffic is not None:
            self.traffic.draw(day, *pull, audience)
        offer = front.offer(pull, demand, rival_worth, tags, today, self.capabilities, edge)
        if self.traffic is not None:
            self.traffic.dress(day, offer, float(self.capabilities.level[DATA]))
        if self.operations is not None:
            offer = self.operations.open_day(day, offer, struck, self.capabilities)
        return offer

    def _deal(self, discount: Array, today: dict[str, Array]) -> float:
        """Let dealers look at today's prices: who left has closed its shop; return the factor on needs."""
        dealers = self.dealers
        assert dealers is not None
        dealers.watch(self.price, discount, today["access"], self.goods.needs)
        if dealers.place >= 0:
            today["access"][dealers.place] *= dealers.standing
        return dealers.extra_needs

    def serve(
        self, orders: Array, response: Array, struck: Mapping[str, Array], traded: Traded | None = None
    ) -> Array:
        """Handle the day's real orders by channel [C]; return the quality 0-1 that buyers meet there [C].

        ``traded`` is the day's trade for the firm's operations, needed where any are declared.
        """
        effects, met, operations = self.capabilities.effects, None, self.operations
        remote = self.shopfront.remote
        self.supply.fulfil(float(orders @ remote), effects["automation_hours"])
        if operations is not None and traded is not None:
            met = operations.close_day(traded, response, self.delivery, self.capabilities)
        if self.prices is not None and self.prices.pricing.dynamic:
            self.prices.observe(float(np.add.reduce(orders)))
            if operations is not None and operations.stock is not None:
                self.prices.cover = operations.stock.cover()
        if met is None:
            service = response * struck["service"]
            self.response = service + (1.0 - service) * effects["service_quality"]
        else:
            self.response = met * struck["service"]
        self.quality = self.supply.quality(self.response, self.delivery, remote)
        return np.asarray(self.quality)

    def look_back(
        self,
        day: int,
        drivers: Drivers,
        row: int,
        visits: NDArray[np.int64],
        events: NDArray[np.int64],
        bought: NDArray[np.int64],
    ) -> tuple[Array, float, dict[str, float]]:
        """Let what draws people learn from the day's ``visits`` [S, C], ``events`` [C, E], orders by source [S].

        Returns what media are paid [M], what else was spent, and what the books should keep.
        """
        budget = drivers.spend[row]
        if self.traffic is None:
            return budget, 0.0, {}
        terms = (self.price, drivers.discount[row], self.response)
        done = self.traffic.evening(day, visits, events, bought, self.quality, terms, self.media, budget)
        done[2]["rival_pressure"] = self.pressure
        return done

    def _clicks(self, day: int, drivers: Drivers, row: int, click_price: float) -> tuple[Array, float]:
        """Return visits bought by source [S], and broadcast's factor on needs."""
        click_price *= float(drivers.click_price[row]) * (1.0 - self.capabilities.effects["data_click_price"])
        if self.traffic is None:
            clicks, lift = self.media.reach(drivers.spend[row], click_price)
        else:
            clicks, lift = self.traffic.clicks(
                self.media, drivers.spend[row], click_price, day, self.pressure
            )
        return np.asarray(np.bincount(self.media.source, clicks, SOURCE_COUNT), np.float64), lift

    def _pulls(self, day: int, drivers: Drivers, row: int, talk: float, clicks: Array) -> tuple[Array, Array]:
        """Return the attraction of need sources [5] and the stimulus of all [S] under normal access."""
        effects, organic = self.capabilities.effects, float(drivers.organic[row])
        drift = math.exp(self.drift * day / 365.0)
        pull = [value * drift if DIRECT <= s < NEED_SOURCES else value for s, value in enumerate(self.pull)]
        pull[SEARCH] *= organic
        pull[CONTENT] *= organic * (1.0 + effects["skill_content"])
        pull[REFERRAL] *= talk
        pull[PRIVATE] *= float(drivers.private[row]) * (1.0 + effects["data_private"])
        pulls = np.array(pull)
        clicks[NEED_SOURCES:] += pulls[NEED_SOURCES:]
        return pulls[:NEED_SOURCES], clicks
