"""The order desk: orders wait for hands, and hours emerge from load and capacity.

Output follows the work in process by a clearing function (Karmarkar 1989), ``C W / (W + K)``: with little
work the hands idle between waves of picking, with much work they are always busy. At a steady load this is
the M/M/1 queue: hours are those of an unhurried order over one minus utilisation, an order's hours are
exponential around their mean, and work is load times hours (Little). Work is carried from day to day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values
from sim.retailer.foresight import Foresight
from sim.retailer.parts import check, quality_met

PARAMETERS = (
    Parameter("unhurried", "hours an order takes where nothing waits, over the customary", 0.35, 0.2, 0.6, "A", "-", "logit"),
    Parameter("promise_slack", "hours within which an order is on time, over the customary", 3.0, 2.0, 5.0, "A", "-", "log"),
    Parameter("carrier_on_time", "share of parcels that carriers bring on time", 0.95, 0.85, 0.99, "A", "-", "logit"),
    Parameter("hiring_days", "days in which staff follow the foreseen load", 28.0, 7.0, 90.0, "A", "-", "log"),
    Parameter("pick_hours", "hours of work on an online order, customary", 0.4, 0.15, 0.8, "A", "-", "log"),
    Parameter("till_hours", "hours of work on a store's order, customary", 0.1, 0.03, 0.2, "A", "-", "log"),
    Parameter("wage", "currency an hour of work", 35.0, 15.0, 80.0, "A", "-", "log"),
)  # fmt: skip
# Agents order in lumps of their weight: the desk sees the mean of a week, or of as many days as bring SEEN
# agents' orders, at most LONGEST.
INFLOW_DAYS, SEEN, LONGEST = 7.0, 70.0, 28.0
LOAD_DAYS = 14.0
OPENING_DAYS = 60
LET_GO = 0.5  # of the hands that automation frees; the others speed up work


@dataclass(frozen=True)
class OrderDesk:
    """How online orders are handled.

    Parameters
    ----------
    hours
        Customary hours from order to dispatch: what the promised days of delivery include, and what the
        desk is staffed for.
    """

    hours: float = 24.0

    def __post_init__(self) -> None:
        check("order_desk", self, {"hours": (1.0, 1000.0)})


class Desk:
    """The queue of online orders.

    Attributes
    ----------
    hours, base
        Hours from order to dispatch today, and customary.
    backlog
        Orders in process; ``handled`` today's; ``inflow`` the mean of what comes in. What came in and is
        not yet in that mean is ``lumps``: orders in = handled + backlog + lumps.
    capacity
        Orders that busy hands finish a day.
    late
        Share of orders dispatched too late or brought late.
    """

    def __init__(self, part: OrderDesk, values: Values, foresight: Foresight, weight: float = 1.0) -> None:
        self.base = self.hours = part.hours
        self.unhurried = values["unhurried"] * part.hours
        self.busy = 1.0 - values["unhurried"]  # utilisation at which hours are the customary
        self.promise = values["promise_slack"] * part.hours
        self.carrier, self.dislike = values["carrier_on_time"], values["delay_dislike"]
        self.hiring, self.pick, self.till = values["hiring_days"], values["pick_hours"], values["till_hours"]
        self.foresight, self.weight = foresight, weight
        self.backlog = self.inflow = self.lumps = self.load = self.staff = self.handled = self.capacity = 0.0
        self.labour = 0.0
        self.days, self.today = 0, -foresight.offset
        self.late = self.usual_late = self._late(part.hours)

    def fulfil(self, online_orders: float, saved_hours: float) -> float:
        """Handle a day's orders (real orders); return the hours an order takes.

        ``saved_hours`` is the share of work that automation saves, which adds capacity.
        """
        self.today += 1
        if online_orders <= 0.0 and self.days == 0:
            return self.hours  # the desk opens with the first order
        self.days += 1
        self.load += (online_orders - self.load) / min(LOAD_DAYS, self.days)
        window = min(max(INFLOW_DAYS, SEEN * self.weight / max(self.load, 1e-9)), LONGEST)
        share = 1.0 / min(window, self.days)
        self.lumps += online_orders
        self.inflow = self.lumps * share if self.days > 1 else online_orders
        self.lumps -= self.inflow
        left = 1.0 - saved_hours
        self._staff(1.0 - LET_GO * saved_hours)
        self.capacity = max(self.staff / left, 1e-9)
        work, room = self.backlog + self.inflow, self.capacity * self.unhurried * left / 24.0
        self.backlog = _left_over(work, self.capacity, room)
        self.handled = work - self.backlog
        self.hours = 24.0 * (self.backlog + room) / self.capacity
        self.late = self._late(self.hours)
        self.labour = self.handled * self.pick * left
        return self.hours

    def _staff(self, kept: float) -> None:
        """Let staff, of whom a share ``kept`` is still needed, follow the load that is foreseen around now."""
        wanted = kept * self.load * self.foresight.around(self.today, round(self.hiring)) / self.busy
        self.staff += (wanted - self.staff) / (self.hiring if self.days > OPENING_DAYS else 1.0)

    def _late(self, hours: float) -> float:
        """Return the share of orders late when handling takes ``hours`` on average."""
        return 1.0 - self.carrier * (1.0 - math.exp(-self.promise / max(hours, 1e-9)))

    def quality(
        self, service: NDArray[np.float64], delivery: NDArray[np.float64], online: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the quality 0-1 that buyers meet by channel [C], from response and days of delivery."""
        return quality_met(service, delivery, online, self.dislike)


def _left_over(work: float, capacity: float, room: float) -> float:
    """Return the work left at a day's end: the root ``w`` of ``work - w = capacity w / (w + room)``."""
    if work <= 0.0:
        return 0.0
    half = 0.5 * (room + capacity - work)
    root = math.sqrt(half * half + work * room)
    left = work * room / (root + half) if half > 0.0 else root - half
    return min(left, work)
