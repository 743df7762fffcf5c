"""Sobol indices: the share of an indicator's variance over the design that each line is answerable for."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from scenarios.sweep.points import unit_problem

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 200
LEVEL = 0.95
COLUMNS = (
    *("scenario", "kpi", "line", "first", "first_low", "first_high"),
    *("total", "total_low", "total_high"),
)


def indices(surface: pd.DataFrame, lines: Sequence[str], seed: int) -> pd.DataFrame:
    """Return first-order and total indices of what a Sobol design has measured.

    Parameters
    ----------
    surface
        point, scenario, kpi, mean: every point of the design, in its order.
    lines
        What varies, in the design's order.
    seed
        Of the bootstrap.

    Returns
    -------
    DataFrame
        scenario, kpi, line; ``first``: the share of variance due to the line by itself; ``total``: with all
        that it does together with others; each with a 95 % bootstrap interval. NaN where the indicator does
        not vary, or is undefined at some point.

    Source: Saltelli et al. (2010); SALib.
    """
    import pandas as pd

    wide = surface.pivot(index="point", columns=["scenario", "kpi"], values="mean").sort_index()
    rows = []
    for scenario, kpi in wide.columns:
        values = wide[(scenario, kpi)].to_numpy(float)
        found = _analysed(values, len(lines), [seed, crc32(f"{scenario} {kpi}".encode())])
        for place, line in enumerate(lines):
            first, first_off, total, total_off = found[:, place]
            rows.append(
                {"scenario": scenario, "kpi": kpi, "line": line, "first": first, "total": total}
                | {"first_low": first - first_off, "first_high": first + first_off}
                | {"total_low": total - total_off, "total_high": total + total_off}
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _analysed(values: np.ndarray, lines: int, seed: Sequence[int]) -> np.ndarray:
    """Return first order, its half width, total and its half width, [4, lines]."""
    from SALib.analyze import sobol

    if not np.isfinite(values).all() or np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return np.full((4, lines), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a resample in which nothing varies
        told = sobol.analyze(
            unit_problem(lines),
            values,
            calc_second_order=False,
            num_resamples=RESAMPLES,
            conf_level=LEVEL,
            seed=np.random.default_rng(list(seed)),
        )
    return np.array([told[name] for name in ("S1", "S1_conf", "ST", "ST_conf")])
