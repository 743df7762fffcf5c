"""The market: one day, top to bottom, as a Mesa model."""

from __future__ import annotations

import datetime
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.change import EVERY, changed
from sim.customers.population import NEVER, Customers, draw_traits, first_state
from sim.customers.shopping import (
    EVENTS,
    NEW_CUSTOMERS,
    ORDERS,
    SOURCE_COUNT,
    STREAMS,
    Offer,
    Rules,
    Trade,
    book_order,
    learn_range,
    shop_range,
)
from sim.engine.chunks import CHUNK, Crew, chunk_count
from sim.engine.compilation import compiled
from sim.engine.randomness import stream_key, uniforms
from sim.ledger import Ledger
from sim.parameters import Values
from sim.retailer.capability import Capabilities
from sim.retailer.channels import Shopfront
from sim.retailer.media import MediaDesk
from sim.retailer.supply import Fulfilment
from sim.setup import SOURCES, Channel, Drivers, Medium, Setup, Shock
from sim.world.rivals import RivalMarket
from sim.world.shocks import Shocks

MONTH = 30


class Rival(RivalMarket, mesa.Agent):
    """The rivals as a Mesa agent."""

    def __init__(self, model: Market, values: Values) -> None:
        mesa.Agent.__init__(self, model)
        RivalMarket.__init__(self, values)


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


class Market(mesa.Model):
    """Customers moving between a retailer's channels, day by day.

    Parameters
    ----------
    customers, days
        Number of agents; horizon in days.
    price, discount
        Price relative to the reference price 1, and promotion depth 0-1, in all channels.
    spend
        Advertising a day on paid search, in currency.
    delivery_days
        Days of delivery promised online.
    seed
        Luck of the run; the same seed gives the same customers and the same luck, whatever the rest.
    threads
        Threads inside the run; results do not depend on it.
    collect
        Whether the data collector records each day (slow on small markets).
    setup
        Everything at once; the scalars above but ``seed``, ``threads`` and ``collect`` are then ignored.

    Notes
    -----
    ``running`` turns false at the horizon. ``step`` is one day, ``run`` all of them.
    """

    def __init__(
        self,
        customers: int = 5_000,
        days: int = 365,
        price: float = 1.0,
        discount: float = 0.0,
        spend: float = 0.0,
        delivery_days: float = 3.0,
        seed: int = 1,
        threads: int = 1,
        collect: bool = False,
        setup: Setup | None = None,
    ) -> None:
        super().__init__(rng=seed % 2**32)
        self.setup = setup or _simple(customers, days, price, discount, spend, delivery_days)
        self.seed, self.day = seed, -self.setup.burn_in
        values = Values(self.setup.parameters)
        traits = draw_traits(self.setup.customers, values, seed)
        self.customers = Customers(traits, first_state(self.setup, values, traits, seed))
        self.channels = [SalesChannel(self, channel, c) for c, channel in enumerate(self.setup.channels)]
        self.rivals = Rival(self, values)
        self.shocks = Shocks(self.setup.shocks, self.setup.channels)
        self.media, self.capabilities = MediaDesk(self.setup.media, values), Capabilities(values)
        self.shopfront, self.supply = Shopfront(self.setup.channels, values), Fulfilment(values)
        self.ledger = Ledger(self.setup)
        self.rules = Rules(*(values[name] for name in Rules._fields))
        self._prepare(values, threads)
        self.datacollector = _collector(self) if collect else None

    @classmethod
    def from_setup(cls, setup: Setup, seed: int = 1, threads: int = 1) -> Market:
        """Return a market for a full setup."""
        return cls(setup=setup, seed=seed, threads=threads)

    def _prepare(self, values: Values, threads: int) -> None:
        setup, count = self.setup, self.setup.customers
        self.crew, self.chunks = Crew(threads), chunk_count(count)
        channels = len(setup.channels)
        self.trade = Trade(
            visits=np.zeros((self.chunks, SOURCE_COUNT, channels), np.int64),
            events=np.zeros((self.chunks, channels, len(EVENTS)), np.int64),
            credited=np.zeros((self.chunks, SOURCE_COUNT, 2), np.int64),
            buyers=np.zeros(count, np.int64),
            bought=np.zeros(count, np.int64),
            second=np.zeros(count, np.int64),
            filled=np.zeros(self.chunks, np.int64),
        )
        self.pull = np.array([_pull(values, source) for source in SOURCES])
        changed(setup, setup.effects, 0)  # refuses what cannot change, before anything runs
        self.drift, self.renewal = values["online_drift"], values["renewal"]
        self.talk_days, self.talk = values["talk_days"], 0.0
        traits = self.customers.traits
        reachable = traits.rate.astype(np.float64) @ traits.digital.astype(np.float64)
        self.audience = max(setup.weight * float(reachable), 1e-9)
        self.usual = setup.customary()
        self.entrants: dict[int, NDArray[np.int64]] = {}
        if setup.entry is not None:
            for entry in np.unique(setup.entry[setup.entry >= -setup.burn_in]):
                self.entrants[int(entry)] = np.flatnonzero(setup.entry == entry)
        self._shop, self._learn = compiled(shop_range), compiled(learn_range)
        self._book = compiled(book_order)

    def step(self) -> None:
        """Live one day."""
        drivers, row = (self.setup.drivers, self.day) if self.day >= 0 else (self.usual, 0)
        if self.setup.effects and self.day >= 0 and self.day % EVERY == 0:
            self._change()
        self.rivals.react(float((drivers.price[row] * (1.0 - drivers.discount[row])).mean()))
        active = self.shocks.strike(self.day) if self.day >= 0 else []
        offer = self._offer(drivers, row, active)
        self._keys()
        self.shop(offer)
        self.supply_orders(offer, drivers.service[row], active)
        self._talk()
        self._close(drivers, row)
        self.day += 1
        self.running = self.day < self.setup.days
        if not self.running:
            self.crew.close()
        if self.datacollector is not None:
            self.datacollector.collect(self)

    def run(self) -> Ledger:
        """Live all days that are left; return the books."""
        while self.day < self.setup.days:
            self.step()
        return self.ledger

    def _change(self) -> None:
        """Bring the rules' parameters up to what initiatives have changed by now."""
        values = changed(self.setup, self.setup.effects, self.day)
        self.shopfront = Shopfront(self.setup.channels, values)
        self.rules = Rules(*(values[name] for name in Rules._fields))
        self.pull = np.array([_pull(values, source) for source in SOURCES])
        self.media.cpc = np.array([values.of_member("cpc", medium.name) for medium in self.setup.media])
        self.rivals.appeal = values["rival_appeal"]

    def _offer(self, drivers: Drivers, row: int, active: list[Shock]) -> Offer:
        """Put today's offer together from what is driven, what strikes and what has ripened."""
        shocks = self.shocks
        new_money = np.maximum(drivers.invest[row] - self.usual.invest[0], 0.0)
        self.capabilities.ripen(new_money, shocks.factor(active, "lateness")[0])
        demand = float(drivers.demand[row]) * float(shocks.factor(active, "demand").mean())
        pull, lift = self._reach(drivers, row, float(shocks.factor(active, "click_price")[0]))
        promise = drivers.delivery_days[row] * shocks.factor(active, "delivery_days")
        self.delivery = promise + np.where(
            self.shopfront.online == 1, (self.supply.hours - self.supply.base) / 24.0, 0.0
        )
        today = {
            "price": drivers.price[row],
            "discount": drivers.discount[row],
            "access": np.minimum(drivers.access[row] * shocks.factor(active, "access"), 1.0),
            "stockout": shocks.factor(active, "stockout"),
        }
        pull[0] *= today["access"][self.shopfront.online == 0].mean() if pull[0] > 0 else 0.0
        demand *= lift
        return self.shopfront.offer(pull, demand, self.rivals.worth, today, self.delivery, self.capabilities)

    def _reach(self, drivers: Drivers, row: int, click_price: float) -> tuple[NDArray[np.float64], float]:
        """Return pulls by source [S] and broadcast's factor on needs."""
        able = self.capabilities
        click_price *= float(drivers.click_price[row]) * (1.0 - able.effect("data_click_price"))
        clicks, lift = self.media.reach(drivers.spend[row], click_price)
        pull = self.pull.copy()
        pull[1:5] *= np.exp(self.drift * self.day / 365.0)
        pull[2:4] *= drivers.organic[row]
        pull[3] *= 1.0 + able.effect("skill_content")
        pull[4] *= self.talk
        pull[5] *= drivers.private[row] * (1.0 + able.effect("data_private"))
        for medium, visits in zip(self.setup.media, clicks, strict=True):
            if medium.action == "click":
                pull[SOURCES.index(medium.source or "paid_search")] += visits / self.audience
        if not self.shopfront.online.any():
            pull[1:] = 0.0
        if self.shopfront.online.all():
            pull[0] = 0.0
        return pull, lift

    def _keys(self) -> None:
        self.keys = np.array([stream_key(self.seed, name, self.day) for name in STREAMS], np.uint64)

    def shop(self, offer: Offer) -> None:
        """Let every customer shop."""
        self.trade.visits[:] = 0
        state, traits = self.customers.state, self.customers.traits

        def work(first: int, last: int) -> None:
            self._shop(first, last, self.day, offer, traits, state, self.rules, self.keys, self.trade)

        self.trade.events[:] = 0
        self.trade.credited[:] = 0
        self.crew.run(work, self.chunks)
        self._welcome(offer)

    def _welcome(self, offer: Offer) -> None:
        """Book the first orders that history says entrants made today, at the first channel open to them."""
        from sim.customers.shopping import BASKET, FUNNEL
        from sim.engine.randomness import word

        state, traits, trade = self.customers.state, self.customers.traits, self.trade
        for i in self.entrants.get(self.day, ()):
            chunk, c = int(i) // CHUNK, 0
            place = chunk * CHUNK + int(trade.filled[chunk])
            bits = np.uint64(word(int(self.keys[BASKET]), int(i)))
            luck = np.uint64(word(int(self.keys[FUNNEL]), int(i)))
            source = int(self.shopfront.online[c])  # a first order of unknown source: direct, or walk-in
            events, credited = trade.events[chunk], trade.credited[chunk]
            self._book(bits, luck, int(i), c, offer, traits, state, self.rules, source, events, credited)
            trade.buyers[place], trade.bought[place] = i, c
            trade.filled[chunk] += 1
            state.aware[i] |= np.uint8(1 << c)

    def supply_orders(self, offer: Offer, response: NDArray[np.float64], active: list[Shock]) -> None:
        """Handle the day's orders, and let buyers learn from how they were served."""
        able = self.capabilities
        online = self.trade.events[:, self.shopfront.online == 1, ORDERS].sum() * self.setup.weight
        self.supply.fulfil(float(online), able.effect("automation_hours"))
        service = response * self.shocks.factor(active, "service")
        service = service + (1.0 - service) * able.effect("service_quality")
        quality = self.supply.quality(service, self.delivery, self.shopfront.online)
        state, traits = self.customers.state, self.customers.traits

        def work(first: int, last: int) -> None:
            args = (first, last, self.day, quality, offer.discount, traits, state, self.rules, self.keys)
            self._learn(*args, self.trade)

        self.crew.run(work, self.chunks)
        self._stockout = offer.stockout
        self._book_second()

    def _book_second(self) -> None:
        for chunk in np.flatnonzero(self.trade.filled):
            start = chunk * CHUNK
            second = self.trade.second[start : start + self.trade.filled[chunk]]
            self.ledger.book_second_orders(second[second > NEVER])

    def _talk(self) -> None:
        """Word of mouth: the share of agents who have bought, remembered over ``talk_days``."""
        bought = float((self.customers.state.orders > 0).mean()) if self.day % 7 == 0 else None
        if bought is not None:
            step = min(7.0 / self.talk_days, 1.0)
            self.talk = bought if self.day == -self.setup.burn_in else self.talk + step * (bought - self.talk)

    def _close(self, drivers: Drivers, row: int) -> None:
        hours = np.where(self.shopfront.online == 1, self.supply.hours, 0.0)
        operations = (hours, self.delivery, self._stockout)
        self.ledger.close(self.day, self.trade, drivers, row, operations)
        self.ledger.levels[self.day + self.ledger.offset] = self.capabilities.level
        self.ledger.loss[self.day + self.ledger.offset] = self.shocks.loss(self.day)
        if (self.day + 1) % MONTH == 0 or self.day == self.setup.days - 1:
            self.ledger.snapshot(self.day, self.customers.state)
        if (self.day + 1) % MONTH == 0:
            self._turn_month()

    def _turn_month(self) -> None:
        """Age the record of recent months; replace some lost customers by new prospects."""
        state = self.customers.state
        state.recent[:] <<= np.uint32(1)
        lost = state.lost == 1
        if self.renewal <= 0.0 or not lost.any() or self.setup.entry is not None:
            return
        chosen = lost & (uniforms(stream_key(self.seed, "renewal", self.day), len(lost)) < self.renewal)
        state.gate[chosen] = self.customers.traits.rate[chosen]
        state.lost[chosen] = state.registered[chosen] = state.used[chosen] = 0
        state.orders[chosen] = 0
        state.first_order[chosen] = state.last_order[chosen] = NEVER
        state.recent[chosen] = 0


def _pull(values: Values, source: str) -> float:
    """Return a source's own pull; paid sources have none but what is bought."""
    return 0.0 if source in ("paid_search", "feed_ads", "live") else values[f"pull.{source}"]


def _simple(
    customers: int, days: int, price: float, discount: float, spend: float, delivery_days: float
) -> Setup:
    """Return a store and an own shop under constant drivers."""
    channels = (Channel("store", "store"), Channel("online", "own"))
    media = (Medium("paid_search", "click", "paid_search", reference=max(spend, 1.0)),)
    drivers = Drivers.constant(
        days, len(channels), 1, price=price, discount=discount, spend=spend, delivery_days=delivery_days
    )
    return Setup(datetime.date(2027, 1, 1), days, channels, drivers, media, customers)


def _collector(market: Market) -> Any:
    """Return a Mesa data collector with orders and visits of the day."""
    return mesa.DataCollector(
        model_reporters={
            "orders": lambda m: int(m.trade.events[:, :, ORDERS].sum()),
            "new_customers": lambda m: int(m.trade.events[:, :, NEW_CUSTOMERS].sum()),
            "visits": lambda m: int(m.trade.visits.sum()),
        }
    )
