"""What a search, a gate or a bound speaks of: an indicator, odds, the budget, or the worst of them."""

from __future__ import annotations

import re
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator

from results.problems import nearest
from scenarios.plan.fields import Text, refusal
from scenarios.plan.vocabulary import ALIASES, INDICATOR_KEYS, ODDS

BUDGET = "budget"  # the money a plan spends over all its months, currency
STORES = "stores"  # after an indicator's dot: the worst of the channels that are stores
_MEASURE = r"cvar\s*\(\s*[a-z_0-9.]+\s*\)|[a-z_0-9.]+"
_CONDITION = re.compile(rf"^\s*({_MEASURE})\s*(<=|>=)\s*([-+]?[0-9.]+(?:e[-+]?[0-9]+)?)\s*$", re.IGNORECASE)
_CVAR = re.compile(r"^cvar\s*\(\s*([a-z_0-9.]+)\s*\)$", re.IGNORECASE)


class Measure(NamedTuple):
    """A measure taken apart.

    Parameters
    ----------
    key
        An indicator's key, odds, or ``budget``.
    channel
        The channel it is of, or ``stores``; none is the whole retailer.
    worst
        Whether it is the mean over the worst futures (conditional value at risk) instead of over all.
    """

    key: str
    channel: str = ""
    worst: bool = False

    @property
    def inner(self) -> str:
        """The measure in one future: ``gross_margin.store``."""
        return f"{self.key}.{self.channel}" if self.channel else self.key

    @property
    def text(self) -> str:
        """The measure as plans write it: ``cvar(operating_profit)``."""
        return f"cvar({self.inner})" if self.worst else self.inner


def read_measure(text: str) -> Measure:
    """Read ``kpi``, ``kpi.channel``, ``cvar(kpi)``, odds or ``budget``.

    Raises
    ------
    PydanticCustomError
        If it names no indicator.
    """
    found = _CVAR.match(text.strip())
    key, _, channel = (found[1] if found else text.strip()).partition(".")
    key = ALIASES.get(key, key)
    known = (*INDICATOR_KEYS, *ODDS, BUDGET)
    if key not in known:
        expected = "an indicator's key, odds or budget; cvar(key) for the worst futures"
        raise refusal(f"no indicator is called {key!r}{nearest(key, known)}", expected, text)
    if channel and key not in INDICATOR_KEYS:
        raise refusal(f"{key} is of the whole retailer", key, text)
    if found and key == BUDGET:
        raise refusal("the budget is the same in every future", BUDGET, text)
    return Measure(key, channel, bool(found))


class Condition(NamedTuple):
    """A bound on a measure, such as ``acos <= 0.30``."""

    kpi: str
    operator: Literal["<=", ">="]
    bound: float

    def met(self, value: float) -> bool:
        """Tell whether ``value`` keeps the bound."""
        return value <= self.bound if self.operator == "<=" else value >= self.bound


def read_condition(text: str) -> Condition:
    """Read ``"<measure> <= <number>"`` (or ``>=``).

    Raises
    ------
    PydanticCustomError
        If it is not of that form or names no indicator.
    """
    found = _CONDITION.match(text)
    try:
        bound = float(found[3]) if found else None
    except ValueError:
        bound = None
    if found is None or bound is None:
        raise refusal("is not a condition", "an indicator, <= or >=, and a number: acos <= 0.30", text)
    return Condition(read_measure(found[1]).text, "<=" if found[2] == "<=" else ">=", bound)


def _checked(text: str) -> str:
    read_condition(text)
    return text


ConditionText = Annotated[Text, AfterValidator(_checked)]
MeasureText = Annotated[Text, AfterValidator(lambda text: read_measure(text).text)]
