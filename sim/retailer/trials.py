"""Experiments inside the market: who is treated, with what, and what is counted of whom.

A trial changes what some customers meet - chosen one by one, by home region, or step by step - and counts each
customer's visits, orders and sales. Reading it, and holding the reading against the truth, is not done here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import ADDED_WORTH, BOUNCE_FACTOR, COUNTED, OFF_PRICE, SEARCH_FACTOR
from sim.engine.randomness import stream_key, uniforms
from sim.retailer.parts import check

if TYPE_CHECKING:
    from sim.customers.exchange import Offer
    from sim.setup import Channel, Setup

Design = Literal["nobody", "everybody", "customers", "regions", "rollout"]
DESIGNS: tuple[Design, ...] = ("nobody", "everybody", "customers", "regions", "rollout")


@dataclass(frozen=True)
class Treatment:
    """What those treated meet.

    Parameters
    ----------
    worth
        Utility added to buying: 0.1 raises the odds by about a tenth.
    bounce, search
        Factors on the share of visits that bounce, and of searches that succeed (where the funnel is declared).
    discount
        Share off the price, 0 to below 1.
    channels
        Where it acts and where visits and orders are counted; every online channel unless given.
    """

    worth: float = 0.0
    bounce: float = 1.0
    search: float = 1.0
    discount: float = 0.0
    channels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check(
            "treatment",
            self,
            {"worth": (-10.0, 10.0), "bounce": (0.0, 100.0), "search": (0.0, 100.0), "discount": (0.0, 0.95)},
        )


@dataclass(frozen=True)
class Trial:
    """A treatment given by a design.

    Parameters
    ----------
    treatment
        What is tried.
    design
        ``nobody`` and ``everybody`` are the two worlds that the truth is the difference of; ``customers`` an A/B
        test; ``regions`` a geo test; ``rollout`` a pilot in some regions, or in ``first`` channels, then all.
    start, days
        First day and length; as many days before are counted for comparison.
    share
        Share of customers, or of regions, that are treated.
    regions
        Home regions there are.
    reads
        Days after which what is counted is kept, beside ``days``.
    first
        Channels of a roll-out's pilot; by regions unless given.
    follow
        Days counted after the trial: then a roll-out treats everybody, and a test nobody.
    number
        Trials of different numbers choose whom they treat by different luck.
    """

    treatment: Treatment
    design: Design = "customers"
    start: int = 28
    days: int = 28
    share: float = 0.5
    regions: int = 20
    reads: tuple[int, ...] = ()
    first: tuple[str, ...] = ()
    follow: int = 0
    number: int = 0

    def __post_init__(self) -> None:
        if self.design not in DESIGNS:
            raise ValueError(f"trial.design: {self.design!r}; expected one of {DESIGNS}")
        check("trial", self, {"days": (1, 36_500), "start": (0, 36_500), "regions": (2, 10_000)})
        check("trial", self, {"follow": (0, 36_500)})
        if not 0.0 < self.share < 1.0:
            raise ValueError(f"trial.share: {self.share}; expected a share above 0 and below 1")
        if any(not 1 <= read <= self.days for read in self.reads):
            raise ValueError(f"trial.reads: {self.reads}; expected days from 1 to {self.days}")

    @property
    def end(self) -> int:
        """The day after the last that is counted."""
        return self.start + self.days + self.follow

    def check(self, channels: tuple[Channel, ...], days: int, burn_in: int) -> None:
        """Raise ValueError where the trial does not fit into a market."""
        known = [channel.name for channel in channels]
        for name in (*self.treatment.channels, *self.first):
            if name not in known:
                raise ValueError(f"trial: no channel {name!r}; expected one of {known}")
        online = [channel.name for channel in channels if channel.online]
        if set(self.first) - set(self.treatment.channels or online):
            raise ValueError(f"trial.first: {self.first}; expected channels of the treatment")
        if not (self.treatment.channels or online):
            raise ValueError("trial: no online channel; expected treatment.channels")
        if self.start - self.days < -burn_in or self.end > days:
            span = f"{burn_in + days} days from {-burn_in}"
            raise ValueError(f"trial: days {self.start - self.days} to {self.end}; expected within {span}")


def home_regions(customers: int, regions: int, seed: int) -> NDArray[np.int64]:
    """Return each customer's home region [N], by luck; a trial shares it with every other."""
    return (uniforms(stream_key(seed, "home region"), customers) * regions).astype(np.int64)


class TrialDesk:
    """Runs a trial day by day.

    Attributes
    ----------
    chosen
        uint8 [N]: customers of the treated arm.
    region
        int64 [N]: home regions.
    counted
        Visits, orders and sales (minor units) by customer [N, 3], summed from the first day that is counted
        up to the day given, by day.
    """

    def __init__(self, trial: Trial, setup: Setup, seed: int) -> None:
        self.trial, count = trial, setup.customers
        self.region = home_regions(count, trial.regions, seed)
        self.chosen = self._choose(count, seed)
        self.nobody, self.everybody = np.zeros(count, np.uint8), np.ones(count, np.uint8)
        self.arms = self._arms(setup, ())
        self.pilot = self._arms(setup, trial.first) if trial.first else self.arms
        begin, end = trial.start, trial.end
        reads = {begin + read for read in trial.reads} | {begin - trial.days, begin, begin + trial.days, end}
        self.marks = {day - 1 for day in reads}
        self.counted: dict[int, NDArray[np.int64]] = {}
        if begin - trial.days == -setup.burn_in:
            self.counted[-setup.burn_in - 1] = np.zeros((count, 3), np.int64)

    def _choose(self, count: int, seed: int) -> NDArray[np.uint8]:
        trial = self.trial
        if trial.design == "customers":
            return (uniforms(stream_key(seed, "trial arm", trial.number), count) < trial.share).astype(
                np.uint8
            )
        if trial.design == "regions" or (trial.design == "rollout" and not trial.first):
            luck = uniforms(stream_key(seed, "trial region", trial.number), trial.regions)
            many = min(max(round(trial.share * trial.regions), 1), trial.regions - 1)
            return np.isin(self.region, np.argsort(luck, kind="stable")[:many]).astype(np.uint8)
        return np.full(count, int(trial.design != "nobody"), np.uint8)

    def _arms(self, setup: Setup, only: tuple[str, ...]) -> NDArray[np.float64]:
        """Return what a treatment does by channel [5, C]: nothing outside ``only``, where that is given."""
        treatment, arms = self.trial.treatment, np.zeros((5, len(setup.channels)))
        arms[[BOUNCE_FACTOR, SEARCH_FACTOR]] = 1.0
        for c, channel in enumerate(setup.channels):
            if channel.name not in treatment.channels and (treatment.channels or not channel.online):
                continue
            arms[COUNTED, c] = 1.0
            if not only or channel.name in only:
                arms[ADDED_WORTH, c], arms[BOUNCE_FACTOR, c] = treatment.worth, treatment.bounce
                arms[SEARCH_FACTOR, c], arms[OFF_PRICE, c] = treatment.search, treatment.discount
        return arms

    def join(self, offer: Offer, day: int) -> Offer:
        """Return the day's offer with what the trial does, and to whom."""
        trial, arms, treated = self.trial, self.arms, self.nobody
        if trial.start <= day < trial.start + trial.days:
            arms, treated = self.pilot, self.chosen
        elif day >= trial.start and trial.design in ("everybody", "rollout"):
            treated = self.everybody
        return offer._replace(arms=arms, treated=treated)

    def close(self, day: int, tally: NDArray[np.int64]) -> None:
        """Keep what has been counted by customer, on the days that are read."""
        if day in self.marks:
            self.counted[day] = tally.copy()

    def between(self, first: int, last: int) -> NDArray[np.int64]:
        """Return what was counted by customer [N, 3] on days ``first`` to before ``last``."""
        return np.asarray(self.counted[last - 1] - self.counted[first - 1])
