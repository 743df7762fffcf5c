"""How much too kindly the market is judged at inner origins: one refit at the earliest of them, beside it.

``python -m benchmarks.inner_refits HISTORY --cutoff DATE`` fits the market to the past of an origin, as a
back-test does, and once more to the past of that past's earliest inner origin; both forecast what came after
the inner origin. The first has seen it; the ratio of their CRPS is the kindness (decision 35).
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402

from calibration.candidates import Subject, market_paths  # noqa: E402
from calibration.fit import fit  # noqa: E402
from calibration.history import History, load_history, season_length  # noqa: E402
from calibration.living import fits_shares, lives  # noqa: E402
from calibration.origins import truncate  # noqa: E402
from calibration.pooling import inner_origins  # noqa: E402
from calibration.reconstruction import reconstruct  # noqa: E402
from calibration.scores import crps  # noqa: E402
from calibration.series import observed  # noqa: E402
from scenarios.executor import Pool  # noqa: E402

MEMBERS, CLOUDS = 24, (1.0, 0.6, 0.35)


def main() -> None:
    """Print a line a series: CRPS over the mean, judged as usual and refitted, and their ratio."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("history", type=Path)
    asked.add_argument("--cutoff", type=datetime.date.fromisoformat, required=True)
    asked.add_argument("--horizon", type=int, default=13)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    past = truncate(load_history(given.history), given.cutoff)
    with Pool(1) as pool:
        for line in kindness(past, given.horizon, pool, given.seed):
            print(line, flush=True)


def kindness(past: History, horizon: int, pool: Pool, seed: int) -> list[str]:
    """Return a line a series that the market speaks of."""
    ahead, origins = inner_origins(len(past.calendar), horizon)
    known = min(origins)
    inner = truncate(past, (past.calendar.start(known) - 1).item())
    usual, anew = (lived_series(one, ahead, pool, seed) for one in (past, inner))
    truth, season = observed(past), season_length(past.calendar.period)
    lines = []
    for name in (n for n in usual if n in anew):
        part, _, share = name.partition(" share")
        seen = truth[part].to_numpy(dtype=float)
        seen = seen / truth[f"total.{part.rpartition('.')[2]}"].to_numpy(dtype=float) if share else seen
        subject = Subject(name, seen, usual[name], past.calendar, season, bool(share), False, seed).at(
            known, ahead
        )
        came = seen[known : known + ahead]
        whole = [crps(came, market_paths(subject)), crps(came, market_paths(refitted(subject, anew[name])))]
        kind, honest = (score / np.abs(came).mean() for score in whole)
        lines.append(
            f"{name}: {known} known, {ahead} ahead: {kind:.4f} as judged, {honest:.4f} refitted, "
            f"{kind / honest:.3f}"
        )
    return lines


def refitted(subject: Subject, lived: np.ndarray) -> Subject:
    """Return the subject with the members of a fit that knew no more than the inner origin."""
    from dataclasses import replace

    return replace(subject, lived=lived)


def lived_series(history: History, horizon: int, pool: Pool, seed: int) -> dict[str, np.ndarray]:
    """Return members' series of a history, fitted as back-tests fit it but with fewer simulations."""
    case = reconstruct(history)
    shares = fits_shares(case)
    fitted = fit(case, pool, seed, 12 if shares else MEMBERS, CLOUDS, None, 3 if shares else 0)
    return lives(history, fitted, horizon, season_length(history.calendar.period), pool, seed)[0]


if __name__ == "__main__":
    main()
