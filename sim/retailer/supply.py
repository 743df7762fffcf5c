"""Order handling: a queue with capacity; waiting adds to delivery and lowers the buyers' experience.

Capacity follows the load slowly (staff are hired over a season), so a promotion's peak queues up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values
from sim.retailer.parts import quality_met

PARAMETERS = (
    Parameter("handling_hours", "hours to handle an order without a queue", 24, 8, 48, "A", "48 against 18: a plan", "log"),
    Parameter("capacity_ratio", "daily handling capacity over smoothed load", 1.4, 1.1, 2.0, "A", "-", "log"),
    Parameter("delay_dislike", "quality lost a day of delivery beyond three", 0.03, 0.01, 0.08, "A", "-", "log"),
)  # fmt: skip
LOAD_DAYS = 90.0
INFLOW_DAYS = 7.0  # agents order in lumps of their weight: a week's mean is what the desk sees


class Fulfilment:
    """The queue of online orders: ``backlog`` orders, ``hours`` of handling including the wait."""

    def __init__(self, values: Values) -> None:
        self.base, self.ratio = values["handling_hours"], values["capacity_ratio"]
        self.dislike = values["delay_dislike"]
        self.backlog, self.inflow, self.load, self.days = 0.0, 0.0, 0.0, 0
        self.hours = self.base

    def fulfil(self, online_orders: float, saved_hours: float) -> float:
        """Handle a day's orders (real orders); return the hours an order takes, queueing included.

        ``saved_hours`` is the share of handling time that automation saves; it also adds capacity.
        """
        if online_orders <= 0.0 and self.days == 0:
            return self.hours  # the desk opens with the first order
        self.days += 1
        self.inflow += (online_orders - self.inflow) / min(INFLOW_DAYS, self.days)
        self.load += (online_orders - self.load) / min(LOAD_DAYS, self.days)
        capacity = max(self.ratio * self.load / (1.0 - saved_hours), 1e-9)
        self.backlog = max(self.backlog + self.inflow - capacity, 0.0) if self.days > LOAD_DAYS else 0.0
        self.hours = self.base * (1.0 - saved_hours) + 24.0 * self.backlog / capacity
        return self.hours

    def quality(
        self, service: NDArray[np.float64], delivery: NDArray[np.float64], online: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the quality 0-1 that buyers meet by channel [C], from response and days of delivery."""
        return quality_met(service, delivery, online, self.dislike)
