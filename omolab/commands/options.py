"""The options that several verbs share, spelt once, and the checks on their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from results.problems import BadInput, Problem


class Lang(StrEnum):
    """Language of tables and reports."""

    en = "en"
    zh = "zh"


Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Where to write [results/runs/<time>-<verb>-<name>]."),
]
Seed = Annotated[int, typer.Option("--seed", metavar="S", help="Same inputs and seed, same numbers.")]
Threads = Annotated[int | None, typer.Option("--threads", metavar="N", help="Cores to use [all].")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Language = Annotated[Lang, typer.Option("--lang", help="Language of tables and report.")]

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the answer.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Finer progress, what took how long, errors in full.")
]

# Accepted everywhere for uniformity, left out of the help of verbs that draw nothing and use one core.
AnySeed = Annotated[int, typer.Option("--seed", hidden=True)]
AnyThreads = Annotated[int | None, typer.Option("--threads", hidden=True)]

Plan = Annotated[str, typer.Argument(metavar="PLAN", help="A bundled plan's name or a YAML file.")]
MaybePlan = Annotated[
    str | None, typer.Argument(metavar="PLAN", help="A bundled plan's name or a YAML file.")
]
PlanOption = Annotated[
    str | None, typer.Option("--plan", metavar="PLAN", help="A bundled plan's name or a YAML file.")
]
HistoryFile = Annotated[Path, typer.Argument(metavar="HISTORY", help="A history.yaml.")]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder or name.")]
Fit = Annotated[Path | None, typer.Option("--fit", metavar="RUN", help="A run of `omolab calibrate`.")]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="A Dask scheduler, or a profile (YAML) to start one."),
]


def positive(**options: int | None) -> None:
    """Refuse options below 1; ``None`` means "not given" and passes.

    Raises
    ------
    BadInput
        One problem for each option that is out of range, named as on the command line.
    """
    _at_least(1, options)


def not_negative(**options: int | None) -> None:
    """Refuse options below 0; ``None`` passes.

    Raises
    ------
    BadInput
        One problem for each option that is out of range.
    """
    _at_least(0, options)


def _at_least(least: int, options: Mapping[str, int | None]) -> None:
    problems = [
        Problem(f"--{name}", None, "", str(value), f"a whole number of at least {least}", "is too small")
        for name, value in options.items()
        if value is not None and value < least
    ]
    if problems:
        raise BadInput(problems)
