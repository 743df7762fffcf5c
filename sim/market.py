"""The market: one day, top to bottom, as a Mesa model."""

from __future__ import annotations

import datetime
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.agents import Firm as Firm
from sim.agents import Rival, SalesChannel
from sim.change import EVERY, changed
from sim.customers.census import count_range
from sim.customers.exchange import (
    BASKET,
    DISCOUNTS,
    DROPOUT,
    LIST_SALES,
    MISSED,
    NEW_CUSTOMERS,
    ORDERED,
    ORDERS,
    RETURNED_SALES,
    RIVAL_ORDERS,
    SENT_BACK,
    STREAMS,
    Offer,
    Rules,
    Scratch,
    Trade,
    total,
)
from sim.customers.learning import learn_range
from sim.customers.population import Customers, leaving, populate, renew
from sim.customers.seen import Window, rule_record
from sim.customers.shopping import shop_range, welcome_entrants
from sim.customers.stages import COUNTED, census_range
from sim.engine.chunks import Crew, added, chunk_count
from sim.engine.compilation import compiled
from sim.engine.randomness import day_keys, stream_key
from sim.ledger import MINOR, Ledger
from sim.parameters import Values
from sim.retailer.capability import SITE
from sim.retailer.execution import Execution
from sim.retailer.operations import Traded
from sim.retailer.pages import Pages
from sim.retailer.policies import Policy
from sim.retailer.relations_desk import RelationsDesk
from sim.retailer.retailer import Retailer
from sim.retailer.trials import TrialDesk
from sim.setup import Channel, Drivers, Medium, Setup
from sim.talk import Talk
from sim.world.calendar import month_ends
from sim.world.shocks import Shocks

Array = NDArray[np.float64]
WEEK = 7


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
    population
        Seed of who the customers are and of their past, where that is not ``seed``: the same people with
        another luck.

    Notes
    -----
    ``running`` turns false at the horizon. ``step`` is one day, ``run`` all of them.
    """

    firm: type[Firm] = Firm

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
        population: int | None = None,
    ) -> None:
        super().__init__(rng=seed % 2**32)
        self.setup = setup or _simple(customers, days, price, discount, spend, delivery_days)
        self.seed, self.day, self.collect = seed, -self.setup.burn_in, collect
        changed(self.setup, self.setup.effects, 0)  # refuses what cannot change, before anything runs
        self.drivers, self.effects = self.setup.drivers, self.setup.effects
        self.values = Values(self.setup.parameters)
        self.rules = Rules(*(self.values[name] for name in Rules._fields))
        born = seed if population is None else population
        self.customers = populate(self.setup, self.values, born)
        self.channels = [SalesChannel(self, channel, c) for c, channel in enumerate(self.setup.channels)]
        self.rivals = Rival(self, self.values)
        self.shocks = Shocks(self.setup.shocks, self.setup.channels)
        self.retailer = Retailer(self.setup, self.values, seed)
        self.ledger = Ledger(self.setup)
        self.relations = RelationsDesk(self.setup, self.values, born) if self.setup.relations else None
        self.now, self.adopted, self.ripe = self.values, self.effects, list[float]()  # what has been adopted
        self.pages = Pages.of(self.setup, self.values, seed)
        self.trial = TrialDesk(self.setup.trial, self.setup, seed) if self.setup.trial else None
        self._prepare(threads)
        self.talk, self.audience = self._census()
        self.policies = self._policies()
        if collect:
            self.datacollector = _collector()

    @classmethod
    def from_setup(
        cls, setup: Setup, seed: int = 1, threads: int = 1, population: int | None = None
    ) -> Market:
        """Return a market for a full setup."""
        return cls(setup=setup, seed=seed, threads=threads, population=population)

    def _prepare(self, threads: int) -> None:
        """Lay out what every day needs: keys of luck, month ends, entrants, empty books, compiled loops."""
        setup = self.setup
        days = setup.burn_in + setup.days
        self.crew, self.chunks = Crew(threads), chunk_count(setup.customers)
        shape = (setup.customers, self.chunks, len(setup.channels), len(setup.products) or 1)
        self.trade = Trade.blank(*shape, tallied=setup.trial is not None)
        self.window, self.rule_record = Window(shape[2], shape[3]), rule_record(self.rules)
        self.scratch = [Scratch.blank() for _ in range(threads)]
        self.keys = day_keys(self.seed, STREAMS, -setup.burn_in, days)
        for stream, name in ((DROPOUT, "dropout"), (BASKET, "basket")):
            self.keys[:, stream] = stream_key(self.seed, name)  # by the customer's order, whatever its day
        self.month_ends = month_ends(setup.start, -setup.burn_in, days)
        self.net_price = _net_price(setup.drivers)
        self.usual_price = _net_price(self.retailer.usual)[0]
        self.entrants: dict[int, NDArray[np.int64]] = {}
        if setup.entry is not None:
            for entry in np.unique(setup.entry):
                self.entrants[int(entry)] = np.flatnonzero(setup.entry == entry)
        self._shop, self._learn = compiled(shop_range), compiled(learn_range)
        self._welcome, self._count = compiled(welcome_entrants), compiled(count_range)
        self.counted, self.month = np.zeros((self.chunks, 2)), np.zeros((self.chunks, len(COUNTED)))
        self._census_month = compiled(census_range)
        self.network = None
        if self.relations is not None:
            self.network = Talk.of(self.setup, self.values, self.relations, self.customers, self.crew)

    def step(self) -> None:
        """Live one day."""
        if self.policies and self.day == 0:
            self._turn_policies()
        drivers, row = (self.drivers, self.day) if self.day >= 0 else (self.retailer.usual, 0)
        if self.effects and self.day >= 0 and self.day % EVERY == 0:
            self._change()
        self.rivals.meet(self.day, self._seen_price())
        self.retailer.quote(drivers, row, self.rivals.price)
        talk = self.talk if self.network is None else 1.0  # on a network each customer hears its own
        struck, heard = self.shocks.strike(self.day), (talk, self.audience)
        rivalry = (self.rivals.edge, self.rivals.pressure)
        offer = self.retailer.offer(self.day, drivers, row, struck, self.rivals.worth, heard, rivalry)
        if self.relations is not None:
            offer = self.relations.join(offer, self.day, self.retailer.capabilities.effects)
        if self.pages is not None:
            offer = self.pages.join(offer, float(self.retailer.capabilities.level[SITE]))
        if self.trial is not None:
            offer = self.trial.join(offer, self.day)
        self.shop(offer)
        orders: Array = np.asarray(total(self.trade.events)[:, ORDERS] * self.setup.weight, np.float64)
        traded = None if self.retailer.operations is None else self._traded()
        self.learn(self.retailer.serve(orders, drivers.service[row], struck, traded), offer)
        self._close(drivers, row, offer)
        self.day += 1
        self.running = self.day < self.setup.days
        if not self.running:
            self.crew.close()
        if self.collect:
            self.datacollector.collect(self)

    def run(self) -> Ledger:
        """Live all days that are left; return the books."""
        while self.day < self.setup.days:
            self.step()
        return self.ledger

    def dismiss(self) -> None:
        """Let the customers go, once the books are all that is wanted.

        The parts of a market refer to each other, so the memory of millions would otherwise wait for the
        garbage collector while the next market is made.
        """
        none = self.customers.people[:0].copy(), self.customers.gate[:0].copy()
        self.customers, self.network = Customers(*none, self.customers.channels), None
        self.trade = Trade.blank(0, 0, self.customers.channels)

    def shop(self, offer: Offer) -> None:
        """Let every customer shop; today's entrants of a known cohort order at the first channel."""
        trade, keys = self.trade, self.keys[self.day + self.setup.burn_in]
        people, gate, rules = self.customers.people, self.customers.gate, self.rule_record
        for counts in (trade.visits, trade.events, trade.credited, trade.second, trade.goods, trade.takings):
            counts.fill(0)
        seen = self.window.show(offer)

        def work(thread: int, first: int, last: int) -> None:
            room = self.scratch[thread]
            self._shop(first, last, self.day, seen, people, gate, rules, keys, trade, room)

        self.crew.run(work, self.chunks)
        entrants = self.entrants.get(self.day)
        if entrants is not None:  # by an unknown source: direct, or on foot
            source = int(offer.online[0])
            self._welcome(entrants, source, 0, seen, people, rules, keys, trade)

    def learn(self, quality: Array, offer: Offer) -> None:
        """Let buyers learn from how they were served: ``quality`` [C] is what they met, 0-1."""
        if not any(self.trade.filled.tolist()):
            return
        people, gate, trade, rules = self.customers.people, self.customers.gate, self.trade, self.rule_record
        hold, keys = self.retailer.shopfront.hold, self.keys[self.day + self.setup.burn_in]

        def work(thread: int, first: int, last: int) -> None:
            room = self.scratch[thread].touched
            self._learn(
                first, last, self.day, quality, offer.discount, hold, people, gate, rules, keys, trade, room
            )

        self.crew.run(work, self.chunks)

    def _month_census(self) -> Array:
        """Return counts of people [W], see :data:`sim.customers.stages.COUNTED`."""
        people, channels = self.customers.people, len(self.setup.channels)
        online = sum(1 << c for c, channel in enumerate(self.setup.channels) if channel.online)

        def work(_: int, first: int, last: int) -> None:
            self._census_month(first, last, self.day, channels, online, people, self.month)

        self.crew.run(work, self.chunks)
        return np.array([added(column) for column in self.month.T.tolist()])

    def _change(self) -> None:
        """Bring the rules' parameters up to what initiatives have changed by now; most weeks little has."""
        ripe = [effect.ripeness(self.day) for effect in self.effects]
        if ripe != self.ripe or self.effects is not self.adopted:
            self.adopted, self.ripe = self.effects, ripe
            self.now = changed(self.setup, self.effects, self.day)
            self.rules = Rules(*(self.now[name] for name in Rules._fields))
            self.rule_record = rule_record(self.rules)
            self.retailer.adopt(self.now)
            self.rivals.appeal = self.now["rival_appeal"]
            if self.pages is not None:
                self.pages.adopt(self.now)
        if self.relations is not None:  # its terms are looked at again whatever has changed
            self.relations.adopt(self.now)

    def _traded(self) -> Traded:
        """Return the day's trade in real units, as the firm's operations see it."""
        weight = self.setup.weight
        goods: Array = np.asarray(total(self.trade.goods) * weight, np.float64)
        visits: Array = np.add.reduce(total(self.trade.visits), axis=0) * weight
        return Traded(goods[..., ORDERED], goods[..., MISSED], goods[..., SENT_BACK], visits)

    def _census(self) -> tuple[float, float]:
        """Return the share of agents who have bought, and the real population's needs a day online."""
        people, winback = self.customers.people, float(self.rules.winback)

        def work(_: int, first: int, last: int) -> None:
            self._count(first, last, winback, people, self.counted)

        self.crew.run(work, self.chunks)
        buyers, needs = (added(column) for column in self.counted.T.tolist())
        return buyers / self.setup.customers, self.setup.weight * needs

    def _close(self, drivers: Drivers, row: int, offer: Offer) -> None:
        """Book the day, spread the word weekly, and turn the month."""
        if self.day % WEEK == 0:
            buyers, self.audience = self._census()
            self.talk += min(WEEK / self.values["talk_days"], 1.0) * (buyers - self.talk)
            if self.network is not None:
                self.network.spread(self.day)
            if self.relations is not None:
                self.relations.observe(self.day, self.customers.state, self.customers.traits)
        book, place = self.ledger, self.day + self.setup.burn_in
        retailer = self.retailer
        operations = (
            retailer.supply.hours * retailer.shopfront.remote,
            retailer.delivery,
            offer.stockout[0] if len(offer.needs) == 1 else offer.needs @ offer.stockout / offer.needs.sum(),
        )
        book.close(self.day, self.trade, drivers, row, operations)
        book.prices[place] = retailer.price
        if retailer.dealers is not None:
            self._settle(drivers, row, place)
        if retailer.operations is not None:
            book.firm[place] = list(retailer.operations.book.values())
        book.levels[place] = retailer.capabilities.level
        book.loss[place] = self.shocks.loss(self.day)
        self._look_back(drivers, row, offer)
        if self.relations is not None:
            row_of_day = book.relations[place]
            effort, state = float(drivers.private[row]), self.customers.state
            book.costs[place] += self.relations.close(self.day, effort, book.events[place], state, row_of_day)
        if self.pages is not None:
            cost, told = self.pages.close(self.day, book.visits[place], book.events[place, :, ORDERS])
            book.costs[place] += cost
            book.tell(place, told)
        if self.trial is not None:
            self.trial.close(self.day, self.trade.tally)
        if self.month_ends[place] or self.day == self.setup.days - 1:
            book.snapshot(self.day, self._month_census(), self.customers.state)
        if self.month_ends[place]:
            self._turn_month()
            if self.policies and 0 <= self.day < self.setup.days - 1:
                self._turn_policies(self.day + 1)

    def reprice(self) -> None:
        """Look at today's drivers again: rivals follow their mean net price."""
        self.net_price = _net_price(self.drivers)

    def _policies(self) -> list[Policy]:
        """Return the rules that act at month ends, the programme's first."""
        setup = self.setup
        found: list[Policy] = [] if setup.programme is None else [Execution(setup.programme)]
        found += [rule.policy() for rule in setup.policies]
        if setup.programme is not None:
            for one in setup.programme.undertakings:
                changed(setup, one.effects, 0)
        return found

    def _turn_policies(self, first: int = 0) -> None:
        """Let every rule look back and lay out the month from day ``first`` on, on drivers of our own."""
        if self.drivers is self.setup.drivers:
            own = {name: values.copy() for name, values in vars(self.setup.drivers).items()}
            self.drivers = Drivers(**own)
        ends = np.flatnonzero(self.month_ends[first + self.setup.burn_in :])
        last = first + int(ends[0]) if len(ends) else self.setup.days - 1
        for policy in self.policies:
            policy.turn(self, first, min(last, self.setup.days - 1))

    def _look_back(self, drivers: Drivers, row: int, offer: Offer) -> None:
        """Let rivals, and what draws people, take in the day; book what it cost beyond the drivers."""
        book, place = self.ledger, self.day + self.setup.burn_in
        if self.rivals.firms:
            events = book.events[place]
            worth = float(offer.worth[offer.worth > -np.inf].mean()) if self.day % WEEK == 0 else None
            ours, theirs = events[:, ORDERS].tolist(), events[:, RIVAL_ORDERS].tolist()
            self.rivals.observe(float(sum(ours)), float(sum(theirs)), worth)
        if self.retailer.traffic is not None:
            bought = book.credited[place, :, 0]
            done = self.retailer.look_back(
                self.day, drivers, row, book.visits[place], book.events[place], bought
            )
            book.spend[place], told = done[0], done[2]
            book.costs[place] += done[1]
            book.tell(place, told)

    def _settle(self, drivers: Drivers, row: int, place: int) -> None:
        """Book what dealers bought of us today, and how many of them are still with us."""
        dealers, events = self.retailer.dealers, self.ledger.events[place]
        assert dealers is not None
        sold = events[:, LIST_SALES] - events[:, DISCOUNTS] - events[:, RETURNED_SALES]
        net = float(sold.sum()) * self.setup.weight / MINOR
        self.ledger.dealers[place, 0] = dealers.settle(net, float(drivers.demand[row]), self.day < 0)
        self.ledger.dealers[place, 1] = dealers.standing

    def _seen_price(self) -> float:
        """Return our mean net price as rivals see it; yesterday's where it moves by itself."""
        pricing = self.setup.pricing
        if pricing is not None and pricing.dynamic and self.day >= 0:
            net = self.retailer.price * (1.0 - self.drivers.discount[self.day])
            return float(np.add.reduce(net)) / len(net)
        return self.net_price[self.day] if self.day >= 0 else self.usual_price

    def _turn_month(self) -> None:
        """Age the record of recent months; replace some lost customers by new prospects."""
        state = self.customers.state
        self.ledger.turn_month(state)
        if self.setup.entry is None:
            gone = leaving(state, self.values, self.seed, self.day)
            self.ledger.depart(state.recent[gone], state.used[gone], state.flags[gone])
            before = RelationsDesk.count(state) if self.relations is not None else (0, 0)
            renew(self.setup, self.values, self.customers.traits.rate, state, self.seed, self.day, gone)
            if self.relations is not None:
                self.relations.forget(before, state, self.ledger.relations[self.day + self.setup.burn_in])


def _net_price(drivers: Drivers) -> list[float]:
    """Return the mean price after discount by day, relative to the reference price."""
    net: list[float] = (drivers.price * (1.0 - drivers.discount)).mean(axis=1).tolist()
    return net


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


def _collector() -> Any:
    """Return a Mesa data collector with orders and visits of the day."""
    return mesa.DataCollector(
        model_reporters={
            "orders": lambda m: int(m.trade.events[:, :, ORDERS].sum()),
            "new_customers": lambda m: int(m.trade.events[:, :, NEW_CUSTOMERS].sum()),
            "visits": lambda m: int(m.trade.visits.sum()),
        }
    )
