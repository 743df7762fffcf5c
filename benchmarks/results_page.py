"""The page of results: ``docs/results.md`` from what back-tests, plans and levers have left.

``python -m benchmarks.results_page`` reads ``results/backtests/*/backtest.json``, ``results/plans.json`` and
``results/levers.json`` and ``results/sbc.json``.
Every sentence with a figure is made from them, the unfavourable ones too.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.backtests import SIZES, USUAL  # noqa: E402
from benchmarks.experiments_page import experiments  # noqa: E402
from benchmarks.lever_pages import levers  # noqa: E402
from benchmarks.quantile_losses import with_losses  # noqa: E402
from benchmarks.sbc_page import calibration  # noqa: E402
from results.language import SPACE, Language  # noqa: E402
from results.recipes import mean_recipes  # noqa: E402
from results.store import versions  # noqa: E402

OUT = ROOT / "docs" / "results.md"
BACKTESTS = ROOT / "results" / "backtests"
PLANS = ROOT / "results" / "plans.json"
LEVERS = ROOT / "results" / "levers.json"
SBC = ROOT / "results" / "sbc.json"

OURS = "omolab"
NOTHING = "Nothing is measured yet."
SECTIONS = ("", "Forecasts of real histories", "Fits of synthetic retailers", "The five plans")
"""Sections in the order they are shown; others follow as they come."""
Row = Mapping[str, Any]
# Measure, heading, and the value it should have: the smaller the distance, the better.
MEASURES = (
    ("wape", "WAPE", 0.0),
    ("mase", "MASE", 0.0),
    ("crps_over_mean", "CRPS/mean", 0.0),
    ("pinball_over_mean", "Pinball/mean", 0.0),
    ("coverage_90", "90 % coverage", 0.9),
)
MODELS = {"bg_nbd": "BG/NBD", "pareto_nbd": "Pareto/NBD", "seasonal_naive": "seasonal naive"} | {
    "ets": "ETS",
    "sarimax": "SARIMAX",
    "ucm": "unobserved components",
}
HEAD = """# Results

Made by `make results` from the last measurements kept, which may be of earlier code than what stands here. To
measure anew:

```
make backtests sbc plans levers results
```

The real histories are not part of the repository (README, "Real histories"): without them the back-tests
skip and the tables below stay as they are.
"""
ACCURACY = """## Forecasts of real histories

Rolling origins: at each, every model sees only what was known then and forecasts the same periods. WAPE
is the sum of absolute errors over the sum of sales, MASE the mean absolute error over that of a
(seasonal) naive forecast within the training years, CRPS/mean scores the whole predictive distribution,
Pinball/mean the loss of its quantiles at 5, 25, 50, 75 and 95 % over the mean of sales (Koenker & Bassett
1978), coverage is how often the 90 % interval held. Figures are means over the origins; the best of a
column stands in **bold** (coverage: nearest to 90 %). `omolab` is the market fitted to the history, with
what it leaves unexplained carried on by structural time series models, pooled with ETS, SARIMAX and
unobserved components of the series alone, and for a customer log with a model of repeat buying, by what
inner folds say of each (decision 35). The best baseline in hindsight is nobody's to have: the error
*over the chosen baseline* is the geometric mean, over origins and over WAPE and CRPS, of omolab's to
that of the one which inner folds before each origin would have chosen. *p* is Diebold & Mariano's for
the difference in CRPS to the best statistical baseline, corrected for few origins (Harvey, Leybourne &
Newbold 1997); nothing is said from fewer than four origins, or where horizons overlap too much.
"""
ODDS = """## The five plans

Each plan's status quo is calibrated to the plan's starting figures; *simulated* is then the mean over
fresh futures of a calm year: nothing grows, no risk strikes, no rival opens. *Odds* are how many of a
hundred futures, with all of that, reach the target: of the plan, and in brackets of the status quo. Few
draws and seeds: read them to the nearest ten. Figures marked with an asterisk are our assumptions; "<"
and ">" mark limits, which a plan gives in the place of figures.
"""


def main() -> None:
    """Write the page from whatever there is."""
    folders = sorted(path.parent for path in BACKTESTS.glob("*/backtest.json"))
    runs = [
        (
            with_losses(_read(folder / "backtest.json"), folder) | {"measured": folder.name} | _aged(folder),
            _seconds(folder),
        )
        for folder in folders
    ]
    rows = _read(PLANS)["rows"] if PLANS.exists() else []
    OUT.parent.mkdir(exist_ok=True)
    moved = _read(LEVERS)["rows"] if LEVERS.exists() else []
    text = page(runs, rows, moved, _read(SBC) if SBC.exists() else None, experiments())
    if OUT.exists():
        text = with_kept(text, OUT.read_text(encoding="utf-8"))
    OUT.write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {OUT.relative_to(ROOT)}: {len(runs)} histories, {len(rows)} rows of plans")


def with_kept(text: str, before: str) -> str:
    """Return the page with sections of the page before put back where nothing has been measured anew.

    Measurements lie in files that no repository keeps: who measures one history only must not lose the rest
    of the page. Kept are whole sections without any new figures, and histories of the first.
    """
    new, old = _split(text, "## "), _split(before, "## ")
    whole = {}
    for heading in dict.fromkeys([*new, *old]):
        mine = new.get(heading, "")
        if heading == ACCURACY.split("\n", 1)[0].removeprefix("## ") and heading in old:
            parts = {k: v for k, v in _split(old[heading], "### ").items() if k}
            fresh = _split(mine.replace(f"{NOTHING}\n", ""), "### ")
            both = parts | {k: v for k, v in fresh.items() if k}
            mine = fresh.get("", "") + "".join(both[name] for name in sorted(both))
        elif heading in old and (not mine or NOTHING in mine):
            mine = old[heading]
        whole[heading] = mine.rstrip("\n") + "\n\n"
    order = [heading for heading in SECTIONS if heading in whole]
    order += [heading for heading in whole if heading not in order]
    return "".join(whole[heading] for heading in order).rstrip("\n") + "\n"


def _split(text: str, mark: str) -> dict[str, str]:
    """Return a text's parts by heading, each with its heading; what stands before the first under ""."""
    found, name = {"": ""}, ""
    for line in text.splitlines(keepends=True):
        if line.startswith(mark):
            name = line.removeprefix(mark).strip()
            found[name] = ""
        found[name] += line
    return found


def page(
    runs: Sequence[tuple[Row, float | None]],
    rows: Sequence[Row],
    moved: Sequence[Row] = (),
    trials: Row | None = None,
    tried: str = "",
) -> str:
    """Return the page's text.

    Parameters
    ----------
    runs
        Documents of ``backtest.json``, each with the run's seconds where they are known; ``aged`` in one says
        that the code has changed since.
    rows
        Rows of ``plans.json``.
    moved
        Rows of ``levers.json``.
    trials
        ``sbc.json``; left out where it was not measured.
    tried
        The section on experiments and media.
    """
    parts = [HEAD, ACCURACY]
    parts += [history(document, seconds) for document, seconds in runs] or [f"{NOTHING}\n"]
    parts += [tried] if tried else []
    parts += [calibration(trials)] if trials else []
    parts += [ODDS, *(plans(rows) or [f"{NOTHING}\n"])]
    return "\n".join([*parts, *levers(moved)])


def history(document: Row, seconds: float | None) -> str:
    """Return one history's section: what was forecast, the table, and who wins."""
    summary = merged(document)
    lines = [f"### {document.get('measured', document['history'])}", "", _asked(document, seconds), ""]
    heads = ["Series", "Model", *(f">{label}" for _, label, _ in MEASURES), ">p"]
    lines += _table(heads, _cells(summary))
    lines += ["", " ".join(verdict(summary)), ""]
    lines += [f"{told}\n" for told in (beforehand(document), pools(document)) if told]
    lines += [f"Note: {warning}.\n" for warning in document.get("warnings", ())]
    return "\n".join(lines)


def beforehand(document: Row) -> str:
    """Return omolab's error over that of the baseline chosen by inner folds, a series each."""
    chosen = {recipe.series: MODELS.get(recipe.chosen, recipe.chosen) for recipe in mean_recipes(document)}
    own = {row["series"]: row.get("over_chosen") for row in document["summary"] if row["model"] == OURS}
    told: dict[str, list[str]] = {}
    for series, ratio in own.items():
        if ratio is not None and not _repeated(document, series):
            told.setdefault(chosen.get(series, ""), []).append(f"{ratio:.2f} on `{series}`")
    return " ".join(
        f"Over the baseline that inner folds chose ({name}): {_listed(each)}." for name, each in told.items()
    )


def pools(document: Row) -> str:
    """Return how each series' forecast was pooled, as a sentence."""
    told = [
        f"`{recipe.series}` of "
        + ", ".join(f"{voice} {100 * weight:.0f}{SPACE}%" for voice, weight in recipe.weights.items())
        + f", width × {recipe.spread:.2f}"
        for recipe in mean_recipes(document)
        if not _repeated(document, recipe.series)
    ]
    return f"Pooled, mean over origins: {'; '.join(told)}." if told else ""


def _repeated(document: Row, series: str) -> bool:
    """Return whether a series is the part of a lone channel, which is the total once more."""
    measure = series.rpartition(".")[2]
    alone = [name for name in document["series"] if name.endswith(f".{measure}") and measure != "share"]
    parts = [name for name in alone if not name.startswith(("total.", "repeat."))]
    return series in parts and len(parts) == 1 and f"total.{measure}" in alone


def merged(document: Row) -> dict[str, list[Row]]:
    """Return the summary's rows by series; series that are the same (a lone channel and the total) once."""
    found: dict[str, list[Row]] = {}
    seen: dict[str, str] = {}
    for series in document["series"]:
        rows = [row for row in document["summary"] if row["series"] == series]
        print_ = json.dumps([{k: v for k, v in row.items() if k != "series"} for row in rows])
        if rows and print_ in seen:
            first = seen[print_]
            found = {f"{k} = {series}" if k == first else k: v for k, v in found.items()}
        elif rows:
            found[series] = rows
            seen[print_] = series
    return found


def verdict(summary: Mapping[str, Sequence[Row]]) -> list[str]:
    """Return sentences on where omolab wins and loses by CRPS, and whether its intervals hold."""
    won, lost, widths = [], [], []
    for series, rows in summary.items():
        own = next((row for row in rows if row["model"] == OURS), None)
        rivals = [r for r in rows if r["model"] != OURS and r["crps_over_mean"] is not None]
        if own is None or own["crps_over_mean"] is None:
            lost.append(f"`{series}`: omolab has no forecast")
            continue
        widths.append((series, own["coverage_90"]))
        best = min(rivals, key=lambda row: row["crps_over_mean"], default=None)
        if best is None or own["crps_over_mean"] <= best["crps_over_mean"]:
            won.append(series)
        else:
            scores = f"{_score(best['crps_over_mean'])} against {_score(own['crps_over_mean'])}"
            lost.append(f"`{series}`: {MODELS.get(best['model'], best['model'])} ({scores})")
    said = []
    if won:
        ahead = f"ahead of every baseline on {_listed(f'`{series}`' for series in won)}"
        said.append(f"By CRPS omolab is {ahead}" + (";" if lost else "."))
    if lost:
        said.append(f"{'a' if won else 'By CRPS a'} baseline is better on {_listed(lost)}.")
    return said + _intervals(widths)


def _intervals(widths: Sequence[tuple[str, float | None]]) -> list[str]:
    narrow = [series for series, share in widths if share is not None and share < 0.8]
    wide = [series for series, share in widths if share is not None and share > 0.97]
    said = []
    if narrow:
        said.append(f"Its 90 % intervals are too narrow on {_listed(f'`{s}`' for s in narrow)}.")
    if wide:
        said.append(f"They are wider than need be on {_listed(f'`{s}`' for s in wide)}.")
    if said and not narrow:
        said[0] = said[0].replace("They", "Its 90 % intervals", 1)
    return said


def _asked(document: Row, seconds: float | None) -> str:
    """Say what was forecast from where, at what cost, and whether it is less than the usual measurement."""
    origins = document["origins"]
    name, period, horizon = document["history"], document["period"], document["horizon"]
    s = "" if len(origins) == 1 else "s"
    dates = origins[0] if len(origins) == 1 else f"{origins[0]} to {origins[-1]}"
    said = f"{len(origins)} origin{s} ({dates}), {horizon} {period}s ahead"
    said += "." if seconds is None else f"; {seconds / len(origins):.0f} s an origin for all models together."
    size = SIZES.get(document.get("measured", name), USUAL)
    usual = len(size.cutoffs) or size.origins
    if len(origins) < usual:
        said += f" The usual measurement has {usual} origins: this one was cut short."
    if document.get("aged"):
        said += " The code has changed since."
    if len(origins) <= 2:
        said += " So few origins say little about which model is better in general."
    return said


def _cells(summary: Mapping[str, Sequence[Row]]) -> list[list[str]]:
    lines = []
    for series, rows in summary.items():
        label = series
        for row in rows:
            cells = [_marked(row, rows, measure, ideal) for measure, _, ideal in MEASURES]
            lines.append([label, row["model"], *cells, _chance(row.get("dm_p"))])
            label = ""
    return lines


def _chance(p: float | None) -> str:
    return "" if p is None else "<.001" if p < 0.001 else f"{p:.3f}".lstrip("0")


def _marked(row: Row, rows: Sequence[Row], measure: str, ideal: float) -> str:
    """Return a score, in bold if no model of the series has a better one."""
    value = row.get(measure)
    if value is None:
        return "–"
    off = [abs(r[measure] - ideal) for r in rows if r.get(measure) is not None]
    text = f"{100 * value:.0f}{SPACE}%" if measure == "coverage_90" else _score(value)
    return f"**{text}**" if abs(value - ideal) <= min(off) + 1e-9 and len(off) > 1 else text


def plans(rows: Sequence[Row]) -> list[str]:
    """Return a section per plan; what could not be measured is named under its table."""
    names = list(dict.fromkeys(str(row["name"]).partition(".")[0] for row in rows))
    return [_plan(name, [row for row in rows if _of(row) == name]) for name in names]


def _of(row: Row) -> str:
    return str(row["name"]).partition(".")[0]


def _plan(name: str, rows: Sequence[Row]) -> str:
    measured = [row for row in rows if "skipped" not in row]
    heads = ["Indicator", ">Starts at", ">Simulated", ">Off by", ">Target", "By", ">Odds"]
    lines = [f"### {name}", ""]
    if measured:
        lines += [*_table(heads, [_figures(row) for row in measured]), "", *_starts(measured)]
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if "skipped" in row:
            reasons.setdefault(str(row["skipped"]), []).append(str(row["name"]).partition(".")[2] or name)
    lines += [f"Left out, {why}: {_listed(f'`{what}`' for what in kept)}.\n" for why, kept in reasons.items()]
    return "\n".join(lines)


def _figures(row: Row) -> list[str]:
    words, unit = Language("en"), str(row.get("unit", ""))
    start, mark = row["starting_point"], {"under": "< ", "over": "> "}.get(str(row.get("bound")), "")
    star = "*" if start is not None and row.get("source") == "assumption" else ""
    label = words.kpi(str(row["kpi"])) + ("" if row.get("channel", "all") == "all" else f", {row['channel']}")
    target, odds = "", ""
    if row["target"] is not None:
        target = words.amount(row["target"], unit)
        quiet = row.get("odds_status_quo")
        odds = words.odds(row["odds"]) + ("" if quiet is None else f" ({words.odds(quiet)})")
    return [
        label,
        "" if start is None else f"{mark}{words.amount(start, unit)}{star and chr(92) + star}",
        words.amount(row["simulated"], unit),
        "" if row["relative_error"] is None else words.change(row["relative_error"], full=False),
        target,
        "" if row.get("by") is None else words.month(row["by"]),
        odds,
    ]


def _starts(rows: Sequence[Row]) -> list[str]:
    """Say how near the starting figures are, limits apart."""
    stated = [r for r in rows if r["relative_error"] is not None and r.get("bound", "exact") == "exact"]
    if not stated:
        return []
    near = [row for row in stated if abs(row["relative_error"]) <= 0.05]
    worst = max(stated, key=lambda row: abs(row["relative_error"]))
    said = f"{len(near)} of {len(stated)} starting figures are met within 5{SPACE}%"
    if len(near) < len(stated):
        off = Language("en").change(worst["relative_error"], full=False)
        said += f"; furthest off is {Language('en').kpi_inline(str(worst['kpi']))} ({off})"
    return [said + ".", ""]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table in Markdown; a heading that begins with ``>`` is aligned to the right."""
    rule = ["---:" if head.startswith(">") else "---" for head in heads]
    lines = [[head.removeprefix(">") for head in heads], rule, *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _score(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else "–"


def _listed(names: Iterable[str]) -> str:
    return Language("en").listed(list(names))


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _seconds(folder: Path) -> float | None:
    manifest = folder / "manifest.json"
    return float(_read(manifest)["timings"]["total"]) if manifest.exists() else None


def _aged(folder: Path) -> dict[str, bool]:
    """Tell whether the market's sources have changed since a run was made."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return {}
    return {"aged": _read(manifest).get("versions", {}).get("sources") != versions()["sources"]}


if __name__ == "__main__":
    main()
