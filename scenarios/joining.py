"""A plan's market joined to its history's outlook: sales go as history has them, effects as the market does.

The market of a fitted plan sells what its stated population, needs and growth bring, which need not be what
the company sold last month. With a history there is better knowledge of level, trend and season: its outlook,
the total carried on by statistics (:mod:`scenarios.outlook`). So the status quo is lived once in every draw
without risks, and led to a path of the outlook. Every scenario then meets the same: it differs from the
history's outlook by what it does alone.

What the two differ by in the plan's first year is a matter of size. A market of too few people is made one of
more, each agent standing for more customers, so that conversion, orders a customer and baskets stay what the
fit made them. The course around that year's level, season and trend, goes through needs:

    population = outlook / status quo of the market over the first year
    demand [month] = wave of the plan [day] x path of the outlook [month] / (population x status quo [month])

Sales follow needs less than one for one where customers or stock are short: how much less is read off each
step, and the next is longer by that. The plan's own growth of needs is left out: the outlook holds the
history's. Of a history in another currency, or of another size by far, trend and season are taken and the
level stays the plan's; a plan that begins outside the outlook is not joined. Months beyond the outlook
repeat those of its last year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scenarios.outlook import Outlook
from scenarios.plan import STATUS_QUO, scenario_plan

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.executor import Pool, Progress
    from scenarios.plan import Plan

Array = NDArray[np.float64]
FAMILY = "demand."  # a draw's factor of needs in a month is called demand.2027-03
SIZE = "population"  # a draw's factor of the plan's population
YEAR = 12  # months that tell of size
# Of each draw's status quo in each step: a few thousand agents' year is told within some per cent.
LIVES = (1, 1, 3)
SLUGGISH, TOLD = 0.35, 0.05  # least response of sales to needs believed; step of needs that tells of one, log
LEAST, MOST = 0.02, 50.0  # times the plan's market: a history beyond this is another company's


def size_of(draw: Mapping[str, float]) -> float:
    """Return how many times the plan's population a draw has; 1 where it was not joined."""
    return draw.get(SIZE, 1.0)


def behaviour(draw: Mapping[str, float]) -> dict[str, float]:
    """Return a draw's parameters of the market: without what joins it to a history."""
    return {name: value for name, value in draw.items() if name != SIZE and not name.startswith(FAMILY)}


def factors(plan: Plan, draw: Mapping[str, float]) -> Array | None:
    """Return the factor of needs on each day of a plan [D]; ``None`` for a draw that was not joined.

    Days beyond the months that were joined, as a sweep of the plan's length may ask for, keep the nearest.
    """
    known = sorted(name.removeprefix(FAMILY) for name in draw if name.startswith(FAMILY))
    if not known:
        return None
    dates = np.datetime64(plan.start, "D") + np.arange(plan.days)
    place = (dates.astype("datetime64[M]") - np.datetime64(known[0], "M")).astype(int)
    values = np.array([draw[FAMILY + month] for month in known])
    return np.asarray(values[np.clip(place, 0, len(known) - 1)])


def months_of(plan: Plan) -> list[str]:
    """Return the calendar months that a plan's days touch."""
    first = np.datetime64(plan.start, "M")
    last = (np.datetime64(plan.start, "D") + plan.days - 1).astype("datetime64[M]")
    return [str(month) for month in np.arange(first, last + 1)]


def joined(
    plan: Plan,
    draws: Sequence[Mapping[str, float]],
    outlook: Outlook,
    seed: int,
    pool: Pool,
    customers: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the sizes and factors of needs that lead each draw's status quo to a path of the outlook.

    Only where the plan begins within it (`reaches`).

    Parameters
    ----------
    plan
        The plan; its status quo is what is joined.
    draws
        Parameter values by name; each is joined to a path of its own.
    outlook
        Of the history the draws were fitted to.
    seed, customers
        Luck, each draw's its own, so that no one run's luck lifts them all; agents a run (the plan's own if
        ``None``).
    pool, progress
        Who works; shows the runs done.

    Returns
    -------
    DataFrame
        Columns draw, month, outlook, market (both in the outlook's measure; the market as it sold before the
        first step), factor of needs, population (times the plan's, one a draw), and ``level``: whether the
        level too is the outlook's, or trend and season alone.
    """
    from scenarios.experiment import seed_of

    months, wanted = months_of(plan), _wanted(plan, outlook, len(draws))
    base = _undisturbed(plan)
    # Channels of other names are other channels: then all of the plan's are taken for all of the history's.
    counted = list(outlook.channels) if set(outlook.channels) <= set(base.open_channels()) else None
    found, size = np.ones_like(wanted), np.ones((len(draws), 1))
    before = last = None
    for step, lives in enumerate(LIVES):
        tried = [
            {**draw, **_joins(months, float(times), row)}
            for draw, times, row in zip(draws, size[:, 0], found, strict=True)
        ]
        jobs = [
            (base, draw, seed_of(seed, number, life, f"join {step}"), customers, counted, outlook.measure)
            for number, draw in enumerate(tried)
            for life in range(lives)
        ]
        lived = _lived(jobs, pool, progress).reshape(len(tried), lives, -1)
        sold = smoothed(lived.mean(axis=1))
        if before is None:
            whole = _comparable(plan, outlook, wanted, sold)
            before, wanted = sold, wanted if whole else _as_high(wanted, sold)
        response = 1.0 if last is None else _response(found / last[0], sold / size / last[1])
        last = found, sold / size
        gap = np.log(wanted / sold)
        larger = gap[:, :YEAR].mean(axis=1, keepdims=True) if whole else 0.0
        level = (gap - larger).mean(axis=1, keepdims=True)  # months alone would be moved by their luck
        size = size * np.exp(larger)
        found = found * np.exp(level / response + gap - larger - level)
    assert before is not None
    return _table(months, wanted, before, found, size).assign(level=whole)


def _response(needs: Array, sold: Array) -> Array:
    """Return the per cent by which sales follow one of needs [n, 1], from a step of both [n, months]."""
    moved, followed = np.log(needs).mean(axis=1), np.log(sold).mean(axis=1)
    known = np.abs(moved) > TOLD
    found = np.where(known, followed / np.where(known, moved, 1.0), 1.0)
    return np.asarray(np.clip(found, SLUGGISH, 1.0))[:, None]


def told(table: pd.DataFrame) -> list[dict[str, float]]:
    """Return what a table of `joined` adds to each draw."""
    rows = table.groupby("draw", sort=True)
    return [_joins(list(one["month"]), float(one[SIZE].iloc[0]), one["factor"]) for _, one in rows]


def smoothed(sold: Array) -> Array:
    """Return sales [draws, months] as each draw's own exponential trend times the months' common wave.

    One run of a few thousand agents tells a month within some per cent; its luck is no season.
    """
    logs = np.log(np.maximum(sold, 1e-9))
    steps = np.arange(sold.shape[1]) - (sold.shape[1] - 1) / 2.0
    slopes = logs @ steps / max(float(steps @ steps), 1.0)
    lines = logs.mean(axis=1, keepdims=True) + np.outer(slopes, steps)
    return np.asarray(np.exp(lines + (logs - lines).mean(axis=0)))


def month_sales(job: tuple[Plan, Mapping[str, float], int, int | None, list[str] | None, str]) -> Array:
    """Live a plan once; return what it sold in each month, a month cut short scaled to a whole one."""
    from scenarios.drivers import setup_for
    from sim.indicators import Books
    from sim.market import Market

    plan, draw, seed, customers, counted, measure = job
    setup = setup_for(plan, draw, seed=seed, customers=customers)
    market = Market.from_setup(setup, seed=seed)
    books = Books(market.run())
    market.dismiss()
    chosen = [c for c, one in enumerate(setup.channels) if counted is None or one.name in counted]
    dates = np.datetime64(setup.start, "D") + np.arange(setup.days)
    place = (dates.astype("datetime64[M]") - np.datetime64(setup.start, "M")).astype(int)
    name, lived = "orders" if measure == "orders" else "net_sales", np.bincount(place)
    last = np.cumsum(lived) - 1
    spans = zip(last - lived + 1, last, strict=True)
    sold = np.array([books.between(name, int(first), int(end))[chosen].sum() for first, end in spans])
    return np.asarray(sold * np.array([_days_of(month) for month in months_of(plan)]) / lived)


def _lived(jobs: Sequence[tuple[object, ...]], pool: Pool, progress: Progress | None) -> Array:
    from scenarios.executor import shown

    rows: list[Array] = [np.zeros(0)] * len(jobs)
    with shown(progress, "join to the history", len(jobs)) as advance:
        for position, row in pool.run(month_sales, jobs):  # type: ignore[arg-type]
            rows[position] = row
            advance()
    return np.array(rows)


def _undisturbed(plan: Plan) -> Plan:
    """Return the status quo without risks: what strikes a future strikes it beside the outlook."""
    calm = scenario_plan(plan, STATUS_QUO)
    quiet = {name: risk.model_copy(update={"active": False}) for name, risk in calm.risks.items()}
    return calm.model_copy(update={"risks": quiet})


def _wanted(plan: Plan, outlook: Outlook, count: int) -> Array:
    """Return a path of the outlook for each draw [count, months]: evenly spread over how high they run."""
    start, length = _start(plan, outlook), outlook.paths.shape[1]
    places = start + np.arange(len(months_of(plan)))
    beyond = np.maximum(places - length + 1, 0)
    places = places - 12 * -(-beyond // 12)  # the outlook's last year again
    order = np.argsort(outlook.paths[:, outlook.known :].sum(axis=1), kind="stable")
    chosen = order[((np.arange(count) + 0.5) / count * len(order)).astype(int)]
    return np.asarray(np.maximum(outlook.paths[chosen][:, places], 1e-9))


def reaches(plan: Plan, outlook: Outlook) -> bool:
    """Tell whether a plan begins within the history or what its outlook holds of the years to come."""
    return 0 <= _start(plan, outlook) < len(outlook.paths[0])


def _start(plan: Plan, outlook: Outlook) -> int:
    """Return in which of the outlook's months the plan begins, from 0."""
    return int((np.datetime64(plan.start, "M") - np.datetime64(outlook.first, "M")).astype(int))


def _comparable(plan: Plan, outlook: Outlook, wanted: Array, sold: Array) -> bool:
    """Tell whether history and plan are of one currency, and of sizes that may be one company's."""
    if outlook.measure != "orders" and outlook.currency and outlook.currency != plan.currency:
        return False
    return bool(LEAST < np.median(wanted) / np.median(sold) < MOST)


def _as_high(wanted: Array, sold: Array) -> Array:
    """Return the outlook as high as the plan's own market is in its first year."""
    year = slice(0, YEAR)
    return np.asarray(wanted * sold[:, year].mean() / wanted[:, year].mean())


def _joins(months: Sequence[str], size: float, factors: Iterable[float]) -> dict[str, float]:
    needs = {FAMILY + month: float(value) for month, value in zip(months, factors, strict=True)}
    return {SIZE: size, **needs}


def _table(months: Sequence[str], wanted: Array, sold: Array, found: Array, size: Array) -> pd.DataFrame:
    import pandas as pd

    count = len(wanted)
    return pd.DataFrame(
        {
            "draw": np.repeat(np.arange(count), len(months)),
            "month": list(months) * count,
            "outlook": wanted.ravel(),
            "market": sold.ravel(),
            "factor": found.ravel(),
            SIZE: np.repeat(size.ravel(), len(months)),
        }
    )


def _days_of(month: str) -> int:
    first = np.datetime64(month, "M")
    return int(((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(int))
