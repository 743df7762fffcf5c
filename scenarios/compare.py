"""What a scenario changes: paired differences with intervals, within one run and across runs.

Two scenarios with one seed meet the same customers with the same luck, so their difference is taken
future by future, a future being one parameter draw and one replicate. What both share drops out.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from results.problems import BadInput, Problem, nearest

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from results.shelf import Run

BASE = "status_quo"
CELL = ["kpi", "period_start", "period_end", "unit"]
COLUMNS = [
    *("base", "scenario", "kpi", "period_start", "period_end"),
    *("difference", "low", "high", "median", "p10", "p90", "share_positive"),
    *("base_value", "value", "variance_ratio", "pairs", "paired", "unit"),
]
RESULTS = [*COLUMNS[5:-2]]


def compare(kpis: pd.DataFrame, base: str = BASE, luck: Mapping[str, Hashable] | None = None) -> pd.DataFrame:
    """Compare every scenario with a base, indicator by indicator and period by period.

    Parameters
    ----------
    kpis
        Columns scenario, draw, replicate, period_start, period_end, channel, kpi, value, unit; only
        channel ``all`` is compared.
    base
        The scenario that is subtracted.
    luck
        By scenario, what it shares with others of equal luck (seeds, parameter ensemble, customers);
        scenarios are paired where it is equal. ``None``: all are.

    Returns
    -------
    DataFrame
        base, scenario, kpi, period_start, period_end; difference (scenario minus base, in ``unit``:
        mean over futures), low, high (95 % interval of that mean, see below); median, p10, p90 and
        share_positive of the differences; base_value and value (means of the two); variance_ratio
        (see `variance_ratio`); pairs (futures compared), paired, unit. Futures in which the indicator
        is undefined are left out.

    Raises
    ------
    BadInput
        If there is no scenario ``base``.

    Notes
    -----
    Replicates of a draw share its parameters, so the interval is Student's t over the draws' mean
    differences (over replicates when there is one draw). Unpaired scenarios get Welch's interval, and
    as share_positive the share of all cross pairs.
    """
    import pandas as pd

    scenarios = [str(name) for name in kpis["scenario"].unique()]
    if base not in scenarios:
        message = f"there is no scenario {base!r}{nearest(base, scenarios)}"
        raise BadInput(Problem("--base", None, "", base, ", ".join(scenarios), message))
    cube, cells, draws = _cube(kpis, scenarios)
    start = cube[scenarios.index(base)]
    frames = [pd.DataFrame(columns=COLUMNS)]
    for position, scenario in enumerate(scenarios):
        if scenario == base:
            continue
        paired = luck is None or luck.get(scenario) == luck.get(base)
        found = (_pairwise if paired else _one_by_one)(cube[position], start, draws)
        told = cells.loc[found.index].assign(base=base, scenario=scenario, paired=paired)
        frames.append(pd.concat([told, found], axis=1)[COLUMNS])
    return pd.concat([frame for frame in frames if len(frame)] or frames, ignore_index=True)


def compare_runs(runs: Sequence[Run], base: str = BASE) -> pd.DataFrame:
    """Compare the scenarios of one or several runs.

    Several runs' scenarios are called ``<run>/<scenario>``; ``base`` may be such a name, or a plain one,
    which then means the first run that has it. Scenarios are paired where their runs' seeds, parameter
    ensembles and customers agree; the column ``paired`` says so.

    Raises
    ------
    BadInput
        If a run holds no indicators or no run holds ``base``.
    """
    if len(runs) == 1:
        return compare(runs[0].kpis, base)
    kpis, luck = combine(runs)
    full = [name for name in (f"{label}/{base}" for label in labels(runs)) if name in luck]
    return compare(kpis, full[0] if full else base, luck)


def combine(runs: Sequence[Run]) -> tuple[pd.DataFrame, dict[str, Hashable]]:
    """Return several runs' indicators as one table, and each scenario's luck (see `compare`)."""
    import pandas as pd

    frames: list[pd.DataFrame] = []
    luck: dict[str, Hashable] = {}
    for run, label in zip(runs, labels(runs), strict=True):
        names = label + "/" + run.kpis["scenario"].astype(str)
        frames.append(run.kpis.assign(scenario=names))
        luck |= dict.fromkeys(names.unique(), _luck(run))
    return pd.concat(frames, ignore_index=True), luck


def variance_ratio(values: NDArray[np.float64], base: NDArray[np.float64], draws: NDArray[np.int64]) -> float:
    """Return how many times fewer runs pairing needs than independent seeds would.

    (Var A + Var B) / Var(A - B), each variance taken within a draw over its replicates (so that only
    luck varies) and pooled over draws by degrees of freedom. Above 1 pairing pays. Common random
    numbers: Law (2015), *Simulation Modeling and Analysis*, section 11.2.

    Parameters
    ----------
    values, base
        Paired outcomes [future].
    draws
        The draw each belongs to [future].

    Returns
    -------
    float
        NaN with fewer than two replicates of every draw or no variance at all; infinite where luck
        moves both alike.
    """
    _, group = np.unique(draws, return_inverse=True)
    ratio: float = _ratios(values[None], base[None], group)[0]
    return ratio


def _ratios(
    values: NDArray[np.float64], base: NDArray[np.float64], group: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the variance ratio of every cell [n] from outcomes [n, F] and the draw of each future [F]."""
    members = _members(group)

    def within(outcomes: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(((outcomes - (outcomes @ members)[:, group]) ** 2).sum(axis=1))

    apart, together = within(values) + within(base), within(values - base)
    # Rounding leaves a trace of variance where the difference is constant.
    constant = together <= 1e-24 * apart
    ratio = np.where(constant, math.inf, apart / np.where(constant, 1.0, together))
    freedom = len(group) - members.shape[1]
    return np.where((apart > 0) & (freedom > 0), ratio, math.nan)


def _members(group: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the matrix [F, D] that averages futures by draw."""
    member = (group[:, None] == np.arange(group.max() + 1)).astype(float)
    return np.asarray(member / member.sum(axis=0))


def _cube(
    kpis: pd.DataFrame, scenarios: Sequence[str]
) -> tuple[NDArray[np.float64], pd.DataFrame, NDArray[np.int64]]:
    """Return values [scenario, cell, future], the cells and each future's draw."""
    whole = kpis.loc[kpis["channel"] == "all"]
    cells = whole[CELL].drop_duplicates().reset_index(drop=True)
    futures = whole[["draw", "replicate"]].drop_duplicates().sort_values(["draw", "replicate"])
    row = whole.groupby(CELL, sort=False, observed=True, dropna=False).ngroup().to_numpy()
    column = whole.groupby(["draw", "replicate"], sort=True).ngroup().to_numpy()
    page = whole["scenario"].astype(str).map({name: i for i, name in enumerate(scenarios)}).to_numpy()
    cube = np.full((len(scenarios), len(cells), len(futures)), np.nan)
    cube[page, row, column] = whole["value"].to_numpy(dtype=float)
    return cube, cells, futures["draw"].to_numpy()


def _pairwise(
    values: NDArray[np.float64], base: NDArray[np.float64], draws: NDArray[np.int64]
) -> pd.DataFrame:
    """Compare the cells of two paired scenarios [n, F], at once where the same futures are known."""
    import pandas as pd

    known = np.isfinite(values) & np.isfinite(base)
    patterns, which = np.unique(known, axis=0, return_inverse=True)
    found = []
    for number, pattern in enumerate(patterns):
        if pattern.any():
            cells = np.flatnonzero(which == number)
            some = np.ix_(cells, np.flatnonzero(pattern))
            found.append(pd.DataFrame(_paired(values[some], base[some], draws[pattern]), index=cells))
    return pd.concat(found).sort_index() if found else pd.DataFrame(columns=RESULTS)


def _paired(
    values: NDArray[np.float64], base: NDArray[np.float64], draws: NDArray[np.int64]
) -> dict[str, Any]:
    """Compare cells [n, F] whose futures are all known."""
    difference = values - base
    _, group = np.unique(draws, return_inverse=True)
    mean, error, freedom = _means(difference, group)
    return _rows(mean, error, freedom, difference) | {
        "base_value": base.mean(axis=1),
        "value": values.mean(axis=1),
        "variance_ratio": _ratios(values, base, group),
        "pairs": difference.shape[1],
    }


def _one_by_one(
    values: NDArray[np.float64], base: NDArray[np.float64], draws: NDArray[np.int64]
) -> pd.DataFrame:
    """Compare the cells [n] of two scenarios [n, F] whose luck is not the same."""
    import pandas as pd

    rows = {cell: _unpaired(values[cell], base[cell], draws) for cell in range(len(values))}
    told = {cell: row for cell, row in rows.items() if row is not None}
    return pd.DataFrame.from_dict(told, orient="index", columns=RESULTS)


def _unpaired(
    values: NDArray[np.float64], base: NDArray[np.float64], draws: NDArray[np.int64]
) -> dict[str, Any] | None:
    mine, theirs = np.isfinite(values), np.isfinite(base)
    if not mine.any() or not theirs.any():
        return None
    mean, error, freedom = _mean(values[mine], draws[mine])
    mean_b, error_b, freedom_b = _mean(base[theirs], draws[theirs])
    both = error**2 + error_b**2
    parts = error**4 / freedom + error_b**4 / freedom_b if freedom and freedom_b else math.nan
    welch = both**2 / parts if parts > 0 else math.nan
    crossed = np.subtract.outer(values[mine], base[theirs]).ravel()
    return _rows(mean - mean_b, math.sqrt(both), welch, crossed) | {
        "base_value": mean_b,
        "value": mean,
        "variance_ratio": math.nan,
        "pairs": 0,
    }


def _mean(values: NDArray[np.float64], draws: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return the mean, its standard error and degrees of freedom, draws being the independent units."""
    _, group = np.unique(draws, return_inverse=True)
    mean, error, freedom = _means(values[None], group)
    return float(mean[0]), float(error[0]), freedom


def _means(
    values: NDArray[np.float64], group: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return means [n], their errors [n] and degrees of freedom of outcomes [n, F]; ``group`` tells draws."""
    mean = values.mean(axis=1)
    count, draws = values.shape[1], int(group.max()) + 1
    if draws > 1:
        sizes = np.bincount(group)
        units = values @ _members(group)
        spread = ((sizes / sizes.mean()) ** 2 * (units - mean[:, None]) ** 2).sum(axis=1) / (draws - 1)
        return mean, np.sqrt(spread / draws), draws - 1
    if count < 2:
        return mean, np.full(len(mean), math.nan), 0
    return mean, values.std(axis=1, ddof=1) / math.sqrt(count), count - 1


def mean_interval(values: NDArray[np.float64], draws: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return the mean of values [future] and the ends of its 95 % interval (see the notes of `compare`)."""
    mean, error, freedom = _mean(values, draws)
    half = float(_half(error, freedom))
    return mean, mean - half, mean + half


def _half(error: Any, freedom: float) -> Any:
    """Return half the length of 95 % intervals; NaN where nothing is known of the spread."""
    from scipy.special import stdtrit

    wide = stdtrit(freedom, 0.975) if freedom and freedom == freedom else math.nan
    return np.where(np.asarray(error) == 0, 0.0, wide * np.asarray(error))


def _rows(mean: Any, error: Any, freedom: float, difference: NDArray[np.float64]) -> dict[str, Any]:
    half = _half(error, freedom)
    p10, median, p90 = np.quantile(difference, [0.1, 0.5, 0.9], axis=-1)
    return {
        "difference": mean,
        "low": mean - half,
        "high": mean + half,
        "median": median,
        "p10": p10,
        "p90": p90,
        "share_positive": (difference > 0).mean(axis=-1),
    }


def labels(runs: Sequence[Run]) -> list[str]:
    """Return the runs' names, told apart where two folders share one."""
    names = [run.name for run in runs]
    return [f"{name}#{i + 1}" if names.count(name) > 1 else name for i, name in enumerate(names)]


def _luck(run: Run) -> Hashable:
    manifest = run.manifest
    fit = manifest.get("inputs", {}).get("fit", {})
    told = (manifest.get("seeds"), fit.get("sha256"), manifest.get("parameters", {}).get("customers"))
    return repr(told)
