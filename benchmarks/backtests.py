"""Accuracy on the real histories: rolling origins beside statistical baselines, into ``results/backtests/``.

``python -m benchmarks.backtests`` backtests every history of ``examples/`` whose data are there, one after
another; ``--only NAME`` picks some, ``--origins N`` and ``--horizon N`` make it smaller or larger. Each
history's run lies in ``results/backtests/<name>/`` and replaces the one before when it is complete.
``make results`` turns them into ``docs/results.md``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import omolab  # noqa: E402
from omolab import desk  # noqa: E402

EXAMPLES = ROOT / "examples"
OUT = ROOT / "results" / "backtests"


@dataclass(frozen=True)
class Size:
    """How much of a history is forecast.

    Attributes
    ----------
    origins
        Origins, spread over the history's last half.
    horizon
        Periods ahead; the usual for the history's period if ``None``.
    cutoffs
        Origins by date, in the place of ``origins``.
    """

    origins: int = 4
    horizon: int | None = None
    cutoffs: tuple[str, ...] = ()


USUAL = Size()
SIZES = {
    "cdnow": Size(origins=7, horizon=13),
    "mmm_multistore_retailer": Size(origins=3, horizon=13),
    "uci_online_retail": Size(origins=5, horizon=8),
    # Five years ahead; from 2016 and 2018 across the closures of 2020.
    "us_ecommerce": Size(horizon=20, cutoffs=("2012-12-31", "2014-12-31", "2016-12-31", "2018-12-31")),
}


def main() -> None:
    """Backtest the histories asked for; a history whose data are absent is skipped and named."""
    asked = _asked()
    known = [path.stem for path in sorted(EXAMPLES.glob("*.yaml"))]
    if strange := [name for name in asked.only or () if name not in known]:
        sys.exit(f"--only {strange[0]}: expected one of {', '.join(known)}")
    for name in asked.only or known:
        size = resized(SIZES.get(name, USUAL), asked.origins, asked.horizon)
        try:
            desk.load(EXAMPLES / f"{name}.yaml")
        except omolab.BadInput as bad:
            print(f"{name}: skipped: {bad.problems[0]}", flush=True)
            continue
        print(f"{name}: begun", flush=True)
        begin = time.perf_counter()
        origins = backtest(name, size, asked.seed, asked.threads)
        seconds = time.perf_counter() - begin
        if not origins:
            print(f"{name}: evaluated in {seconds:.0f} s", flush=True)
            continue
        print(f"{name}: {origins} origins in {seconds:.0f} s, {seconds / origins:.0f} s each", flush=True)


def resized(size: Size, origins: int | None, horizon: int | None) -> Size:
    """Return a size as asked for; of dated origins a smaller number keeps the last."""
    if origins is not None:
        size = replace(size, origins=origins, cutoffs=size.cutoffs[-origins:] if size.cutoffs else ())
    return size if horizon is None else replace(size, horizon=horizon)


def backtest(name: str, size: Size, seed: int, threads: int) -> int:
    """Backtest one history into its folder; return the number of origins, 0 if it is only evaluated."""
    out = OUT / name
    fresh = out.with_name(f"{name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    run = omolab.backtest(
        EXAMPLES / f"{name}.yaml",
        cutoffs=size.cutoffs,
        horizon=size.horizon,
        origins=size.origins,
        out=fresh,
        seed=seed,
        threads=threads,
    )
    forecast = (run.path / "backtest.json").is_file()  # else there are only experiments to hold it against
    origins = len(run.json("backtest.json")["origins"]) if forecast else 0
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
    return origins


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Backtest the real histories.")
    parser.add_argument("--only", action="append", metavar="NAME", help="a history of examples/; repeatable")
    parser.add_argument("--origins", type=int, metavar="N", help="origins of each history")
    parser.add_argument("--horizon", type=int, metavar="N", help="periods forecast from each origin")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2, help="processes at most")
    return parser.parse_args()


if __name__ == "__main__":
    main()
