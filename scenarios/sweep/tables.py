"""The store a sweep leaves: points, runs, every run's indicators in partitions, and what they come to.

``sweep/points`` has a row a point: ``point`` and a column for each varied line. ``sweep/runs`` says which run
(``hash``) stands where: point, scenario, draw, replicate, block. In ``sweep/kpis``, by scenario and block,
are each run's indicators of the whole retailer, by year and as of the end: point, draw, replicate, hash,
period_start, period_end, kpi, value, unit. ``sweep/surface`` sums them up by point and scenario,
``sweep/targets`` has the odds of targets, ``sweep/effects`` what each line moves (`scenarios.sweep.effects`),
and for Sobol designs ``sweep/indices`` its share of variance (`scenarios.sweep.indices`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from results.files import plain
from scenarios.experiment import Future, better
from scenarios.plan.vocabulary import ODDS
from scenarios.proposals import flat
from scenarios.sweep.cases import Case
from scenarios.sweep.design import Design
from scenarios.sweep.effects import effects
from scenarios.sweep.indices import indices
from scenarios.sweep.odds import odds

if TYPE_CHECKING:
    import pandas as pd

    from results.targets import Target
    from results.writer import RunWriter

BLOCK = 512  # runs in a block, about: a few megabytes in memory
HEADLINES = ("net_sales", "orders", "online_share", "conversion", "operating_profit", "active_customers")
FUTURE = ["draw", "replicate"]
PLACE = ["point", "scenario"]

Run = tuple[Case, Future, str]


def write_tables(
    design: Design,
    runs: Sequence[Run],
    read: Callable[[str], pd.DataFrame],
    writer: RunWriter,
    seed: int,
) -> None:
    """Write every table of a sweep, block by block, so that no more than a block is in memory.

    Parameters
    ----------
    design
        The design.
    runs
        Case, future and hash of every run, in the order of points.
    read
        From a hash to the run's indicators.
    writer
        Where tables go.
    seed
        Of the design.
    """
    import pandas as pd

    points = points_table(design, runs)
    writer.table("sweep/points", points)
    listed, surfaces, reached = [], [], []
    for block, part in enumerate(_blocks(runs)):
        table = _listed(part, block)
        rows = _lived(table, read)
        for scenario, own in rows.groupby("scenario", sort=False):
            folder = f"sweep/kpis/scenario={scenario}/block={block}"
            writer.table(f"{folder}/part", own.drop(columns="scenario"))
        told = _odds(part, rows)
        surfaces.append(surface(rows, told))
        reached.append(told)
        listed.append(table)
    writer.table("sweep/runs", pd.concat(listed, ignore_index=True))
    whole = pd.concat(surfaces, ignore_index=True)
    writer.table("sweep/surface", whole)
    writer.table("sweep/targets", pd.concat(reached, ignore_index=True))
    shown = whole[whole["kpi"].isin(asked(design, runs))]
    writer.table("sweep/effects", effects(points, shown, design.lines))
    if design.written.design.kind == "sobol":
        writer.table("sweep/indices", indices(shown, [line.path for line in design.lines], seed))


def asked(design: Design, runs: Sequence[Run]) -> set[str]:
    """Return the indicators that effects are told of: the design's, or targets and headlines; and odds."""
    promised = {case.targets for case, *_ in runs}
    targets = {target.kpi for some in promised for target in some}
    return {*(design.written.kpis or {*targets, *HEADLINES}), *ODDS}


def points_table(design: Design, runs: Sequence[Run]) -> pd.DataFrame:
    """Return a row a point: point and one column for each varied line (shares of a whole one each)."""
    import pandas as pd

    values = {case.point: case.values for case, *_ in runs}
    table = pd.DataFrame([{"point": point, **flat(values[point])} for point in sorted(values)])
    for name in table.columns:
        kinds = {type(value) for value in table[name] if value is not None}
        if len({"text" if kind is str else "flag" if kind is bool else "number" for kind in kinds}) > 1:
            table[name] = [json.dumps(plain(value)) for value in table[name]]
    return table


def surface(rows: pd.DataFrame, odds: pd.DataFrame) -> pd.DataFrame:
    """Sum runs up by point and scenario.

    Parameters
    ----------
    rows
        Indicators of some points' runs.
    odds
        The same points' odds (`scenarios.sweep.odds.odds`).

    Returns
    -------
    DataFrame
        point, scenario, kpi, period_end, unit, futures, mean, p10 and p90 over the futures in the last year
        (last month, where there is no year), odds of the last target on the indicator. Rows of
        ``odds_all odds_growth odds_efficiency`` have the odds of the targets together as their mean.
    """
    import pandas as pd

    last = rows[rows["period_end"] == rows.groupby(["point", "kpi"])["period_end"].transform("max")]
    last = last[last["period_start"] == last.groupby(["point", "kpi"])["period_start"].transform("min")]
    groups = last.groupby([*PLACE, "kpi", "unit", "period_end"])["value"]
    spread = groups.quantile([0.1, 0.9]).unstack().set_axis(["p10", "p90"], axis=1)
    told = groups.agg(futures="count", mean="mean").join(spread).reset_index()
    single = odds[~odds["kpi"].isin(ODDS)].sort_values("date").drop_duplicates([*PLACE, "kpi"], keep="last")
    told = told.merge(single[[*PLACE, "kpi", "odds"]], how="left", on=[*PLACE, "kpi"])
    joint = odds[odds["kpi"].isin(ODDS)]
    extra = joint[[*PLACE, "kpi", "odds", "futures"]].assign(mean=joint["odds"], unit="share")
    return pd.concat([told, extra], ignore_index=True).sort_values(PLACE, kind="stable", ignore_index=True)


def _blocks(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Cut runs into blocks of whole points."""
    part: list[Run] = []
    for run in runs:
        if len(part) >= BLOCK and run[0].point != part[-1][0].point:
            yield part
            part = []
        part.append(run)
    yield part


def _listed(part: Sequence[Run], block: int) -> pd.DataFrame:
    import pandas as pd

    rows: list[dict[str, Any]] = [
        {"hash": key, "point": case.point, "scenario": case.scenario}
        | {"draw": future.draw, "replicate": future.replicate, "block": block}
        for case, future, key in part
    ]
    return pd.DataFrame(rows)


def _lived(table: pd.DataFrame, read: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Return the indicators of a block's runs; a run that stands at several places does so here."""
    import pandas as pd

    kpis = pd.concat([read(key) for key in table["hash"].unique()], ignore_index=True)
    rows = table.drop(columns="block").merge(kpis, on="hash", how="left")
    return rows[[*PLACE, *FUTURE, "hash", "period_start", "period_end", "kpi", "value", "unit"]]


def _odds(part: Sequence[Run], rows: pd.DataFrame) -> pd.DataFrame:
    """Return the odds of every point's targets; points of a plan with the same targets together."""
    import pandas as pd

    alike: dict[tuple[str, tuple[Target, ...]], list[int]] = {}
    for case in {case.point: case for case, *_ in part}.values():
        alike.setdefault((case.plan, case.targets), []).append(case.point)
    directions = better()
    tables = [
        odds(rows[rows["point"].isin(points)], targets, directions) for (_, targets), points in alike.items()
    ]
    return pd.concat(tables, ignore_index=True)
