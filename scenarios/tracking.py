"""Plan against actuals: month by month what was expected and what came, and the odds that follow.

Futures that have gone as reality did count more. A future's log distance to the actuals over all their
periods, series by series, is held against what luck moves it within a draw and the error the market is
allowed (:data:`DISCREPANCY`); the weights are those of a normal law, tempered until futures worth at least
:data:`LEAST` of them are left (Del Moral, Doucet & Jasra 2006, tempering by effective sample size).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from results.targets import FUTURE

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.plan import Plan

Array = NDArray[np.float64]
PERIOD = ["period_start", "period_end"]
SERIES = ["channel", "kpi"]
ONLINE = "online"
ADDED_UP = ("net_sales", "orders", "visits")  # indicators that add up over channels
DISCREPANCY = 0.10  # log error of a series' level that no parameter explains; an assumption
LEAST = 0.2  # share of the futures that must be left to tell from
NOTHING = 0.01  # of the actuals: a future that sold less is as far off as one that sold this
FAR = 3.0  # errors off, on average over series, in every future: the plan's market is not this one


class Weighed(NamedTuple):
    """How much each future counts after what came.

    Parameters
    ----------
    weights
        By draw and replicate, in sum 1.
    worth
        How many futures that are alike they are worth.
    trusted
        Power of the likelihood that was taken, 0-1: 1 where the actuals count in full.
    nearest
        Errors, by root mean square over series, that the best future is off.
    """

    weights: pd.Series
    worth: float
    trusted: float
    nearest: float

    @property
    def strange(self) -> bool:
        """Whether even the best future is far from what came."""
        return self.nearest > FAR


def together(kpis: pd.DataFrame, online: Sequence[str]) -> pd.DataFrame:
    """Return ``kpis`` with rows of channel ``online``: what adds up, over the channels that sell online."""
    import pandas as pd

    some = kpis[kpis["channel"].isin(online) & kpis["kpi"].isin(ADDED_UP)]
    at = ["scenario", *FUTURE, *PERIOD, "kpi", "unit"]
    summed = some.groupby(at, as_index=False)["value"].sum().assign(channel=ONLINE)
    return pd.concat([kpis, summed[list(kpis.columns)]], ignore_index=True)


def weigh(kpis: pd.DataFrame, actual: pd.DataFrame) -> Weighed:
    """Weigh the futures of one scenario by how near they came to the actuals.

    Parameters
    ----------
    kpis
        One scenario's indicators over the actuals' periods: draw, replicate, period_start, period_end,
        channel, kpi, value.
    actual
        period_start, period_end, channel, kpi, value. A total counts only where no channel is known, so
        that nothing counts twice.
    """
    off = _distances(kpis, _apart(actual))
    luck = off.groupby(level="draw").var(ddof=1).mean().fillna(0.0)
    chi = ((off**2) / (luck + DISCREPANCY**2)).to_numpy()
    badness = 0.5 * chi.sum(axis=1)
    trusted = _tempered(badness)
    import pandas as pd

    weights = _weights(badness, trusted)
    return Weighed(
        pd.Series(weights, off.index),
        1.0 / float((weights**2).sum()),
        trusted,
        float(np.sqrt(chi.mean(axis=1)).min()) if chi.size else 0.0,
    )


def table(kpis: pd.DataFrame, actual: pd.DataFrame, weighed: Weighed) -> pd.DataFrame:
    """Return what was expected beside what came, by period, channel and indicator.

    Columns period_start, period_end, channel, kpi, unit, expected_p10, expected_p50, expected_p90 (over all
    futures), actual, variance (actual over expected_p50, less 1), inside (whether within the 80 %), and
    updated_p50, over the futures as weighed.
    """
    import pandas as pd

    at = [*PERIOD, *SERIES]
    wide = kpis.set_index([*at, *FUTURE])["value"].unstack(FUTURE)
    rows = []
    for row in actual.itertuples():
        key = (row.period_start, row.period_end, row.channel, row.kpi)
        if key not in wide.index:
            continue
        values = wide.loc[key].dropna()
        p10, p50, p90 = np.quantile(values, [0.1, 0.5, 0.9])
        weights = weighed.weights.reindex(values.index)
        updated = np.quantile(values, 0.5, weights=weights, method="inverted_cdf")
        change = row.value / p50 - 1.0 if p50 > 0 else math.nan
        within = bool(p10 <= row.value <= p90)
        rows.append((*key, row.unit, p10, p50, p90, row.value, change, within, float(updated)))
    expected = ["expected_p10", "expected_p50", "expected_p90"]
    return pd.DataFrame(rows, columns=[*at, "unit", *expected, "actual", "variance", "inside", "updated_p50"])


def budget(plan: Plan, windows: Sequence[tuple[int, int]], spend: pd.DataFrame) -> pd.DataFrame:
    """Return media money planned and spent by period and source, and of all together.

    Columns period_start, period_end, source (the plan's media, and whatever else money went to), planned,
    actual (currency), variance (actual over planned, less 1).
    """
    import pandas as pd

    from scenarios.drivers import setup_for

    setup = setup_for(plan, {}, 0, FEW)
    start = np.datetime64(plan.start, "D")
    spent = spend.set_index([*PERIOD, "source"])["spend"] if len(spend) else pd.Series(dtype=float)
    rows = []
    for first, last in windows if len(spend) else ():
        period = (pd.Timestamp(start + first), pd.Timestamp(start + last))
        planned = dict(
            zip(
                (medium.name for medium in setup.media),
                setup.drivers.spend[first : last + 1].sum(axis=0),
                strict=True,
            )
        )
        came = {
            str(source): float(money)
            for (begin, end, source), money in spent.items()
            if (pd.Timestamp(begin), pd.Timestamp(end)) == period
        }
        planned["all media"], came["all media"] = sum(planned.values()), sum(came.values())
        for source in dict.fromkeys([*planned, *came]):
            wanted, actual = float(planned.get(source, 0.0)), came.get(source, 0.0)
            variance = actual / wanted - 1.0 if wanted > 0 else math.nan
            rows.append((*period, source, wanted, actual, variance))
    return pd.DataFrame(rows, columns=[*PERIOD, "source", "planned", "actual", "variance"])


FEW = 60  # agents of a market that is set up for its plan and not run


def _apart(actual: pd.DataFrame) -> pd.DataFrame:
    """Keep of each indicator its channels, or its total where no channel is known."""
    parts = set(actual.loc[actual["channel"] != "all", "kpi"])
    return actual[(actual["channel"] != "all") | ~actual["kpi"].isin(parts)]


def _distances(kpis: pd.DataFrame, actual: pd.DataFrame) -> pd.DataFrame:
    """Return the log distance of each future [F] to each series [S] of the actuals, over all their periods.

    Sums are compared: a month in which a future sold nothing counts, and one without any sales is far off.
    """
    at = [*PERIOD, *SERIES]
    joined = kpis.merge(actual[[*at, "value"]].rename(columns={"value": "actual"}), on=at)
    sums = joined.fillna({"value": 0.0}).groupby([*FUTURE, *SERIES])[["value", "actual"]].sum()
    known = sums[sums["actual"] > 0]
    off = np.log(np.maximum(known["value"] / known["actual"], NOTHING))
    return off.unstack(SERIES)


def _weights(badness: Array, power: float) -> Array:
    raw = np.exp(-power * (badness - badness.min()))
    return np.asarray(raw / raw.sum())


def _tempered(badness: Array) -> float:
    """Return the largest power, 0-1, under which futures worth :data:`LEAST` of them are left."""

    def worth(power: float) -> float:
        return 1.0 / float((_weights(badness, power) ** 2).sum())

    least = max(LEAST * len(badness), min(2.0, len(badness)))
    if worth(1.0) >= least:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):  # worth falls as the power grows
        middle = 0.5 * (low + high)
        low, high = (middle, high) if worth(middle) >= least else (low, middle)
    return low
