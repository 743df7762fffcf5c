"""The programme: what is newly undertaken, when it starts, and whether it comes in on time.

An undertaking moves drivers and parameters along an S-curve, and draws money. Its luck is its own, so that
scenarios share it. Whether it runs into trouble depends on how able the organisation is by then: trouble makes
it late, and some of what is in trouble comes to nothing, its money written off. A stage begins only when what the
stage before promised can be read off the books, or when waiting for it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, family
from sim.setup import CAPABILITIES, Drivers, Effect

Array = NDArray[np.float64]
YEAR = 365.0
LINES = (slice(0, 3), slice(3, 5))  # the technology and the team line of the budget
SHARES = ("service", "access")

PARAMETERS: tuple[Parameter, ...] = (
    *family(
        "execution",
        "share of undertakings that run into trouble where nobody is able",
        {"trouble": (0.6, 0.3, 0.8)},
        "T",
        "60 % of transitions hit strategy, skill or experience problems: a plan",
        "logit",
    ),
    *family(
        "execution",
        "median delay in trouble, share of the planned time",
        {"delay": (0.4, 0.15, 1.0)},
        "A",
        "-",
        "log",
    ),
    *family(
        "execution",
        "share of those in trouble that come to nothing",
        {"failure": (0.15, 0.05, 0.35)},
        "A",
        "-",
        "logit",
    ),
    Parameter("delay_spread", "log sd of delays", 0.6, 0.3, 1.0, "A", "-", "log"),
    Parameter(
        "skill_relief", "share of trouble that a wholly trained staff is spared", 0.5, 0.1, 0.8, "A", "-", "logit"
    ),
    Parameter(
        "staging", "share of trouble that building in stages spares", 0.18, 0.05, 0.35, "A",
        "a plan's case, 35 %, is the upper end", "logit",
    ),
    Parameter(
        "preparation", "share of building time that finished preparations save", 0.15, 0.03, 0.30, "A",
        "a plan's case, 30 %, is the upper end", "logit",
    ),
)  # fmt: skip


class Luck(NamedTuple):
    """An undertaking's own luck: two uniforms and a standard normal."""

    trouble: float
    lateness: float
    failure: float


CALM = Luck(1.0, 0.0, 1.0)


@dataclass(frozen=True)
class Undertaking:
    """Something new that is done from a day on.

    Parameters
    ----------
    name
        Unique name.
    start, ripen
        First day; days of its S-curve.
    spread
        Days over which its money flows.
    invest
        Currency by capability [5]; drawn from the budget's line unless ``extra``.
    extra
        Whether its money and costs come on top of the budget.
    cost, daily_cost
        Once-only cost spread like the money, and running cost a day; booked only if ``extra``.
    levers
        Driver, channels (columns; empty means all or none) and factor.
    effects
        Changes of rules' parameters; their days follow the undertaking's.
    opens
        Channels (columns) that open with it along its S-curve, and the share of customers they reach.
    stage
        Number of the programme's stage it waits for, -1 for none.
    staged, prepared_by
        Whether it is built in stages; names of undertakings whose end shortens its building.
    luck
        Its own.
    """

    name: str
    start: int
    ripen: int
    spread: int
    invest: tuple[float, ...] = (0.0,) * len(CAPABILITIES)
    extra: bool = False
    cost: float = 0.0
    daily_cost: float = 0.0
    levers: tuple[tuple[str, tuple[int, ...], float], ...] = ()
    effects: tuple[Effect, ...] = ()
    opens: tuple[tuple[int, float], ...] = ()
    stage: int = -1
    staged: bool = False
    prepared_by: tuple[str, ...] = ()
    luck: Luck = CALM

    def __post_init__(self) -> None:
        if self.ripen < 0 or self.spread < 1 or len(self.invest) != len(CAPABILITIES):
            raise ValueError(f"undertaking {self.name!r}: expected ripen >= 0, spread >= 1, 5 investments")
        if min(self.invest) < 0 or self.cost < 0 or self.daily_cost < 0:
            raise ValueError(f"undertaking {self.name!r}: money below 0")
        known = {item.name for item in fields(Drivers)}
        for driver, _, factor in self.levers:
            if driver not in known or factor < 0:
                raise ValueError(f"undertaking {self.name!r}: lever {driver!r} x {factor}; expected a driver")

    def ripeness(self, days: int) -> Array:
        """Return how much of it is there on each day [D]: a smoothstep from 0 to 1."""
        since = np.arange(days) - self.start
        if self.ripen <= 0:
            return np.where(since >= 0, 1.0, 0.0)
        x = np.minimum(np.maximum(since, 0), self.ripen) / self.ripen
        return np.asarray(x * x * (3.0 - 2.0 * x))

    def moved(self, later: int, longer: int) -> Undertaking:
        """Return it starting ``later`` and taking ``longer``, in days; its effects follow."""
        start, ripen = self.start + later, self.ripen + longer
        effects = tuple(replace(effect, start=start, ripen=ripen) for effect in self.effects)
        return replace(self, start=start, ripen=ripen, spread=max(self.spread + longer, 1), effects=effects)

    def failed(self) -> Undertaking:
        """Return it as one that comes to nothing: its money flows, and moves nothing."""
        return replace(self, levers=(), effects=(), opens=())


@dataclass(frozen=True)
class Gate:
    """What must be read off the books before the next stage begins: an indicator and its bound."""

    kpi: str
    bound: float
    at_least: bool = True

    def met(self, value: float) -> bool:
        """Tell whether ``value`` passes; an indicator that is undefined does not."""
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True)
class Stage:
    """A stretch of the programme: its planned first day, its gates, and days to wait for them at most."""

    name: str
    start: int
    gates: tuple[Gate, ...] = ()
    wait: int = 90


@dataclass(frozen=True)
class Organisation:
    """Who carries the plan out.

    Parameters
    ----------
    trained
        Share of staff trained on the first day, 0-1.
    hazard
        Whether undertakings may run into trouble: late, or come to nothing.
    """

    trained: float = 0.0
    hazard: bool = False

    def __post_init__(self) -> None:
        if not 0.0 <= self.trained <= 1.0:
            raise ValueError(f"organisation.trained: {self.trained}; expected a share 0-1")


@dataclass(frozen=True)
class Programme:
    """All that is undertaken.

    Parameters
    ----------
    base
        Drivers without any undertaking.
    undertakings, stages
        What is done; the stages in their order.
    window
        Days over which gates are read.
    """

    base: Drivers
    undertakings: tuple[Undertaking, ...] = ()
    stages: tuple[Stage, ...] = ()
    window: int = 91

    def __post_init__(self) -> None:
        for undertaking in self.undertakings:
            if undertaking.stage >= len(self.stages):
                raise ValueError(f"undertaking {undertaking.name!r}: no stage {undertaking.stage}")


def assembled(
    base: Drivers, undertakings: Sequence[Undertaking], failed: frozenset[str] = frozenset()
) -> Drivers:
    """Return drivers with everything that is undertaken; money of what ``failed`` is written off as cost."""
    made = {item.name: getattr(base, item.name).copy() for item in fields(base)}
    days = len(made["demand"])
    earmark(made["invest"], undertakings)
    for one in undertakings:
        if one.extra:
            running = np.where(np.arange(days) >= one.start, one.daily_cost, 0.0)
            made["costs"] += running + spread_over(one, days, one.cost)
        course = one.ripeness(days)
        for driver, columns, factor in one.levers:
            moved = 1.0 + (factor - 1.0) * course
            if made[driver].ndim == 1:
                made[driver] *= moved
            else:
                made[driver][:, list(columns) or slice(None)] *= moved[:, None]
        for column, reach in one.opens:
            made["access"][:, column] = np.maximum(made["access"][:, column], reach * course)
    for one in undertakings:
        if one.name in failed:
            _write_off(made, one, days)
    made["service"] = np.minimum(made["service"], 1.0)
    return Drivers(**made)


def earmark(invest: Array, undertakings: Sequence[Undertaking]) -> None:
    """Let undertakings say where budgeted money [D, 5] goes: they draw on its technology or team line first.

    What they leave is spread as before; money on top of the budget is added.
    """
    wanted = np.zeros_like(invest)
    for one in undertakings:
        for column, amount in enumerate(one.invest):
            if amount > 0:
                (invest if one.extra else wanted)[:, column] += spread_over(one, len(invest), amount)
    for line in LINES:
        total, asked = invest[:, line].sum(axis=1), wanted[:, line].sum(axis=1)
        given = np.minimum(1.0, np.divide(total, asked, out=np.ones_like(total), where=asked > 0))
        left = np.divide(
            np.maximum(total - asked * given, 0.0), total, out=np.zeros_like(total), where=total > 0
        )
        invest[:, line] = wanted[:, line] * given[:, None] + invest[:, line] * left[:, None]


def spread_over(one: Undertaking, days: int, amount: float) -> Array:
    """Spread an amount evenly over the days in which an undertaking's money flows [D]."""
    daily = np.zeros(days)
    daily[max(one.start, 0) : one.start + one.spread] = amount / one.spread
    return daily


def _write_off(made: dict[str, Array], one: Undertaking, days: int) -> None:
    """Book an undertaking's investment as cost, so that it builds nothing: no more than is there."""
    for column, amount in enumerate(one.invest):
        if amount > 0:
            lost = np.minimum(spread_over(one, days, amount), made["invest"][:, column])
            made["invest"][:, column] -= lost
            made["costs"] += lost
