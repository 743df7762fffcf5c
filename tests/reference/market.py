"""The market as one would write it in plain Mesa: an agent a customer, a method a decision.

It calls the same scalar rules with the same addressed luck as the compiled day and must reach the same
decisions: who looks in, where, what is bought, paid, returned, remembered and told. The files beside follow a
customer through the day. What is not compiled - the retailer and its desks, the policies, the rivals, the
shocks - it shares with the market, but they see these customers' day, and policies read these accounts.
"""

from __future__ import annotations

import mesa
import numpy as np

from sim.change import EVERY, changed
from sim.customers.census import needs_online
from sim.customers.exchange import ORDERS, RIVAL_ORDERS, STREAMS, Offer, Rules
from sim.customers.habit import narrow
from sim.customers.population import populate
from sim.engine.chunks import CHUNK, added
from sim.engine.randomness import sliced, stream_key, uniforms_at
from sim.parameters import Values
from sim.retailer.capability import SITE
from sim.retailer.execution import Execution
from sim.retailer.operations import Traded
from sim.retailer.pages import Pages
from sim.retailer.policies import Policy
from sim.retailer.relations_desk import RelationsDesk
from sim.retailer.retailer import Retailer
from sim.retailer.trials import TrialDesk
from sim.setup import Drivers, Setup
from sim.world.calendar import month_ends
from sim.world.rivals import Competition
from sim.world.shocks import Shocks
from tests.reference.accounts import Accounts
from tests.reference.customer import Customer
from tests.reference.day import DayBook, plain

WEEK = 7


class ReferenceMarket(mesa.Model):
    """The market's schedule over Mesa agents; ``books`` is the list of days."""

    def __init__(self, setup: Setup, seed: int = 1) -> None:
        super().__init__(rng=seed)
        self.setup, self.seed, self.day = setup, seed, -setup.burn_in
        self.drivers, self.effects = setup.drivers, setup.effects
        self.values = Values(setup.parameters)
        self.rules = Rules(*(self.values[name] for name in Rules._fields))
        self._populate()
        self.rivals = Competition(self.values, setup.rivals, [channel.kind for channel in setup.channels])
        self.shocks = Shocks(setup.shocks, setup.channels)
        self.talk, self.audience = self.buyers(), self.needs_online()
        self.relations = RelationsDesk(setup, self.values, seed) if setup.relations else None
        self.network = setup.relations.network if setup.relations else None
        self.pages = Pages.of(setup, self.values, seed)
        self.trial = TrialDesk(setup.trial, setup, seed) if setup.trial else None
        self.tally = np.zeros((setup.customers, 3), np.int64)
        self.usual = self.met = self.usual_satisfaction()
        if self.network is not None:
            self.spread(-1, 1.0)
        self.ends = month_ends(setup.start, -setup.burn_in, setup.burn_in + setup.days)
        self.books: list[DayBook] = []
        self.accounts = Accounts(self)
        self.ledger = self.accounts.ledger
        self.policies: list[Policy] = [Execution(setup.programme)] if setup.programme is not None else []
        self.policies += [rule.policy() for rule in setup.policies]

    def _populate(self) -> None:
        table = populate(self.setup, self.values, self.seed)
        names = table.names()
        self.kinds = {name: table.get(name).dtype for name in names}
        columns = [table.get(name).tolist() for name in names]
        for number, row in enumerate(zip(*columns, strict=True)):
            Customer(self, number, dict(zip(names, row, strict=True)))
        self.population = self.agents_by_type[Customer]
        self.by_number = list(self.population)
        self.retailer = Retailer(self.setup, self.values, self.seed)

    def step(self) -> None:
        """Live one day."""
        setup, retailer = self.setup, self.retailer
        if self.policies and self.day == 0:
            self.turn_policies(0)
        drivers, row = (self.drivers, self.day) if self.day >= 0 else (retailer.usual, 0)
        if self.effects and self.day >= 0 and self.day % EVERY == 0:
            self._change()
        self.keys = {name: stream_key(self.seed, name, self.day) for name in STREAMS}
        self.visit_luck = self.draw_visits()
        self.book = DayBook(self.day)
        moving = setup.pricing is not None and setup.pricing.dynamic and self.day >= 0
        price = retailer.price if moving else drivers.price[row]
        self.rivals.meet(self.day, float((price * (1.0 - drivers.discount[row])).mean()))
        retailer.quote(drivers, row, self.rivals.price)
        talk = self.talk if self.network is None else 1.0
        struck, heard = self.shocks.strike(self.day), (talk, self.audience)
        rivalry = (self.rivals.edge, self.rivals.pressure)
        offer = retailer.offer(self.day, drivers, row, struck, self.rivals.worth, heard, rivalry)
        if self.relations is not None:
            offer = self.relations.join(offer, self.day, retailer.capabilities.effects)
        if self.pages is not None:
            offer = self.pages.join(offer, float(retailer.capabilities.level[SITE]))
        if self.trial is not None:
            offer = self.trial.join(offer, self.day)
        seen = plain(offer)
        self.population.do("shop", seen)
        if setup.entry is not None:
            for number in np.flatnonzero(setup.entry == self.day):
                self.by_number[number].enter(0, seen)
        orders = np.array([self.book.events[c, "orders"] for c in range(len(setup.channels))])
        traded = None if retailer.operations is None else self.traded()
        quality = retailer.serve(orders * setup.weight, drivers.service[row], struck, traded).tolist()
        for (number, _, c, _), g in zip(self.book.orders, self.book.goods, strict=True):
            self.by_number[number].learn(g, c, quality, seen)
        self.turn_week()
        self.close(drivers, row, offer)
        if self.ends[self.day + setup.burn_in]:
            self.turn_month()
        self.books.append(self.book)
        self.day += 1
        self.running = self.day < setup.days

    def draw_visits(self) -> list[float]:
        """Return everybody's luck with looking in today; all at once is faster."""
        numbers = np.arange(self.setup.customers, dtype=np.uint64)
        first = sliced(np.full(1, self.keys["visit"], np.uint64), numbers).astype(float)
        luck: list[float] = ((first + uniforms_at(self.keys["visit rest"], numbers)) * 2.0**-16).tolist()
        return luck

    def close(self, drivers: Drivers, row: int, offer: Offer) -> None:
        """Write the day down, and let rivals, and what draws people, take it in."""
        accounts, book, place = self.accounts, self.book, self.accounts.place
        accounts.book(book, drivers, row, offer)
        visits, events = self.ledger.visits[place], self.ledger.events[place]
        worth = float(offer.worth[offer.worth > -np.inf].mean()) if self.day % WEEK == 0 else None
        self.rivals.observe(float(events[:, ORDERS].sum()), float(events[:, RIVAL_ORDERS].sum()), worth)
        bought = self.ledger.credited[place, :, 0]
        paid, more, told = self.retailer.look_back(self.day, drivers, row, visits, events, bought)
        self.ledger.spend[place] = paid
        self.ledger.costs[place] += more
        self.ledger.tell(place, told)
        if self.relations is not None:
            accounts.relate(book, float(drivers.private[row]))
        if self.pages is not None:
            cost, told = self.pages.close(self.day, visits, events[:, ORDERS])
            self.ledger.costs[place] += cost
            self.ledger.tell(place, told)
        if self.trial is not None:
            self.trial.close(self.day, self.tally)
        if self.ends[place] or self.day == self.setup.days - 1:
            accounts.snapshot()

    def turn_week(self) -> None:
        """Once a week: spread the word, and see who is there."""
        if self.day % WEEK:
            return
        gain = min(WEEK / self.values["talk_days"], 1.0)
        self.talk += gain * (self.buyers() - self.talk)
        self.audience = self.needs_online()
        if self.network is not None:
            self.spread(self.day, gain)
        if self.relations is not None:
            self.relations.observe(self.day, self.accounts.state(), self.accounts.traits())

    def turn_month(self) -> None:
        """Let customers age a month, some be replaced, and the policies look back on the books."""
        before = self.accounts.possessions()
        self.population.do("turn_month")
        self.accounts.turn_month(self.book, before)
        if self.policies and 0 <= self.day < self.setup.days - 1:
            self.turn_policies(self.day + 1)

    def turn_policies(self, first: int) -> None:
        """Let every rule decide on the month from day ``first`` on, on drivers of our own."""
        if self.drivers is self.setup.drivers:
            self.drivers = Drivers(**{name: each.copy() for name, each in vars(self.setup.drivers).items()})
        last = first
        while last < self.setup.days - 1 and not self.ends[last + self.setup.burn_in]:
            last += 1
        for policy in self.policies:
            policy.turn(self, first, last)  # the same desk, other customers

    def reprice(self) -> None:
        """Do nothing: rivals see the drivers' price of the day anyway."""

    def traded(self) -> Traded:
        """Return the day's trade in real units."""
        channels, weight, book = range(len(self.setup.channels)), self.setup.weight, self.book
        groups = range(max(len(self.setup.products), 1))
        counts = [
            np.array([[book.pieces[fate, g, c] for c in channels] for g in groups]) * weight
            for fate in ("ordered", "missed", "returned")
        ]
        visits = np.array([sum(place == c for _, _, place in book.visits) for c in channels]) * weight
        return Traded(*counts, visits)

    def _change(self) -> None:
        """Take over what initiatives have changed by now."""
        values = changed(self.setup, self.effects, self.day)
        self.rules = Rules(*(values[name] for name in Rules._fields))
        self.retailer.adopt(values)
        self.rivals.appeal = values["rival_appeal"]
        if self.relations is not None:
            self.relations.adopt(values)
        if self.pages is not None:
            self.pages.adopt(values)

    def spread(self, day: int, gain: float) -> None:
        """Let buyers speak and everybody listen; before the horizon, learn what is usual (from last week)."""
        desk, network = self.relations, self.network
        assert desk is not None and network is not None
        if day < 0:
            self.usual = self.met
        self.met = self.usual_satisfaction()
        lift = desk.lift(day) if day >= 0 else 0.0
        for customer in self.by_number:
            customer.speak(self.usual, lift)
        for customer in self.by_number:
            customer.listen(network, int(desk.ties), gain)

    def usual_satisfaction(self) -> float:
        """Return the mean satisfaction of those who have bought."""
        content = [narrow(customer.content()) for customer in self.by_number if customer.orders]
        return sum(content) / len(content) / 65535.0 if content else 0.5

    def expire_coupons(self) -> None:
        """Let coupons run out whose last day this was."""
        for customer in self.by_number:
            if customer.coupon and customer.coupon >> 3 == self.day + self.setup.burn_in + 1:
                customer.coupon = 0
                self.book.expired += 1

    def buyers(self) -> float:
        """Return the share of agents who have bought."""
        return sum(customer.orders > 0 for customer in self.by_number) / len(self.by_number)

    def needs_online(self) -> float:
        """Return the real population's needs a day by digital readiness; of the lost few are left."""
        winback = self.rules.winback
        needs = [needs_online(c.rate, c.digital, bool(c.lost), winback) for c in self.by_number]
        parts = [added(needs[first : first + CHUNK]) for first in range(0, len(needs), CHUNK)]
        return self.setup.weight * added(parts)

    def run(self) -> list[DayBook]:
        """Live all days; return their books."""
        while self.day < self.setup.days:
            self.step()
        return self.books
