"""Parameters that change during a run: initiatives ripen into the rules' values."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.customers.exchange import Rules
from sim.parameters import PARAMETERS, Values
from sim.setup import SOURCES, UTILITIES, Effect, Setup

SHARES = (
    "bounce",
    "registration",
    "payment",
    "mobile_completion",
    "desktop_completion",
    "return_rate",
    "stockout",
    "search_success",
)
BY_CHANNEL = ("appeal", "look", "basket", *SHARES, "page_time")
BY_SOURCE = ("pull", "intent")
EXECUTION = ("execution.trouble", "execution.delay", "execution.failure")
ON_PAGES = ("search_use", "search_exit", "detail_pages", "favourite_margin", "favourite_habit", "page_worth")
EVERY = 7  # days between two looks at what has ripened


def changeable(target: str) -> bool:
    """Whether a parameter may change during a run; traits and starting states cannot."""
    head = target.split(".")[0]
    return (
        head in BY_CHANNEL
        or head in BY_SOURCE
        or head in ("cpc", "rival_appeal", "fit", "execution")
        or target in Rules._fields
        or target in ON_PAGES
    )


def changed(setup: Setup, effects: Sequence[Effect], day: int) -> Values:
    """Return the parameter values of ``day``: the setup's, moved by what has ripened.

    Raises
    ------
    ValueError
        If an effect's target cannot change during a run.
    """
    values = dict(setup.parameters)
    now = Values(setup.parameters)
    for effect in effects:
        if not changeable(effect.target):
            raise ValueError(f"effect {effect.name!r}: {effect.target!r} cannot change during a run")
        for name, before in _members(setup, now, values, effect.target).items():
            values[name] = _moved(name, before, effect.factor, effect.ripeness(day))
    return Values(values)


def _members(setup: Setup, now: Values, values: dict[str, float], target: str) -> dict[str, float]:
    """Return the current values of every parameter that ``target`` means, by full name."""
    family, _, member = target.partition(".")
    if family in BY_CHANNEL:
        chosen = [channel for channel in setup.channels if member in ("", channel.name)]
        names = {f"{family}.{channel.name}": now.of_channel(family, channel) for channel in chosen}
    elif family in BY_SOURCE:
        own = [source for source in SOURCES if family == "intent" or f"pull.{source}" in now]
        names = {f"{family}.{source}": now[f"{family}.{source}"] for source in own if member in ("", source)}
    elif family == "cpc":
        media = [medium.name for medium in setup.media if member in ("", medium.name)]
        names = {f"cpc.{name}": now.of_member("cpc", name) for name in media}
    elif family == "fit":
        goods = [product.name for product in setup.products if member in ("", product.name)]
        names = {f"fit.{name}": now.of_member("fit", name) for name in goods}
    elif family == "execution" and not member:
        names = {name: now[name] for name in EXECUTION}
    else:
        names = {target: now[target]}
    return {name: values.get(name, value) for name, value in names.items()}


def _moved(name: str, before: float, factor: float, ripeness: float) -> float:
    family = name.split(".")[0]
    if family in UTILITIES:
        return before + ripeness * math.log(factor)
    after = before * (1.0 + ripeness * (factor - 1.0))
    share = family in SHARES or (name in PARAMETERS and PARAMETERS[name].scale == "logit")
    return min(after, 1.0) if share else after
