"""Carrying the programme out: stages open at their gates, undertakings begin, come late or come to nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.change import changed
from sim.parameters import Values
from sim.retailer.policies import Policy
from sim.retailer.programme import Organisation, Programme, Undertaking, assembled
from sim.setup import CAPABILITIES

if TYPE_CHECKING:
    from sim.market import Market

SKILL = CAPABILITIES.index("skill")


class Execution(Policy):
    """The programme at work.

    Attributes
    ----------
    begun
        Undertakings that have begun, as they really go.
    opened
        Day on which each stage opened, by its number.
    late
        Days that each begun undertaking ends later than planned, by name.
    """

    def __init__(self, programme: Programme) -> None:
        super().__init__()
        self.programme = programme
        self.begun: list[Undertaking] = []
        self.opened: dict[int, int] = {}
        self.late: dict[str, int] = {}
        self.lost: set[str] = set()
        self.done: dict[str, int] = {}
        self.looked_up, self.values = -1, Values({})

    def turn(self, market: Market, first: int, last: int) -> None:
        """Begin what is due in days ``first`` to ``last``, and lay out the days from there anew."""
        self._open_stages(market, first, last)
        due = [one for one in self.programme.undertakings if self._due(one, last)]
        for one in sorted(due, key=lambda one: one.start):
            self._begin(market, one, first)
        if due or self.months == 0:
            self._lay_out(market, first)
        self.months += 1

    def trained(self, market: Market) -> float:
        """Return the share of staff trained, 0-1."""
        organisation = market.setup.organisation or Organisation()
        return trained_share(organisation.trained, float(market.retailer.capabilities.level[SKILL]))

    def _due(self, one: Undertaking, last: int) -> bool:
        waits = one.stage >= 0 and one.stage not in self.opened
        return one.name not in self.late and one.start <= last and not waits

    def _open_stages(self, market: Market, first: int, last: int) -> None:
        """Open the stages planned for the month whose gate is passed; none before the one ahead of it."""
        for number, stage in enumerate(self.programme.stages):
            if number in self.opened:
                continue
            if stage.start > last or (number > 0 and number - 1 not in self.opened):
                return
            if number > 0 and not self._passes(market, number, first):
                return
            self.opened[number] = max(stage.start, first if self.months else stage.start)

    def _passes(self, market: Market, number: int, first: int) -> bool:
        """Whether the stage before kept its promise, or waiting for it ends."""
        before, stage = self.programme.stages[number - 1], self.programme.stages[number]
        if not before.gates or first >= stage.start + before.wait:
            return True
        from sim.indicators import INDICATORS, Books, Window

        if first <= 0:
            return False
        books = Books(market.ledger)
        begin = max(first - self.programme.window, 0)
        window = Window(books, begin, first - 1, range(len(market.setup.channels)))
        for gate in before.gates:
            formula = INDICATORS[gate.kpi].formula
            if formula is None or not gate.met(formula(window)):
                return False
        return True

    def _begin(self, market: Market, one: Undertaking, first: int) -> None:
        """Decide how an undertaking goes, once and for all."""
        start = one.start if self.months == 0 else max(one.start, first)
        if one.stage >= 0:
            start = max(start, self.opened[one.stage])
        really = one.moved(start - one.start, 0)
        if market.setup.organisation is not None and market.setup.organisation.hazard:
            really = self._hazarded(market, really)
        self.begun.append(really)
        ends = one.start + one.ripen
        self.late[one.name] = really.start + really.ripen - ends
        self.done[one.name] = really.start + really.ripen
        if 0 <= one.start < market.setup.days:
            row = market.ledger.offset + min(max(start, 0), market.setup.days - 1)
            market.ledger.begun[row] += 1.0
            market.ledger.late_days[row] += self.late[one.name]

    def _hazarded(self, market: Market, one: Undertaking) -> Undertaking:
        """Return an undertaking as its luck, the staff's skill and its preparations let it go."""
        now = self._now(market)
        ready = one.prepared_by and all(self._ready(name, one.start) for name in one.prepared_by)
        if ready:
            one = one.moved(0, -math.floor(now["preparation"] * one.ripen))
        trouble = now["execution.trouble"] * (1.0 - now["skill_relief"] * self.trained(market))
        if one.staged:
            trouble *= 1.0 - now["staging"]
        if one.luck.trouble >= trouble:
            return one
        stretch = now["execution.delay"] * math.exp(now["delay_spread"] * one.luck.lateness)
        one = one.moved(0, math.ceil(min(stretch, 3.0) * one.ripen))
        if one.luck.failure < now["execution.failure"]:
            self.lost.add(one.name)
        return one

    def _now(self, market: Market) -> Values:
        """Return today's values of the parameters, looked up once a month."""
        if self.looked_up != self.months:
            self.looked_up, self.values = (
                self.months,
                changed(market.setup, market.effects, max(market.day, 0)),
            )
        return self.values

    def _ready(self, name: str, day: int) -> bool:
        return name in self.done and name not in self.lost and self.done[name] <= day

    def _lay_out(self, market: Market, first: int) -> None:
        """Write the days from ``first`` on as they follow from what has begun."""
        done = [one.failed() if one.name in self.lost else one for one in self.begun]
        drivers = assembled(self.programme.base, done, frozenset(self.lost))
        for name, values in vars(drivers).items():
            getattr(market.drivers, name)[first:] = values[first:]
        market.effects = (*market.setup.effects, *(effect for one in done for effect in one.effects))
        market.reprice()


def trained_share(at_first: float, level: float) -> float:
    """Return the share of staff trained: who was, and of the others the ``level`` of skill built since."""
    return 1.0 - (1.0 - at_first) * (1.0 - level)
