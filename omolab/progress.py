"""Progress on standard error: a bar for someone who watches, a few plain lines for a log file."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

from results.language import Language
from results.phrases.progress import LABELS

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

QUARTERS = (0.25, 0.5, 0.75)
TWENTIETHS = tuple(n / 20 for n in range(1, 20))


class Advance(Protocol):
    """What a task hands out: call it when ``n`` more pieces are done, with an optional short note."""

    def __call__(self, n: int = 1, note: str = "") -> None:
        """Count ``n`` more pieces as done."""


class Progress:
    """Shows how far each task is.

    Parameters
    ----------
    stream
        Where to show it; standard error when not given.
    lang
        The reader's language; labels it has no word for stand as they are.
    fine
        Whether a log file gets a line each twentieth of a task instead of each quarter.

    Examples
    --------
    >>> progress = Progress()
    >>> with progress.task("simulate", 3) as advance:  # doctest: +SKIP
    ...     for name in ("first", "second", "third"):
    ...         advance(note=name)
    """

    def __init__(self, stream: TextIO | None = None, lang: str = "en", fine: bool = False) -> None:
        self.stream = stream or sys.stderr
        self.words = Language(lang)
        self._steps = TWENTIETHS if fine else QUARTERS
        self._bars: Bars | None = None

    @contextmanager
    def task(self, label: str, total: int | None = None) -> Iterator[Advance]:
        """Open a task of ``total`` pieces (``None``: unknown); tasks may be nested."""
        show = self._bar if self.stream.isatty() else self._lines
        with show(self.words.translated(label, tuple(LABELS)), total) as advance:
            yield advance

    @contextmanager
    def _bar(self, label: str, total: int | None) -> Iterator[Advance]:
        from rich.markup import escape

        outermost = self._bars is None
        if outermost:
            self._bars = _rich_bars(self.stream)
            self._bars.start()
        bars = self._bars
        assert bars is not None
        task = bars.add_task(escape(label), total=total, note="")

        def advance(n: int = 1, note: str = "") -> None:
            bars.update(task, advance=n)
            if note:
                bars.update(task, note=escape(note))

        try:
            yield advance
        finally:
            if outermost:
                bars.stop()
                self._bars = None

    @contextmanager
    def _lines(self, label: str, total: int | None) -> Iterator[Advance]:
        started, done, waiting = time.monotonic(), 0, list(self._steps)

        def say(key: str, note: str = "", **fields: object) -> None:
            said = self.words.say(f"progress.{key}", seconds=_seconds(started), **fields)
            said += self.words.say("progress.note", note=note) if note else ""
            line = self.words.say("progress.line", label=label, said=said)
            print(line, file=self.stream, flush=True)

        def advance(n: int = 1, note: str = "") -> None:
            nonlocal done
            done += n
            reached = done / total if total else 0.0
            if waiting and waiting[0] <= reached < 1:
                while waiting and waiting[0] <= reached:
                    waiting.pop(0)
                say("part", note, done=f"{done:,}", total=f"{total:,}")

        if total:
            say("of", done=0, total=f"{total:,}")
        else:
            say("started")
        try:
            yield advance
        except BaseException:
            say("stopped", done=f"{done:,}")
            raise
        say("done")


def _rich_bars(stream: TextIO) -> Bars:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars

    return Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[note]}"),
        console=Console(file=stream),
    )


def _seconds(started: float) -> str:
    return f"{time.monotonic() - started:.0f}"
