"""The own site under load: a promotion's rush against what the site can bear; beyond it, some find it shut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.parameters import Parameter, Values
from sim.retailer.parts import check, ripeness
from sim.setup import Channel

PARAMETERS = (
    Parameter("rush", "elasticity of a peak hour's load to the price after discount", 6.0, 3.0, 10.0, "A", "-", "log"),
    Parameter("site_room", "share by which full site capability raises what the site bears", 1.0, 0.3, 2.0, "A", "-", "log"),
    Parameter("tested_room", "share by which load tests do", 1.0, 0.3, 2.0, "A", "case: cloud hosting, failures -90 %", "log"),
)  # fmt: skip
MEMORY = 28.0


@dataclass(frozen=True)
class SiteLoad:
    """What the own site bears.

    Parameters
    ----------
    headroom
        Load that the site bears at the start of the horizon, over a customary day's.
    tested
        Load tests find and mend the narrow places, from ``start`` on, fully after ``ripen`` days.
    """

    headroom: float = 3.0
    tested: bool = False
    start: int = 0
    ripen: int = 90

    def __post_init__(self) -> None:
        check("site_load", self, {"headroom": (0.1, 1000.0), "ripen": (0, 3650)})


class Site:
    """The site, day by day; ``load`` is today's over the customary.

    Parameters
    ----------
    part, channels, values
        What the site bears; the channels, of which those of kind ``own`` run on it; parameters.
    usual
        Customary discounts [C].
    """

    def __init__(
        self, part: SiteLoad, channels: Sequence[Channel], values: Values, usual: Sequence[float]
    ) -> None:
        self.part, self.usual = part, usual
        self.own = [c for c, channel in enumerate(channels) if channel.kind == "own"]
        self.rush, self.site = values["rush"], values["site_room"]
        self.tests = values["tested_room"]
        self.orders = self.customary = self.load = 0.0
        self.days = 0

    def trade(self, day: int, orders: Sequence[float]) -> None:
        """Remember what the site has sold of the day's ``orders`` [C]; before the horizon it is customary."""
        here = sum(orders[c] for c in self.own)
        if here <= 0.0 and self.days == 0:
            return
        self.days += 1
        self.orders += (here - self.orders) / min(MEMORY, self.days)
        if day < 0 or self.days <= MEMORY:
            self.customary = self.orders

    def access(self, day: int, discount: Sequence[float], demand: float, level: float) -> list[float] | None:
        """Return the share of customers that finds each channel up [C]; ``None`` where all do.

        ``demand`` is the day's multiplier of needs, ``level`` that of site capability, 0-1.
        """
        if self.customary <= 0.0 or day < 0:
            return None
        part = self.part
        tested = self.tests * ripeness(day, part.start, part.ripen) if part.tested else 0.0
        room = part.headroom * (1.0 + self.site * level) * (1.0 + tested)
        found, down = [1.0] * len(discount), False
        for c in self.own:
            promoted = ((1.0 - discount[c]) / (1.0 - self.usual[c])) ** -self.rush
            self.load = demand * promoted * self.orders / self.customary
            found[c] = min(room / max(self.load, 1e-9), 1.0)
            down = down or found[c] < 1.0
        return found if down else None
