"""The page's section on experiments and media, from what the back-tests have left in ``evaluation.json``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from results.language import SPACE, Language  # noqa: E402
from results.sections.experiments import told, words  # noqa: E402

BACKTESTS = ROOT / "results" / "backtests"
Row = Mapping[str, Any]
HEAD = """## Experiments and media

What a market says of causes is held against histories that tell of causes (decision 37): it is calibrated to
one part of the evidence and asked for the other. Of uplifts, *chi2* is the mean squared error over the
variance of the truth's own sampling error (1 at best, on average), CRPS is over the mean size of what is
forecast, and an interval covers when it holds the measured uplift once that error is added. `pooled` gives
every cell the same uplift, `regression` is logistic (shares) or least squares (money), arm x factor.
"""
ORDER = ("experiment", "prices", "campaigns", "media", "geo")
MARGINS = (("outcome", "Outcome"), ("arm", "Arm"), ("channel", "Channel"), ("segment", "Segment"))


def experiments(folder: Path = BACKTESTS) -> str:
    """Return the section; empty where nothing was evaluated."""
    parts = []
    for path in sorted(folder.glob("*/evaluation.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        for found in document["evaluations"]:
            parts.append((ORDER.index(found["kind"]), document["history"], found, path.parent))
    if not parts:
        return ""
    texts = [_part(name, found, where) for _, name, found, where in sorted(parts, key=lambda p: p[:2])]
    return "\n".join([HEAD, *texts])


def _part(name: str, found: Row, folder: Path) -> str:
    language = Language("en")
    heads, rows = told(found["summary"], language)
    left = words(found["summary"])
    heads = [head if k < left else f">{head}" for k, head in enumerate(heads)]
    lines = [f"### {name}: {language.say('evaluation.' + found['kind']).lower()}", "", _said(found), ""]
    lines += table(heads, rows)
    if found["kind"] in DETAILS:
        lines += ["", *DETAILS[found["kind"]](folder, found)]
    notes = [language.tell(note) for note in found["notes"]]
    if notes:
        lines += ["", "Not recovered, or assumed:", "", *(f"- {note}." for note in notes)]
    return "\n".join([*lines, ""])


def _said(found: Row) -> str:
    """Say what was calibrated on and asked for."""
    figures, kind = found["figures"], found["kind"]
    if kind == "experiment":
        return (
            f"{figures['customers']:,} customers in {len(figures['arms'])} arms; calibrated on "
            f"{figures['calibrated_on']:,}, chosen by a keyed hash, uplifts of the others forecast."
        )
    if kind == "prices":
        return (
            f"{figures['rows']:,} rows, {len(figures['products'])} products; the market is a shelf of "
            "them, each price lowered by 10 % and each put on a deal of 20 % in turn, with the same luck."
        )
    if kind == "campaigns":
        return (
            f"{figures['read']} of {figures['campaigns']} campaigns can be read; calibrated on the "
            f"{figures['calibrated_on']} earlier ones, the later ones forecast."
        )
    if kind == "media":
        return (
            f"{figures['weeks']} weeks, {len(figures['media'])} media. The truth is {figures['truth']}: "
            "the first table is of sales made up on the same spend, base and noise, where it is known."
        )
    first, last = figures["test"]
    return (
        f"{figures['regions']} regions, {figures['treated']} treated, {first} to {last}, "
        f"{figures['spend']:,.0f} spent; {figures['placebos']} placebo tests before. "
        f"The truth is {figures['truth']}."
    )


def _uplifts(folder: Path, found: Row) -> list[str]:
    """Return forecast uplifts beside the truth, by arm and channel and by arm and segment."""
    frame = _table(folder, found, "uplift")
    lines = []
    for level in ("all", "channel", "segment"):
        part = frame[frame["level"] == level]
        if part.empty:
            continue
        shown = [(name, head) for name, head in MARGINS if name in part and part[name].notna().all()]
        heads = [head for _, head in shown] + [">Forecast, 90 %", ">Truth, 90 %", ">Pooled", ">Regression"]
        rows = []
        for row in part.to_dict("records"):
            truth = _band(row["truth"], 1.6449 * row["truth_se"])
            own = f"{_number(row['omolab'])} ({_number(row['omolab_low'])} to {_number(row['omolab_high'])})"
            rest = [_number(row["pooled"]), _number(row["regression"])]
            rows.append([*(str(row[name]) for name, _ in shown), own, truth, *rest])
        lines += [*table(heads, rows), ""]
    return lines[:-1]


def _elasticities(folder: Path, found: Row) -> list[str]:
    """Return own elasticities and bumps of deals by product."""
    frame = _table(folder, found, "elasticities")
    language, frame = Language("en"), frame[frame["quantity"] != "cross"]
    rows = [
        [
            language.say(f"evaluation.{row['quantity']}"),
            str(row["product"]),
            _band(row["history"], 1.6449 * row["history_se"]),
            f"{row['published_low']:.2f} to {row['published_high']:.2f}",
            f"{row['simulated']:.2f}",
            "yes" if row["simulated_within"] else "no",
        ]
        for row in frame.sort_values(["quantity", "product"]).to_dict("records")
    ]
    heads = ["Quantity", "Product", ">History, 90 %", ">Published", ">Simulated", "Within"]
    agreement = found["figures"]["cross_agreement"]
    said = f"Simulated and estimated cross elasticities correlate {agreement:.2f} over pairs of products."
    sources = "; ".join(found["figures"]["sources"].values())
    return [*table(heads, rows), "", f"{said} Published: {sources}."]


def _types(folder: Path, found: Row) -> list[str]:
    """Return what campaigns of each type did, and what the market's coupon can do."""
    rows = []
    for kind, said in found["figures"]["types"].items():
        cells = [_share(said["redeemed"]), _share(said["coupon_taken"])]
        cells.append(f"{_share(said['lift'])} ±{_share(1.6449 * said['lift_se'])}")
        cells.append(f"{_share(said['spend_lift'])} ±{_share(1.6449 * said['spend_lift_se'])}")
        rows.append([kind, str(said["campaigns"]), *cells, _share(said["largest_lift"])])
    heads = ["Type", ">Campaigns", ">Redeemed", ">Share who take it", ">Lift of orders"]
    return table([*heads, ">Lift of spend", ">Market's lift, at most"], rows)


def _contributions(folder: Path, found: Row) -> list[str]:
    """Return contributions by medium, and the curve."""
    frame = _table(folder, found, "contributions")
    rows = []
    for row in frame.sort_values("rank").to_dict("records"):
        own, plain = (
            f"{_share(row[name])} ({_share(row[f'{name}_low'])} to {_share(row[f'{name}_high'])})"
            for name in ("contribution", "regression")
        )
        cells = [
            own,
            plain,
            _share(row["simulated"]),
            f"{row['half_life_days']:.1f}",
            _share(row["learnt_lift"]),
        ]
        rows.append([row["medium"], *cells])
    heads = [
        "Medium",
        ">Share of sales, 90 %",
        ">Regression",
        ">In the market",
        ">Half-life, days",
        ">Learnt",
    ]
    parameters = found["figures"]["parameters"]
    curve = " and ".join(
        f"`{name}` {p['median']:.2f} ({p['low']:.2f} to {p['high']:.2f})"
        for name in ("hill_shape", "half_saturation")
        if (p := parameters.get(name))
    )
    return [*table(heads, rows), "", f"Saturation: {curve}."]


DETAILS = {
    "experiment": _uplifts,
    "prices": _elasticities,
    "campaigns": _types,
    "media": _contributions,
}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table in Markdown; a heading that begins with ``>`` is aligned to the right."""
    rule = ["---:" if head.startswith(">") else "---" for head in heads]
    lines = [[head.removeprefix(">") for head in heads], rule, *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _table(folder: Path, found: Row, name: str) -> Any:
    import pandas as pd

    return pd.read_parquet(folder / found["tables"][name])


def _band(value: float, half: float) -> str:
    return f"{_number(value)} ±{_number(half)}"


def _number(value: float) -> str:
    return f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.4f}"


def _share(value: float) -> str:
    return f"{100 * value:.1f}{SPACE}%"
