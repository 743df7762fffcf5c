"""Progress in a log file: a few plain lines, whatever happens."""

from __future__ import annotations

import io

import pytest

from omolab.progress import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_log_gets_start_quarters_and_end() -> None:
    log = io.StringIO()
    with Progress(log).task("simulate", 1000) as advance:
        for _ in range(1000):
            advance(note="plan")
    said = [
        line.split(",")[0].split(" (")[0] for line in log.getvalue().replace("1,000", "1000").splitlines()
    ]
    assert said == [
        "simulate: 0 of 1000",
        "simulate: 250 of 1000",
        "simulate: 500 of 1000",
        "simulate: 750 of 1000",
        "simulate: done",
    ]


def test_one_big_step_says_one_quarter_line() -> None:
    log = io.StringIO()
    with Progress(log).task("fit", 4) as advance:
        advance(3)
        advance()
    assert [line.split(",")[0] for line in log.getvalue().splitlines()] == [
        "fit: 0 of 4",
        "fit: 3 of 4",
        "fit: done",
    ]


def test_unknown_length_and_failure() -> None:
    log = io.StringIO()
    with pytest.raises(ValueError), Progress(log).task("fit") as advance:
        advance(2)
        raise ValueError
    assert log.getvalue().startswith("fit: started\nfit: stopped after 2")


def test_a_terminal_gets_bars_that_end_and_can_nest() -> None:
    terminal = Terminal()
    progress = Progress(terminal)
    with progress.task("outer [red]", 2) as outer:
        with progress.task("inner", 1) as inner:
            inner(note="job [1]")
        outer()
    assert "outer [red]" in terminal.getvalue() and "job [1]" in terminal.getvalue()
    with progress.task("again", 1) as advance:
        advance()
    assert "again" in terminal.getvalue()
