"""What all printed tables share: the reader's language, numbers in their units, headings, widths."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from results.files import plain
from results.language import SPACE, Language, clean

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from results.store import Run

LOG_WIDTH = 132  # columns of text where nobody's window sets the width
READER: ContextVar[str] = ContextVar("reader", default="en")  # language of what `show` prints
HEADLINES = ("net_sales", "online_share", "orders", "conversion", "operating_profit", "active_customers")


@contextmanager
def read_in(lang: str) -> Iterator[None]:
    """Print in the reader's language."""
    before = READER.set(lang)
    try:
        yield
    finally:
        READER.reset(before)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as a list of rows; dates as ISO dates, missing values as ``None``."""
    told = frame.copy()
    for name in told.select_dtypes("datetime"):
        told[name] = told[name].dt.strftime("%Y-%m-%d")
    return [plain(row) for row in told.astype(object).where(told.notna(), None).to_dict("records")]


def last_period(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep, of each indicator, the rows of its last period; of two that end together, the longer."""
    for column, last in (("period_end", "max"), ("period_start", "min")):
        if column in rows:
            rows = rows[rows[column] == rows.groupby("kpi")[column].transform(last)]
    return rows


def language(run: Run) -> Language:
    """Return what says things of a run to the reader."""
    return Language(READER.get(), str(run.manifest.get("parameters", {}).get("currency", "")))


def console(error: bool = False) -> Console:
    """Return where tables are printed, as wide as the window or a log file's lines."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else LOG_WIDTH, markup=False, highlight=False)


def cell(value: Any) -> str:
    """Return a value as one harmless line."""
    return clean(", ".join(map(str, value)) if isinstance(value, list | tuple) else value)


def table(title: str, *columns: str) -> Table:
    """Return an empty table; a heading that begins with ``>`` is a column of numbers."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(
            name.removeprefix(">"), justify="right" if name.startswith(">") else "left", overflow="fold"
        )
    return table


def headed(words: Language, title: str, *heads: str) -> Table:
    """Return an empty table whose headings are phrases, those without a subject being the console's own."""
    names = []
    for head in heads:
        key = head.removeprefix(">")
        said = words.say(key if "." in key else f"console.{key}") if key else ""
        names.append(">" * head.startswith(">") + said.replace(SPACE, " "))
    return table(title.replace(SPACE, " "), *names)


def scenario_name(words: Language, name: object) -> str:
    """Return a scenario as it is typed, in Chinese by its label where it has one."""
    return clean(name) if words.lang == "en" else clean(words.scenario(name))


def amount(words: Language, value: float | None, unit: str, signed: bool = False) -> str:
    """Return a number in its unit, with plain blanks."""
    return words.amount(value, unit, signed).replace(SPACE, " ")


def estimate(words: Language, value: float | None, unit: str, signed: bool = False) -> str:
    """Return what was simulated or measured in its unit, with plain blanks."""
    return words.estimate(value, unit, signed).replace(SPACE, " ")


def span(words: Language, low: float | None, high: float | None, unit: str, signed: bool = False) -> str:
    """Say an interval, its unit once."""
    if low is None or high is None:
        return "–"
    first, last = (estimate(words, end, unit, signed) for end in (low, high))
    code = first.split(" ")[0]
    last = last.removeprefix(f"{code} ") if code.isascii() and code.isalpha() else last
    for unit in (" %", " points", " hours", " days", "个百分点"):
        first = first.removesuffix(unit)
    return words.say("console.span", low=first, high=last)


def odds(words: Language, row: Mapping[str, Any]) -> str:
    """Say odds in per cent, with their interval where there is one."""
    said = words.odds(row["odds"]) + ("%" if words.lang == "zh" else " %")
    low, high = row.get("odds_low"), row.get("odds_high")
    if low is None or high is None:
        return said
    span = words.say("console.span", low=words.odds(low), high=words.odds(high))
    return words.say("console.within", value=said, range=span)
