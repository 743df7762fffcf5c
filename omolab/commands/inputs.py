"""Commands on what goes in: plans and histories listed, copied, checked and drafted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omolab.commands.options import PlanOption
from omolab.commands.verb import BAD_INPUT, Work, verb
from results.problems import BadInput, Problem


@verb(out=None, draws=False)
def plans(work: Work) -> None:
    """List the bundled plans."""
    found = work.api.plans()
    if not work.json:
        found = [{**one, "title": work.words.titled(one["title"])} for one in found]
    columns = {"name": "name", "title": "what", "months": "months", "targets": "targets"}
    work.list("plans", found, columns)


@verb(out=None, draws=False)
def new(
    work: Work,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A folder to make.")],
    plan: Annotated[str, typer.Option("--plan", metavar="NAME", help="The bundled plan to copy.")],
) -> None:
    """Copy a bundled plan into your own folder, to edit."""
    made = work.api.new(directory=directory, plan=plan)
    work.say("plan", made)
    work.hint("check", made)


@verb(out=None, draws=False)
def check(
    work: Work,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Plans and histories (YAML).")
    ] = None,
    plan: PlanOption = None,
) -> None:
    """Validate plans and histories; list what is not modelled yet."""
    if not files and plan is None:
        raise BadInput(Problem("FILE", None, "", "", "a file or --plan NAME", "there is nothing to check"))
    found = work.api.check(files=files or [], plan=plan)
    from omolab import console
    from omolab.printed.inputs import checked

    if work.json:
        console.print_json(found[0] if len(found) == 1 else found)
    else:
        checked(found, work.lang)
    if any(one["errors"] for one in found):
        raise typer.Exit(BAD_INPUT)


Draft = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where to write the draft [standard output].")
]


@verb(out=Draft, draws=False)
def history(
    work: Work,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="CSV, Parquet or Excel files.")],
) -> None:
    """Draft a history.yaml from your files; report data quality."""
    there = work.out is not None and work.out.exists()
    try:
        found = work.api.history(files=files, out=work.out, lang=work.lang)
    except BadInput:
        if work.out and work.out.exists() and not there and not work.json:
            work.say("history", work.out)  # as drafted, to be mended
        raise
    from omolab import console
    from omolab.printed import inputs, sheets

    quality = sheets.records(found["quality"])
    if work.json:
        console.print_json({"out": work.out and str(work.out), "text": found["text"], "quality": quality})
        return
    if work.out:
        work.say("history", work.out)
    else:
        print(found["text"])
    inputs.quality(quality, found["quality"].columns, work.lang)
    if work.out:
        work.hint("check", work.out)
        work.hint("calibrate", "PLAN", "--history", work.out)
