"""What a customer remembers, tells and hears; and who takes the place of the lost."""

from __future__ import annotations

import numpy as np

from sim.customers.exchange import Offer
from sim.customers.funnel import succeeds
from sim.customers.habit import moved, narrow, widen
from sim.customers.identity import next_flags, order_number
from sim.customers.lifecycle import borrowed_need, dropout_probability
from sim.customers.population import NEUTRAL, NEVER
from sim.customers.word_of_mouth import VOICE, neighbour, opinion_of, pack_heard, unpack_heard, voice
from sim.engine.chunks import added
from sim.engine.randomness import stream_key, uniform, unit, word
from sim.retailer.relations import Network
from tests.reference.paying import Payer


class Customer(Payer):
    """The whole customer: shops, pays, remembers and talks."""

    def speak(self, usual: float, lift: float) -> None:
        """Form an opinion of us, if there is anything to go by."""
        self.opinion = 0
        if self.orders:
            known = self.registered and self.recognised
            said = voice(self.content(), usual, self.model.values["valence"], lift if known else 0.0)
            self.opinion = opinion_of(said)

    def content(self) -> float:
        """Return the mean satisfaction with the channels used."""
        used = [widen(q) for c, q in enumerate(self.satisfaction) if self.used >> c & 1]
        return added(used) / len(used) if used else 0.5

    def listen(self, network: Network, key: int, gain: float) -> None:
        """Hear what the neighbours say."""
        others, ties = self.model.by_number, word(key, self.number)
        found = [
            neighbour(word(ties, tie), self.number, tie, len(others), network.rewired)
            for tie in range(network.neighbours)
        ]
        mean = sum(others[other].opinion for other in found) / (VOICE * network.neighbours)
        self.heard = pack_heard(moved(unpack_heard(self.heard), mean, gain))

    def learn(self, g: int, c: int, quality: list[float], offer: Offer) -> None:
        """Remember today's order and how it was served; perhaps never come back."""
        model, rules = self.model, self.model.rules
        self.habit = [
            narrow(moved(widen(habit), 1.0 if other == c else 0.0, rules.habit_gain))
            for other, habit in enumerate(self.habit)
        ]
        scatter = 2.0 * unit(self.luck("experience")) - 1.0
        met = min(max(quality[c] + rules.experience_spread * scatter, 0.0), 1.0)
        satisfied = moved(widen(self.satisfaction[c]), met, rules.satisfaction_gain)
        self.satisfaction[c] = narrow(satisfied)
        self.borrowed = narrow(borrowed_need(offer.discount[g][c], rules.borrowed_share))
        if self.orders == 0:
            self.first_order = model.day
        elif self.orders == 1:
            model.book.second[model.day - self.first_order] += 1
        self.orders += 1
        self.last_order = model.day
        self.recent |= 1
        self.used |= 1 << c
        hold = float(model.retailer.shopfront.hold[c])
        leaving = dropout_probability(self.proneness, satisfied, rules.dropout_relief, hold)
        self.lost = int(succeeds(unit(self.fate()), leaving))
        self.gate = float(np.float32(self.rate * rules.winback)) if self.lost else self.rate
        model.book.events[c, "lost"] += self.lost

    def fate(self) -> int:
        """Return the luck of the latest order with staying, whatever its day."""
        key = word(stream_key(self.model.seed, "dropout"), self.number)
        return int(word(key, order_number(self.orders, self.flags)))

    def turn_month(self) -> None:
        """Let a month pass; a lost customer may be replaced by a new prospect with the same traits."""
        model = self.model
        self.recent = self.recent << 1 & 0xFFFFFFFF
        replaced = uniform(stream_key(model.seed, "renewal", model.day), self.number)
        if model.setup.entry is not None or not self.lost or replaced >= model.values["renewal"]:
            return
        model.book.departed.append((self.recent, self.used, self.flags))
        model.book.left_behind["coupons"] += self.coupon != 0
        model.book.left_behind["points"] += self.points
        kinds = [channel.online for channel in model.setup.channels]
        met = uniform(stream_key(model.seed, "renewed aware", model.day), self.number)
        online = met < model.values["initial_aware"]
        self.aware = sum(1 << c for c, on in enumerate(kinds) if online or not on)
        habits = ("initial_store_habit", "initial_online_habit")
        self.habit = [narrow(model.values[habits[on]]) for on in kinds]
        self.satisfaction = [NEUTRAL] * len(kinds)
        self.gate = self.rate
        self.used = self.registered = self.lost = self.borrowed = self.orders = self.recent = 0
        self.points = self.coupon = self.opinion = 0
        self.flags = next_flags(self.flags)
        self.first_order = self.last_order = NEVER
