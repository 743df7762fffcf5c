"""The service desk: questions and complaints against the hands and bots that answer them.

Staff are hired for the response that is promised at the load that is foreseen; the response that buyers
get follows from the load that comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sim.parameters import Parameter, Values, family
from sim.retailer.desk import LOAD_DAYS
from sim.retailer.foresight import Foresight
from sim.retailer.parts import SURE, answered, check, ripeness, staffed

PARAMETERS = (
    Parameter("contacts_per_order", "questions asked an order", 0.25, 0.1, 0.6, "A", "-", "log"),
    Parameter("contacts_per_visit", "questions asked an online visit", 0.01, 0.002, 0.04, "A", "-", "log"),
    Parameter("contacts_per_late", "further questions asked a late order", 0.5, 0.2, 1.0, "A", "-", "log"),
    Parameter("contact_minutes", "minutes of work a question", 6.0, 3.0, 12.0, "A", "-", "log"),
    Parameter("contact_scatter", "log sd of hourly load around the day's", 0.5, 0.25, 0.9, "A", "-", "log"),
    Parameter("night_share", "share of questions asked outside working hours", 0.2, 0.1, 0.35, "A", "-", "logit"),
    Parameter("bot_fee", "currency a question that a bot answers", 0.5, 0.1, 1.5, "A", "-", "log"),
    *family(
        "bots",
        "share of questions that bots answer: by day at full automation, by night around the clock",
        {"day": (0.35, 0.15, 0.60), "night": (0.60, 0.30, 0.85)},
        "A",
        "below the plans' case (service cost -40 %), a claim",
        "log",
    ),
    *family(
        "complaints",
        "complaints an order: of any; of one late, out of stock, or whose question is not answered in time",
        {
            "any": (0.005, 0.001, 0.02),
            "late": (0.10, 0.03, 0.30),
            "short": (0.05, 0.01, 0.15),
            "unanswered": (0.03, 0.01, 0.10),
        },
        "A",
        "-",
        "log",
    ),
)  # fmt: skip
HIRING_DAYS = 28.0
OPENING_DAYS = 60


@dataclass(frozen=True)
class ServiceDesk:
    """How questions are answered.

    Parameters
    ----------
    response
        Customary share answered in time, 0-1, by which today's cost is read off.
    around_the_clock
        Bots answer at night from ``start`` on, fully after ``ripen`` days.
    """

    response: float = 0.7
    around_the_clock: bool = False
    start: int = 0
    ripen: int = 90

    def __post_init__(self) -> None:
        check("service_desk", self, {"response": (0.02, 0.98), "ripen": (0, 3650)})


def at_night(part: ServiceDesk, share: float) -> float:
    """Return the share of questions outside working hours: ``share``, or less where today's response is above."""
    return min(share, 1.0 - part.response / SURE)


def reachable(part: ServiceDesk, values: Values) -> float:
    """Return the most that staff by day, and bots by night where they answer, can be made to answer in time, 0-1."""
    night = at_night(part, values["night_share"])
    return (1.0 - night) * SURE + (night * values["bots.night"] if part.around_the_clock else 0.0)


class Asked(NamedTuple):
    """What a day brings to the desk: orders, online visits, late orders, orders out of stock, real units."""

    orders: float
    visits: float
    late: float
    short: float


class Answers:
    """The desk, day by day.

    Attributes
    ----------
    response
        Share of today's questions answered in time.
    contacts, cost, extra, hours, complaints
        Today's questions; cost of staff and bots, and what of it is beyond the customary cost of as many
        questions; staff's hours; complaints.
    """

    def __init__(self, part: ServiceDesk, values: Values, foresight: Foresight) -> None:
        self.part, self.foresight = part, foresight
        self.scatter, self.wage = values["contact_scatter"], values["wage"]
        self.minutes, self.fee = values["contact_minutes"], values["bot_fee"]
        self.per = [values[f"contacts_per_{what}"] for what in ("order", "visit", "late")]
        self.bots = (values["bots.day"], values["bots.night"])
        self.rates = [values[f"complaints.{what}"] for what in ("any", "late", "short", "unanswered")]
        self.night = at_night(part, values["night_share"])
        self.usual_ratio = staffed(part.response / (1.0 - self.night), self.scatter)
        self.promised, self.ratio = (-1.0, 0.0, 0.0), self.usual_ratio
        self.load = self.staff = self.contacts = self.cost = self.extra = self.hours = self.complaints = 0.0
        self.response, self.days = part.response, 0

    def answer(self, day: int, asked: Asked, aim: float, automation: float, skill: float) -> float:
        """Answer a day's questions; return the response that buyers met, over the promised one.

        ``aim`` is the promised response 0-1; ``automation`` level of that capability, 0-1, and ``skill``
        the share by which service capability raises what a head answers.
        """
        part, per = self.part, self.per
        night = self.bots[1] * ripeness(day, part.start, part.ripen) if part.around_the_clock else 0.0
        self.contacts = per[0] * asked.orders + per[1] * asked.visits + per[2] * asked.late
        if self.contacts <= 0.0 and self.days == 0:
            return 1.0
        self.days += 1
        bots = self.bots[0] * automation
        load = self.contacts * (1.0 - self.night * night) * (1.0 - bots)
        self.load += (load - self.load) / min(LOAD_DAYS, self.days)
        self._hire(day, aim, night, bots)
        by_day = bots + (1.0 - bots) * answered(self.staff * (1.0 + skill), self.load, self.scatter)
        self.response = (1.0 - self.night) * by_day + self.night * night
        self._count(asked, self.contacts - load)
        return self.response / max(aim, 1e-9)

    def _hire(self, day: int, aim: float, night: float, bots: float) -> None:
        """Let staff follow what the promised response needs at the foreseen load."""
        if (aim, night, bots) != self.promised:  # the inverse of a normal law is dear
            self.promised = (aim, night, bots)
            by_day = (aim - self.night * night) / (1.0 - self.night)
            self.ratio = staffed((by_day - bots) / (1.0 - bots), self.scatter)
        wanted = self.load * self.foresight.around(day, 28) * self.ratio
        self.staff += (wanted - self.staff) / (HIRING_DAYS if self.days > OPENING_DAYS else 1.0)

    def _count(self, asked: Asked, by_bots: float) -> None:
        """Count hours, money and complaints."""
        self.hours = self.staff * self.minutes / 60.0
        self.cost = self.hours * self.wage + by_bots * self.fee
        usual = self.contacts * self.usual_ratio * self.minutes / 60.0 * self.wage
        self.extra = self.cost - usual
        any_, late, short, unanswered = self.rates
        self.complaints = (
            any_ * asked.orders
            + late * asked.late
            + short * asked.short
            + unanswered * self.contacts * (1.0 - self.response)
        )
