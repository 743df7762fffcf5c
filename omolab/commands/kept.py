"""Commands on what is kept: runs compared, told as a page or tables, opened in the browser, listed."""

from __future__ import annotations

import json
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from omolab.commands.options import PlanOption, RunFolder, not_negative
from omolab.commands.verb import Work, verb
from omolab.defaults import PORT


@verb(draws=False)
def compare(
    work: Work,
    runs: Annotated[list[Path], typer.Argument(metavar="RUN", help="One run, or several of any plans.")],
    base: Annotated[
        str, typer.Option("--base", metavar="NAME", help="Scenario compared with.")
    ] = "status_quo",
    target: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="TEXT", help="Ask all of them: 'repurchase >= 45% by 2029'."),
    ] = None,
) -> None:
    """Compare scenarios within a run, or across runs and plans.

    With `--target` the same target is put to each of them, whatever its plan promises; repeat for several.
    """
    run = work.api.compare(runs=runs, base=base, out=work.out, lang=work.lang, targets=target or ())
    work.answer(run, "targets" if target else "compare")  # of other businesses, differences say little


class Tables(StrEnum):
    """Kinds of files that spreadsheets read."""

    csv = "csv"
    xlsx = "xlsx"


Copy = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Put a copy here too [only in the run].")
]


@verb(out=Copy, draws=False)
def report(
    work: Work,
    run: RunFolder,
    tables: Annotated[
        Tables | None, typer.Option("--tables", help="Write the run's tables too, for a spreadsheet.")
    ] = None,
) -> None:
    """Write a run's report anew, as one HTML page.

    With `--tables` all tables of the run too: `tables/*.csv`, or `tables.xlsx` with a sheet each.
    """
    page = work.api.report(run=run, lang=work.lang)
    if work.out is not None:
        work.out.mkdir(parents=True, exist_ok=True)
        page = Path(shutil.copy(page, work.out / page.name))
    if tables is None:
        return work.say("report", page)
    written = work.api.tables(run=run, kind=tables.value, out=work.out)
    if work.json:
        return print(json.dumps({"report": str(page), "tables": str(written)}))
    work.say("report", page)
    return work.say("tables", written)


Results = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder of runs, read and written [results/runs]."),
]


@verb(out=Results)
def dashboard(
    work: Work,
    run: Annotated[
        Path | None, typer.Argument(metavar="RUN", help="A run whose plan to move [the newest].")
    ] = None,
    plan: PlanOption = None,
    port: Annotated[
        int, typer.Option("--port", metavar="N", help="Port to listen on; 0 takes a free one.")
    ] = PORT,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="ADDRESS",
            help="Address to listen on; others than this machine's own are not encrypted.",
        ),
    ] = "127.0.0.1",
) -> None:
    """Move a plan's levers in the browser; compare runs.

    Shows at once what a move changes, and sends full runs to the background. For this machine alone: the
    address that is printed holds a token, and nothing answers without it.
    """
    not_negative(port=port)
    asked = {"out": work.out, "lang": work.lang, "seed": work.seed, "threads": work.threads}

    def ready(address: str) -> None:
        if work.json:
            print(json.dumps({"address": address}), flush=True)
        else:
            print(work.words.say("dash.open", address=address))
            print(work.words.say("dash.stop_hint"), flush=True)

    work.api.dashboard(run=run, plan=plan, host=host, port=port, ready=ready, **asked)
    if not work.json:
        print(work.words.say("dash.stopped"))


@verb(out=None, draws=False)
def runs(
    work: Work,
    delete: Annotated[
        str | None, typer.Option("--delete", metavar="RUN", help="Delete one run, by name or folder.")
    ] = None,
) -> None:
    """List finished runs, or delete one."""
    from results.language import moment

    columns = {"name": "name", "verb": "verb", "status": "status", "started": "started", "path": "folder"}
    found = work.api.runs(delete=delete)
    if not work.json:
        status = {one["status"]: work.words.say(f"status.{one['status']}") for one in found}
        found = [{**one, "status": status[one["status"]], "started": moment(one["started"])} for one in found]
    work.list("runs", found, columns)
