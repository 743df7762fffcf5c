"""The small types every part of a plan is made of: numbers, shares, dates, names, and how they refuse."""

from __future__ import annotations

import calendar
import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from results.problems import nearest
from scenarios.plan.vocabulary import ALIASES, INDICATOR_KEYS

TOLERANCE = 1e-6  # by how much shares may miss a sum of 1

Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Count = Annotated[int, Strict(), Field(ge=1)]
Amount = Annotated[Number, Field(ge=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Factor = Annotated[Number, Field(ge=0, le=100)]
Text = Annotated[str, Strict(), Field(min_length=1)]
Flag = Annotated[bool, Strict()]
Name = Annotated[str, Strict(), Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Source = Literal["plan", "assumption", "case", "history"]
Grade = Literal["E", "O", "T", "A", "claim"]


def refusal(message: str, expected: str, value: object = None) -> PydanticCustomError:
    """Return the error a validator raises when a plan says something that cannot be."""
    context = {"message": message, "expected": expected, "value": "" if value is None else str(value)}
    return PydanticCustomError("omolab", "{message}", context)


def _indicator(key: str) -> str:
    key = ALIASES.get(key, key)
    if key not in INDICATOR_KEYS:
        message = f"no indicator is called {key!r}{nearest(key, INDICATOR_KEYS)}"
        raise refusal(message, "an indicator's key", key)
    return key


def _date(value: Any) -> Any:
    """Take a date or ISO text; YAML's date-times, and numbers that would be read as seconds, are refused."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise refusal("is not a date", "a date such as 2027-01-01", value) from None


Indicator = Annotated[
    str, Strict(), AfterValidator(_indicator), Field(json_schema_extra={"enum": [*INDICATOR_KEYS, *ALIASES]})
]
Date = Annotated[datetime.date, BeforeValidator(_date)]


class Part(BaseModel):
    """A part of a plan: it cannot be changed after it is read, and knows all its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shares(Part):
    """Named shares of one whole, which sum to 1."""

    @model_validator(mode="after")
    def _whole(self) -> Shares:
        check_sum(dict(self))
        return self


def check_sum(shares: dict[str, float]) -> None:
    """Refuse shares that do not sum to 1."""
    total = sum(shares.values())
    if shares and abs(total - 1) > TOLERANCE:
        listed = " + ".join(f"{value:g}" for value in shares.values())
        raise refusal(f"the shares sum to {total:g}, not 1", "shares that sum to 1", listed)


def add_months(day: datetime.date, months: int) -> datetime.date:
    """Return the same day ``months`` later, or the month's last day where it has no such day.

    Raises
    ------
    OverflowError
        Beyond the year 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        raise OverflowError(f"year {year} is beyond the calendar")
    month += 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
