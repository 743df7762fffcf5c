"""Word of mouth on the network, week by week: who is content speaks well of us, and everybody hears some."""

from __future__ import annotations

import numpy as np

from sim.customers.population import Customers
from sim.customers.talking import listen_range, speak_range
from sim.engine.chunks import Crew, chunk_count
from sim.engine.compilation import compiled
from sim.parameters import Values
from sim.retailer.relations_desk import RelationsDesk
from sim.setup import Setup

WEEK = 7
FULL = 65535.0
NEUTRAL = 0.5


class Talk:
    """The network's week.

    ``usual`` is the satisfaction of buyers before the horizon: what is met then is worth no more and no less
    than the fact that they bought, so the network's mean is the mean field where it starts.
    """

    def __init__(
        self, setup: Setup, values: Values, desk: RelationsDesk, customers: Customers, crew: Crew
    ) -> None:
        assert setup.relations is not None and setup.relations.network is not None
        self.network, self.desk, self.customers, self.crew = setup.relations.network, desk, customers, crew
        self.valence, self.gain = values["valence"], min(WEEK / values["talk_days"], 1.0)
        self.chunks = chunk_count(setup.customers)
        self.totals = np.zeros((self.chunks, 2), np.int64)
        self._speak, self._listen = compiled(speak_range), compiled(listen_range)
        self.usual = NEUTRAL
        self.speak(0.0)
        self.spread(-1, gain=1.0)

    @classmethod
    def of(
        cls, setup: Setup, values: Values, desk: RelationsDesk, customers: Customers, crew: Crew
    ) -> Talk | None:
        """Return the network that ``setup`` declares, or ``None``."""
        declared = setup.relations is not None and setup.relations.network is not None
        return cls(setup, values, desk, customers, crew) if declared else None

    def spread(self, day: int, gain: float | None = None) -> None:
        """Let buyers speak and everybody listen; old talk fades by ``gain`` (of a week unless given)."""
        lift = 0.0 if day < 0 else self.desk.lift(day)
        if day < 0 and self.totals[:, 1].any():
            self.usual = float(self.totals[:, 0].sum()) / float(self.totals[:, 1].sum()) / FULL
        self.speak(lift)
        self.listen(self.gain if gain is None else gain)

    def speak(self, lift: float) -> None:
        """Let every buyer form an opinion."""
        people, channels = self.customers.people, self.customers.channels

        def work(_: int, first: int, last: int) -> None:
            self._speak(first, last, self.usual, self.valence, lift, channels, people, self.totals)

        self.crew.run(work, self.chunks)

    def listen(self, gain: float) -> None:
        """Let everybody hear their neighbours."""
        people, network, key = self.customers.people, self.network, self.desk.ties

        def work(_: int, first: int, last: int) -> None:
            self._listen(first, last, key, network.neighbours, float(network.rewired), gain, people)

        self.crew.run(work, self.chunks)
