"""Problems gathered while a history is read, so that its author sees all of them at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from results.problems import BadInput, Problem

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 20
"""Rows listed for one kind of problem; the others are counted."""


class Complaints:
    """A growing list of problems, raised together."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(
        self, file: str | Path, row: int | None, field: str, value: object, expected: str, message: str
    ) -> None:
        """Note one problem; ``row`` is 1 for a table's header and ``None`` for the whole file."""
        self.problems.append(Problem(str(file), row, field, _short(value), expected, message))

    def rows(self, file: str | Path, field: str, bad: pd.Series, expected: str, message: str) -> None:
        """Note one kind of problem in many rows.

        Parameters
        ----------
        bad
            The offending values, indexed by row number.
        """
        for row, value in bad.iloc[:SHOWN].items():
            self.add(file, int(row), field, value, expected, message)
        left = len(bad) - SHOWN
        if left > 0:
            self.add(file, None, field, f"{left:,} more rows", expected, f"{message}, in {len(bad):,} rows")

    def take(self, error: BadInput) -> None:
        """Add what another reader refused."""
        self.problems.extend(error.problems)

    def raise_if_any(self) -> None:
        """Raise everything noted so far.

        Raises
        ------
        BadInput
            With every problem noted, if there is one.
        """
        if self.problems:
            raise BadInput(self.problems)


def _short(value: object, most: int = 80) -> str:
    text = str(value)
    return text if len(text) <= most else f"{text[: most - 1]}…"
