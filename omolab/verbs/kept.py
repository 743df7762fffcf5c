"""Verbs on what is kept: runs compared, told as a page or as tables, listed, opened in the browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omolab import desk
from omolab.desk import Given
from results.store import create

if TYPE_CHECKING:
    from results.store import Run


def compare(
    runs: Sequence[Given],
    base: str = "status_quo",
    out: Given | None = None,
    lang: str = "en",
    targets: Sequence[str] = (),
) -> Run:
    """Compare scenarios within one run (written into it) or across runs (a run of its own).

    Parameters
    ----------
    runs
        Folders or names of runs.
    base
        The scenario that is subtracted.
    targets
        Questions put to every scenario alike, whatever its plan promises: ``"repurchase >= 45% by 2029"``.
        Their odds stand in ``run.targets`` of a run of its own.
    out, lang
        Folder of a comparison across runs; language of its report.

    Raises
    ------
    BadInput
        If a run holds no indicators, none holds ``base``, or a question cannot be read.

    Examples
    --------
    >>> table = compare([run.path]).compare
    >>> {"scenario", "kpi", "difference", "low", "high"} <= set(table.columns)
    True
    """
    from results.report import write_report
    from results.store import amend, open_run
    from scenarios.asking import ask, read_question
    from scenarios.compare import compare_runs

    questions = [read_question(text) for text in targets]
    opened = [open_run(path) for path in runs]
    table = compare_runs(opened, base)
    if len(opened) == 1 and out is None and not questions:
        with amend(opened[0].path) as inside:
            inside.table("compare", table)
        write_report(opened[0].path, lang)
        return open_run(opened[0].path)
    name = "-".join(run.name for run in opened)[:60]
    inputs = {f"run {k}": run.path / "manifest.json" for k, run in enumerate(opened)}
    folder = desk.folder_for(out, "compare", name)
    currency = str(opened[0].manifest.get("parameters", {}).get("currency", ""))
    asked = {"base": base, "currency": currency} | ({"targets": list(targets)} if questions else {})
    with create(folder, "compare", name, inputs, asked, 0) as writer:
        writer.table("compare", table)
        if questions:
            writer.table("targets", ask(opened, questions))
        question = {"say": "question.compare", "base": base}
        desk.about(writer, title=name, question=question, currency=currency)
    return desk.finished(folder, lang)


def report(run: Given, lang: str = "en") -> Path:
    """Write a finished run's ``report.html`` anew; return its path.

    Examples
    --------
    >>> report(run.path).name
    'report.html'
    """
    from results.report import write_report

    return write_report(Path(run), lang, pictures=True)


def tables(run: Given, kind: str = "csv", out: Given | None = None) -> Path:
    """Write all tables of a run for a spreadsheet; return the folder of CSV files, or the workbook.

    Parameters
    ----------
    run
        A run's folder or name.
    kind
        ``csv`` (a file a table) or ``xlsx`` (a sheet a table; larger ones than a sheet holds are CSV beside).
    out
        Where to; into the run itself unless given.

    Raises
    ------
    BadInput
        If it is not a run, or ``xlsx`` is asked for without the extra ``excel``.

    Examples
    --------
    >>> sorted(path.name for path in tables(run.path).iterdir())[0]
    'budget.csv'
    """
    from results.spreadsheets import write_tables
    from results.store import amend, open_run

    if kind == "xlsx":
        desk.need("openpyxl", "excel")
    opened = open_run(Path(run))
    if out is not None:
        return write_tables(opened, Path(out), kind)
    with amend(opened.path) as inside:
        return opened.path / write_tables(opened, inside.path, kind).name


def runs(delete: str | None = None) -> list[dict[str, Any]]:
    """List finished runs; with ``delete``, delete that one first."""
    from results import store

    if delete is not None:
        store.delete(delete)
    return [
        {
            "name": found.name,
            "verb": found.manifest.get("verb"),
            "path": str(found.path),
            "status": found.manifest.get("status"),
            "started": found.manifest.get("started"),
        }
        for found in store.runs()
    ]


def dashboard(
    run: Given | None = None,
    plan: str | None = None,
    out: Given | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    seed: int = 1,
    threads: int = 2,
    lang: str = "en",
    ready: Callable[[str], None] = print,
) -> None:
    """Show the levers of a plan and the stored runs in the browser, until interrupted.

    Parameters
    ----------
    run, plan
        A run or a plan to begin with; the newest run that keeps its plan, or a bundled plan, unless given.
    out
        The folder of runs, read and written (``results/runs`` unless given).
    host, port
        Where to listen; port 0 takes a free one.
    seed, threads, lang
        As of every verb.
    ready
        Called with the address, which holds a token that every request must bring.

    Raises
    ------
    BadInput
        If there is no such run or plan, the port is taken, or the extra ``dashboard`` is not installed.
    """
    desk.need("solara", "dashboard")
    from omolab.dashboard.room import Room
    from omolab.dashboard.server import serve
    from results.shelf import RUNS

    chosen = None if run is None else Path(run)
    serve(Room(Path(out or RUNS), chosen, plan, lang, seed, threads), host, port, ready)
