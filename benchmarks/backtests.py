"""Accuracy on the real histories: rolling origins beside statistical baselines, into ``results/backtests/``.

``python -m benchmarks.backtests`` backtests every history of ``examples/`` whose data are there, one after
another; ``--only NAME`` picks some, ``--origins N`` and ``--horizon N`` make it smaller or larger. Each
history's run lies in ``results/backtests/<name>/`` and replaces the one before when it is complete.
``make results`` turns them into ``docs/results.md``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
# Many small fits: threads of the linear algebra would only wait for each other, longest on a busy machine.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

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
    history
        The history of ``examples/``, where the measurement goes by another name.
    """

    origins: int = 4
    horizon: int | None = None
    cutoffs: tuple[str, ...] = ()
    history: str = ""


USUAL = Size()
SIZES = {
    "cdnow": Size(origins=7, horizon=13),
    "mmm_multistore_retailer": Size(origins=3, horizon=13),
    "uci_online_retail": Size(origins=5, horizon=8),
    # Five years ahead, before and across the closures of 2020; from the end of 2019 to the end of 2022.
    "us_ecommerce": Size(horizon=20, cutoffs=("2014-12-31", "2018-12-31")),
    "us_ecommerce_2020": Size(horizon=12, cutoffs=("2019-12-31",), history="us_ecommerce"),
}


def main() -> None:
    """Backtest the histories asked for; a history whose data are absent is skipped and named."""
    asked = _asked()
    known = sorted({path.stem for path in EXAMPLES.glob("*.yaml")} | set(SIZES))
    if strange := [name for name in asked.only or () if name not in known]:
        sys.exit(f"--only {strange[0]}: expected one of {', '.join(known)}")
    for name in asked.only or known:
        size = resized(SIZES.get(name, USUAL), asked.origins, asked.horizon)
        try:
            desk.load(EXAMPLES / f"{size.history or name}.yaml")
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
        EXAMPLES / f"{size.history or name}.yaml",
        cutoffs=size.cutoffs,
        horizon=size.horizon,
        origins=size.origins,
        out=fresh,
        seed=seed,
        threads=threads,
    )
    forecast = (run.path / "backtest.json").is_file()  # else there are only experiments to hold it against
    document = run.json("backtest.json") if forecast else {}
    for told in measured(document) if forecast else ():
        print(f"  {told}", flush=True)
    origins = len(document.get("origins", ()))
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
    return origins


def measured(document: Mapping[str, Any]) -> list[str]:
    """Return a line a series: omolab beside the best baseline and beside the one chosen beforehand."""
    lines = []
    for series in document["series"]:
        rows = [row for row in document["summary"] if row["series"] == series]
        own = next((row for row in rows if row["model"] == "omolab"), None)
        others = [row for row in rows if row["model"] != "omolab" and row["wape"] is not None]
        if own is None or not others:
            continue
        best = min(others, key=lambda row: row["wape"])
        ratio = own.get("over_chosen")
        chosen = "" if ratio is None else f"; {ratio:.2f} of the error of the baseline chosen beforehand"
        lines.append(
            f"{series}: WAPE {own['wape']:.3f} (best baseline {best['model']} {best['wape']:.3f}), "
            f"CRPS/mean {own['crps_over_mean']:.3f}, 90 % interval {own['coverage_90']:.0%}{chosen}"
        )
    return lines


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
