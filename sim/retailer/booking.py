"""Booking of experiences in stores: requests from online visitors, hosts who answer them, visits that follow."""

from __future__ import annotations

from dataclasses import dataclass

from sim.parameters import Parameter, Values
from sim.retailer.desk import LOAD_DAYS
from sim.retailer.foresight import Foresight
from sim.retailer.parts import answered, check, ripeness, staffed

PARAMETERS = (
    Parameter("booking_share", "bookings asked for an online visit", 0.01, 0.002, 0.04, "A", "-", "log"),
    Parameter("booking_minutes", "minutes of work a booking", 10.0, 5.0, 20.0, "A", "-", "log"),
    Parameter("booking_pull", "attraction of walking in where all bookings are answered, over where none is", 0.15, 0.03, 0.40, "A", "sign: showrooms, Bell et al. 2018", "log"),
)  # fmt: skip
HIRING_DAYS = 28.0
OPENING_DAYS = 60


@dataclass(frozen=True)
class Booking:
    """Online booking of in-store experiences.

    Parameters
    ----------
    response, aim
        Customary share of bookings answered in time; the share promised from ``start`` on, ``None`` for the
        customary.
    places
        Bookings a day that the stores have room for; ``None``: as many as hosts can answer.
    """

    response: float = 0.65
    aim: float | None = None
    places: float | None = None
    start: int = 0
    ripen: int = 90

    def __post_init__(self) -> None:
        check("booking", self, {"response": (0.02, 0.98), "aim": (0.0, 1.0), "places": (0.0, 1e9)})


class Bookings:
    """The queue of bookings: ``asked`` and ``response`` of today, ``extra`` cost beyond the customary."""

    def __init__(self, part: Booking, values: Values, foresight: Foresight) -> None:
        self.part, self.foresight = part, foresight
        self.scatter, self.share = values["contact_scatter"], values["booking_share"]
        self.price = values["booking_minutes"] / 60.0 * values["wage"]
        self.pull = values["booking_pull"]
        self.usual_ratio = staffed(part.response, self.scatter)
        self.aim, self.ratio = part.response, self.usual_ratio
        self.load = self.hosts = self.asked = self.extra = 0.0
        self.response, self.days = part.response, 0

    def answer(self, day: int, visits: float) -> float:
        """Answer what a day's online visitors ask for; return the share answered in time."""
        self.asked = visits * self.share
        if self.asked <= 0.0 and self.days == 0:
            return self.response
        self.days += 1
        self.load += (self.asked - self.load) / min(LOAD_DAYS, self.days)
        part = self.part
        if part.aim is not None:
            aim = part.response + (part.aim - part.response) * ripeness(day, part.start, part.ripen)
            if aim != self.aim:
                self.aim, self.ratio = aim, staffed(aim, self.scatter)
        wanted = self.load * self.foresight.around(day, 28) * self.ratio
        self.hosts += (wanted - self.hosts) / (HIRING_DAYS if self.days > OPENING_DAYS else 1.0)
        room = self.hosts if part.places is None or day < part.start else min(self.hosts, part.places)
        self.response = answered(room, self.load, self.scatter)
        self.extra = (self.hosts - self.asked * self.usual_ratio) * self.price
        return self.response

    @property
    def walk_in(self) -> float:
        """Factor on the attraction of walking in, 1 at the customary response."""
        return 1.0 + self.pull * (self.response - self.part.response)
