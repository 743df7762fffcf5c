"""Parameters of the rules: unit, default, range, evidence grade and source. They are calibration's priors.

Each rule's module lists its own in ``PARAMETERS``; this file collects them. A family written
``appeal.<kind>`` has a default for each kind of channel; a channel, source or medium of a given name takes
``appeal.<name>`` where that is set, else its kind's. Grades: E experiment or meta-analysis, O observational,
T trade press, A assumption.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sim.setup import Channel

Scale = Literal["log", "logit", "linear"]


@dataclass(frozen=True)
class Parameter:
    """A number of the model and what is known of it before any history is seen.

    Parameters
    ----------
    name, unit
        Unique name; unit in words.
    default, low, high
        Central value and the range taken as the 5th and 95th percentile of the prior.
    grade, source
        Strength and origin of the evidence.
    scale
        Scale on which the prior is normal: ``log`` for positive, ``logit`` for shares, ``linear`` for any.
    """

    name: str
    unit: str
    default: float
    low: float
    high: float
    grade: str
    source: str
    scale: Scale = "linear"

    def __post_init__(self) -> None:
        if not self.low <= self.default <= self.high:
            raise ValueError(f"{self.name}: expected low <= default <= high")
        if self.grade not in "EOTA":
            raise ValueError(f"{self.name}: grade {self.grade!r}; expected one of E, O, T, A")


def to_scale(value: float, scale: Scale) -> float:
    """Map a value to the scale on which its prior is normal."""
    if scale == "log":
        return math.log(value)
    if scale == "logit":
        return math.log(value / (1.0 - value))
    return value


def from_scale(value: float, scale: Scale) -> float:
    """Map back from the prior's scale."""
    if scale == "log":
        return math.exp(min(value, 50.0))
    if scale == "logit":
        return 1.0 / (1.0 + math.exp(-max(min(value, 50.0), -50.0)))
    return value


def modules() -> tuple[Any, ...]:
    """Return the modules that declare parameters, in the order of a day."""
    from sim.customers import (
        care,
        choice,
        coupons,
        fairness,
        funnel,
        habit,
        identity,
        lifecycle,
        loyalty,
        needs,
        population,
        word_of_mouth,
    )
    from sim.retailer import (
        auction,
        booking,
        brand,
        capability,
        channels,
        content,
        creative,
        dealers,
        desk,
        foresight,
        media,
        money,
        page_tests,
        pages,
        policies,
        presale,
        pricing,
        products,
        programme,
        relations_desk,
        reviews,
        service,
        site,
        stock,
        supply,
        terms,
    )
    from sim.world import rivals

    customers = (population, needs, choice, funnel, habit, lifecycle)
    drawing = (auction, creative, content, reviews, brand, presale)
    goods = (fairness, products, pricing, dealers)
    operations = (foresight, stock, desk, service, booking, terms, site)
    relations = (identity, coupons, loyalty, care, word_of_mouth, relations_desk)
    own = (channels, media, capability, supply)
    led, shown = (money, programme, policies), (pages, page_tests)
    return (*customers, *own, rivals, *drawing, *goods, *operations, *relations, *led, *shown)


def collected() -> dict[str, Parameter]:
    """Return every parameter of the market by name."""
    found: dict[str, Parameter] = {}
    for module in modules():
        _add(found, module.PARAMETERS)
    return found


def _add(found: dict[str, Parameter], parameters: Iterable[Parameter]) -> None:
    for parameter in parameters:
        if parameter.name in found:
            raise ValueError(f"{parameter.name} is declared twice")
        found[parameter.name] = parameter


PARAMETERS: dict[str, Parameter] = {}
FAMILIES: set[str] = set()  # their names before the dot


class Values:
    """Values of the parameters, given ones over defaults.

    Raises
    ------
    KeyError
        If a name is neither a parameter nor a member of a declared family.
    ValueError
        If a value is not finite, or outside what its scale allows: 0 and more for ``log``, 0-1 for ``logit``.
    """

    def __init__(self, given: Mapping[str, float]) -> None:
        if not PARAMETERS:
            PARAMETERS.update(collected())
        if not FAMILIES:
            FAMILIES.update(name.split(".")[0] for name in PARAMETERS if "." in name)
        for name, value in given.items():
            if name not in PARAMETERS and name.split(".")[0] not in FAMILIES:
                raise KeyError(f"{name!r} is not a parameter of the market")
            _check(name, float(value))
        self.given = given

    def __getitem__(self, name: str) -> float:
        value = self.given.get(name)
        return float(PARAMETERS[name].default if value is None else value)

    def __contains__(self, name: str) -> bool:
        return name in self.given or name in PARAMETERS

    def of_channel(self, family: str, channel: Channel) -> float:
        """Return ``family`` for a channel: by its name, else by its kind."""
        own = f"{family}.{channel.name}"
        return float(self.given[own]) if own in self.given else self[f"{family}.{channel.kind}"]

    def of_member(self, family: str, member: str, fallback: str = "other") -> float:
        """Return ``family.member``, or ``family.<fallback>`` where no such default is declared."""
        name = f"{family}.{member}"
        return self[name] if name in self.given or name in PARAMETERS else self[f"{family}.{fallback}"]


def _check(name: str, value: float) -> None:
    """Raise ValueError where a value is outside what the parameter's scale allows."""
    if not math.isfinite(value):
        raise ValueError(f"{name}: {value}; expected a finite number")
    declared = PARAMETERS.get(name)
    scale = "linear" if declared is None else declared.scale
    if (scale == "log" and value < 0.0) or (scale == "logit" and not 0.0 <= value <= 1.0):
        raise ValueError(f"{name}: {value}; expected {'0-1' if scale == 'logit' else 'a number >= 0'}")


def family(
    family_name: str,
    unit: str,
    values: Mapping[str, tuple[float, float, float]],
    grade: str,
    source: str,
    scale: Scale = "linear",
) -> tuple[Parameter, ...]:
    """Declare one parameter a member: ``{member: (default, low, high)}``."""
    return tuple(
        Parameter(f"{family_name}.{member}", unit, default, low, high, grade, source, scale)
        for member, (default, low, high) in values.items()
    )


def by_kind(
    family_name: str,
    unit: str,
    store: tuple[float, float, float],
    online: tuple[float, float, float],
    grade: str,
    source: str,
    scale: Scale = "linear",
) -> tuple[Parameter, ...]:
    """Declare a family over the kinds of channel: one triple for stores, one for the online kinds."""
    members = {"store": store, "own": online, "marketplace": online, "social": online}
    return family(family_name, unit, members, grade, source, scale)
