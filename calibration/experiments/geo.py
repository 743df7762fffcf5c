"""A geo experiment: incremental return on advertising, by regions' changes and by both groups' series.

Two designs read the same data: regions' sales in the test against the weeks before, weighted regression
(Vaver & Koehler 2011, "Measuring ad effectiveness using geo experiments"), and the treated group's total
forecast from the untreated group's (Kerman, Wang & Vaver 2017). Placebo tests on the weeks before, where
nothing was spent, say whether intervals can be believed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.experiments.evaluation import Evaluation, Told, off
from calibration.experiments.uplift import NORMAL_90
from results.problems import BadInput, Problem

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import History

Array = NDArray[np.float64]
FEWEST = 28  # days before the test
KNOWN = 0.8  # share of days that a region must have; days without a row sold nothing


@dataclass(frozen=True, eq=False)
class Regions:
    """Sales and cost by region and day [R, D], who was treated [R], and the days of the test.

    The test is ``dates[begin:end]``.
    """

    dates: pd.DatetimeIndex
    sales: Array
    cost: Array
    treated: NDArray[np.bool_]
    begin: int
    end: int

    def returns(self) -> list[tuple[str, float, float]]:
        """Return the incremental return on advertising and its error, by both designs."""
        of = (self.sales, self.cost, self.treated, self.begin, self.end)
        return [_regions(*of), _series(*of)]


def regions(history: History) -> Regions:
    """Return a history's geo experiment, regions without most days left out.

    Raises
    ------
    BadInput
        If there is too little before the test, or too few regions in a group.
    """
    import pandas as pd

    table = history.evidence.geo
    assert table is not None
    days = pd.DatetimeIndex(sorted(table["date"].unique()))
    wide = table.pivot_table(index="region", columns="date", values="sales").reindex(columns=days)
    cost = table.pivot_table(index="region", columns="date", values="cost").reindex(columns=days).fillna(0.0)
    treated = table.groupby("region")["treated"].first().reindex(wide.index).astype(bool).to_numpy()
    spent = (cost.to_numpy()[treated].sum(axis=0) - cost.to_numpy()[~treated].sum(axis=0)) > 1e-9
    whole = (wide.notna().mean(axis=1) >= KNOWN).to_numpy()
    if (
        spent.sum() < 1
        or int(np.argmax(spent)) < FEWEST
        or treated[whole].sum() < 3
        or (~treated[whole]).sum() < 3
    ):
        message, expected = (
            "cannot be read",
            f"{FEWEST} days before spending differs, three regions in each group",
        )
        raise BadInput(Problem(str(history.file), None, "tables.geo", "", expected, message))
    begin, end = int(np.argmax(spent)), len(spent) - int(np.argmax(spent[::-1]))
    return Regions(
        days, wide.fillna(0.0).to_numpy()[whole], cost.to_numpy()[whole], treated[whole], begin, end
    )


def geo(history: History, seed: int, told: Told) -> Evaluation:
    """Estimate the incremental return on advertising of a geo experiment."""
    import pandas as pd

    seen = regions(history)
    sales, money, arm, begin, end = seen.sales, seen.cost, seen.treated, seen.begin, seen.end
    days, rows = seen.dates, seen.returns()
    placebo = _placebos(sales, money, arm, begin, end)
    told(1, 1, "reading the geo experiment")
    summary = pd.DataFrame(
        [
            {"model": name, "iroas": value, "se": error}
            | {"low": value - NORMAL_90 * error, "high": value + NORMAL_90 * error}
            | {"placebo_coverage_90": float(np.mean([inside for model, inside in placebo if model == name]))}
            for name, value, error in rows
        ]
    )
    figures = {
        "regions": len(arm),
        "treated": int(arm.sum()),
        "test": [str(days[begin].date()), str(days[end - 1].date())],
        "spend": float(money[arm][:, begin:end].sum()),
        "placebos": len(placebo) // 2,
        "truth": "not published" if history.evidence.synthetic else "not known",
    }
    notes = (off("truth"),) if history.evidence.synthetic else ()
    return Evaluation("geo", figures, summary, {"returns": summary}, notes)


def _regions(
    sales: Array, money: Array, arm: NDArray[np.bool_], begin: int, end: int
) -> tuple[str, float, float]:
    """Return the return on advertising by regions: sales in the test on sales before and spend."""
    import statsmodels.api as sm

    before, during = sales[:, :begin].mean(axis=1) * (end - begin), sales[:, begin:end].sum(axis=1)
    extra = money[:, begin:end].sum(axis=1) - money[:, :begin].mean(axis=1) * (end - begin)
    spread = np.where(arm & (np.ptp(extra) <= 0), 1.0, extra)
    design = np.column_stack([np.ones(len(before)), before, spread])
    done = sm.WLS(during, design, weights=1.0 / np.maximum(before, 1e-9)).fit(cov_type="HC1")
    return "regions", float(done.params[2]), float(done.bse[2])


def _series(
    sales: Array, money: Array, arm: NDArray[np.bool_], begin: int, end: int
) -> tuple[str, float, float]:
    """Return the return by the treated group's total over what the untreated group's foretells."""
    treated, quiet = sales[arm].sum(axis=0), sales[~arm].sum(axis=0)
    design = np.column_stack([np.ones(begin), quiet[:begin]])
    beta, *_ = np.linalg.lstsq(design, treated[:begin], rcond=None)
    rest = treated[:begin] - design @ beta
    variance = float(rest @ rest) / (begin - 2)
    ahead = np.column_stack([np.ones(end - begin), quiet[begin:end]])
    total = ahead.sum(axis=0)
    error = math.sqrt(variance * (end - begin + float(total @ np.linalg.inv(design.T @ design) @ total)))
    spend = float(money[arm][:, begin:end].sum() - money[~arm][:, begin:end].sum())
    return "series", float((treated[begin:end] - ahead @ beta).sum()) / spend, error / spend


def _placebos(
    sales: Array, money: Array, arm: NDArray[np.bool_], begin: int, end: int
) -> list[tuple[str, bool]]:
    """Return whether intervals hold 0 in spans of the days before, as if all had been spent there."""
    length, found = min(end - begin, begin // 3), []
    for start in range(begin - length, max(begin // 3, 14) - 1, -max(length // 5, 1)):
        stop = start + length
        pretended = np.zeros_like(money)
        pretended[arm, start:stop] = money[arm][:, begin : begin + length]
        for reading in (_regions, _series):
            name, value, error = reading(sales[:, :stop], pretended[:, :stop], arm, start, stop)
            found.append((name, abs(value) <= NORMAL_90 * error))
    return found
