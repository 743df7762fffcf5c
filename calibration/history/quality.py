"""The data-quality report: what each table covers, what was found odd, and values that look mistyped."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.history.history import History
from calibration.history.load import TABLES
from calibration.history.sales import pivot

JUMP = 8.0
"""A period's revenue this many times above or below its neighbours looks like a slip of a decimal point."""


def quality(history: History) -> pd.DataFrame:
    """Return the data-quality report of a history.

    Returns
    -------
    DataFrame
        [table, finding, count, rows, note]: first one ``coverage`` row for each table (``count`` is its
        rows), then what was found odd; ``rows`` lists the first of the row numbers concerned, the header
        being row 1.
    """
    found = [_coverage(history, name) for name in TABLES if history.table(name) is not None]
    for issue in history.issues:
        rows = ", ".join(map(str, issue.rows[:8])) + (", ..." if issue.rows and issue.count > 8 else "")
        found.append((issue.table, issue.kind, issue.count, rows, issue.message))
    found += _holes(history)
    found += _jumps(history)
    return pd.DataFrame(found, columns=["table", "finding", "count", "rows", "note"])


def _coverage(history: History, name: str) -> tuple[str, str, int, str, str]:
    table = history.table(name)
    assert table is not None
    parts = []
    if "date" in table:
        parts.append(f"{table['date'].min():%Y-%m-%d} to {table['date'].max():%Y-%m-%d}")
    span = {"media": history.media_span, "drivers": history.drivers_span}.get(name)
    if name == "sales" or (name == "transactions" and history.sales is None):
        span = history.calendar
    if span is not None:
        parts.append(f"{len(span)} {span.period}{'s' if len(span) > 1 else ''}")
    for label in ("channel", "source", "driver", "group"):
        if label in table and table[label].notna().any():
            names = list(dict.fromkeys(table[label].dropna()))
            parts.append(f"{label}: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}")
    if "customer" in table and table["customer"].notna().any():
        parts.append(f"{table['customer'].nunique():,} customers")
    return (name, "coverage", history.rows[name], "", "; ".join(parts))


def _holes(history: History) -> list[tuple[str, str, int, str, str]]:
    """Find periods in which a channel has no revenue between ones in which it has, though others do."""
    if history.sales is None or "revenue" not in history.sales:
        return []
    found = []
    table = pivot(history.sales, "revenue", history.calendar).dropna(how="all")  # whole gaps are told already
    for channel, revenue in table.items():
        known = revenue.notna()
        inside = known.cummax() & known[::-1].cummax()[::-1]
        if len(absent := revenue.index[~known & inside]):
            shown = ", ".join(f"{day:%Y-%m-%d}" for day in absent[:5]) + (", ..." if len(absent) > 5 else "")
            found.append(("sales", "gap", len(absent), "", f"{channel} is not known in {shown}"))
    return found


def _jumps(history: History) -> list[tuple[str, str, int, str, str]]:
    """Find periods whose revenue is many times that of the two before and the two after."""
    if history.sales is None or "revenue" not in history.sales:
        return []
    found = []
    for channel, revenue in pivot(history.sales, "revenue", history.calendar).items():
        around = pd.concat([revenue.shift(step) for step in (-2, -1, 1, 2)], axis=1)
        beside = around.median(axis=1).where(around.notna().sum(axis=1) >= 3)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.abs(np.log(revenue / beside))
        odd = revenue.index[(ratio > np.log(JUMP)) & (revenue > 0) & (beside > 0)]
        if len(odd):
            shown = ", ".join(f"{day:%Y-%m-%d}" for day in odd[:5]) + (", ..." if len(odd) > 5 else "")
            note = f"{channel} is {JUMP:g} times above or below its neighbours: {shown}"
            found.append(("sales", "jump", len(odd), "", note))
    return found
