"""The command line: each verb reads its options, calls the function of that name, prints the answer.

Nothing is computed here, and nothing heavy is imported until a verb runs.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from omolab import __version__
from omolab.help import VARIABLE, Command, Group
from omolab.options import (
    Cluster,
    Fit,
    HistoryFile,
    Lang,
    MaybePlan,
    Plan,
    PlanOption,
    RunFolder,
    not_negative,
    positive,
)
from omolab.verb import BAD_INPUT, Work, verb
from results.problems import BadInput, Problem

REPLICATES = 4  # seeds for each draw of the parameters; the draws carry most of the spread
TRIALS = 200
ORIGINS = 4
PORT = 8765

EXAMPLES = {
    "demo": "Example: omolab demo --out results/runs/demo",
    "plans": "Example: omolab plans --lang zh",
    "new": "Example: omolab new mine --plan ecommerce_dept",
    "check": "Example: omolab check mine/ecommerce_dept.yaml history.yaml",
    "history": "Example: omolab history sales.csv media.xlsx --out history.yaml",
    "calibrate": "Example: omolab calibrate ecommerce_dept --history history.yaml --out results/runs/fit",
    "forecast": "Example: omolab forecast ecommerce_dept --fit results/runs/fit --horizon 12",
    "backtest": "Example: omolab backtest history.yaml --origins 4 --horizon 6",
    "run": "Example: omolab run ecommerce_dept --scenario plan --scenario deep_discount --customers 2000",
    "compare": "Example: omolab compare results/runs/a results/runs/b --target 'repurchase >= 45% by 2029'",
    "search": "Example: omolab search ecommerce_dept --trials 100 --objective odds_growth",
    "sweep": "Example: omolab sweep examples/sweeps/sweep.yaml --threads 4",
    "levers": "Example: omolab levers ecommerce_dept --lever promotion --lever pricing.level=1.1",
    "track": "Example: omolab track ecommerce_dept --actuals history.yaml --fit results/runs/fit",
    "report": "Example: omolab report results/runs/demo --lang zh --tables xlsx",
    "dashboard": "Example: omolab dashboard results/runs/demo --port 8765",
    "runs": "Example: omolab runs --delete demo",
}

app = typer.Typer(
    name="omolab",
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: rich's takes three times as long to show
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a sign that the terminal lacks is no reason to fail
    app(prog_name="omolab")


def _version(asked: bool) -> None:
    if asked:
        print(f"omolab {__version__}")
        raise typer.Exit


@app.callback()
def _about(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    lang: Annotated[
        Lang | None,
        typer.Option("--lang", envvar=VARIABLE, show_envvar=False, help="Language of help and answers [en]."),
    ] = None,
) -> None:
    """What will this omnichannel plan do, how sure is that, and what would do better?

    Start with `omolab demo`. Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted (the same
    command takes the work up again).
    """
    if lang is not None:  # for the verb that follows, unless it says otherwise
        context.default_map = {name: {"lang": lang.value} for name in EXAMPLES}


@app.command(cls=Command, epilog=EXAMPLES["demo"])
@verb()
def demo(work: Work) -> None:
    """Do the main job on a bundled plan and history.

    Calibrates, simulates the scenarios, compares them and writes a report.
    """
    work.answer(_api().demo(**work.keywords()), "calibration", "targets", "compare", "search")


@app.command(cls=Command, epilog=EXAMPLES["plans"])
@verb(out=None, draws=False)
def plans(work: Work) -> None:
    """List the bundled plans."""
    found = _api().plans()
    if not work.json:
        found = [{**one, "title": work.words.titled(one["title"])} for one in found]
    columns = {"name": "name", "title": "what", "months": "months", "targets": "targets"}
    work.list("plans", found, columns)


@app.command(cls=Command, epilog=EXAMPLES["new"])
@verb(out=None, draws=False)
def new(
    work: Work,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A folder to make.")],
    plan: Annotated[str, typer.Option("--plan", metavar="NAME", help="The bundled plan to copy.")],
) -> None:
    """Copy a bundled plan into your own folder, to edit."""
    work.say("plan", _api().new(directory=directory, plan=plan))


@app.command(cls=Command, epilog=EXAMPLES["check"])
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
    found = _api().check(files=files or [], plan=plan)
    from omolab import console

    if work.json:
        console.print_json(found[0] if len(found) == 1 else found)
    else:
        console.checked(found, work.lang)
    if any(one["errors"] for one in found):
        raise typer.Exit(BAD_INPUT)


Draft = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where to write the draft [standard output].")
]


@app.command(cls=Command, epilog=EXAMPLES["history"])
@verb(out=Draft, draws=False)
def history(
    work: Work,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="CSV, Parquet or Excel files.")],
) -> None:
    """Draft a history.yaml from your files; report data quality."""
    found = _api().history(files=files, out=work.out)
    from omolab import console

    quality = console.records(found["quality"])
    if work.json:
        console.print_json({"out": work.out and str(work.out), "text": found["text"], "quality": quality})
        return
    if work.out:
        work.say("history", work.out)
    else:
        print(found["text"])
    console.quality(quality, found["quality"].columns, work.lang)


@app.command(cls=Command, epilog=EXAMPLES["calibrate"])
@verb()
def calibrate(
    work: Work,
    history: Annotated[Path, typer.Option("--history", metavar="HISTORY", help="A history.yaml.")],
    plan: MaybePlan = None,
    members: Annotated[
        int | None, typer.Option("--members", metavar="N", help="Draws of the parameters [24 or 48].")
    ] = None,
) -> None:
    """Fit the market to a history.

    Leaves an ensemble of parameters, and names those the history could not tell.
    """
    positive(members=members)
    run = _api().calibrate(plan=plan, history=history, members=members, **work.keywords())
    work.answer(run, "calibration")


@app.command(cls=Command, epilog=EXAMPLES["forecast"])
@verb()
def forecast(
    work: Work,
    plan: Plan,
    fit: Fit = None,
    horizon: Annotated[
        int | None, typer.Option("--horizon", metavar="N", help="Months [the plan's].")
    ] = None,
) -> None:
    """Forecast what the plan brings, with intervals."""
    positive(horizon=horizon)
    run = _api().forecast(plan=plan, fit=fit, horizon=horizon, **work.keywords())
    work.answer(run, "forecast", "targets")


@app.command(cls=Command, epilog=EXAMPLES["backtest"])
@verb()
def backtest(
    work: Work,
    history: HistoryFile,
    plan: PlanOption = None,
    cutoff: Annotated[
        list[str] | None, typer.Option("--cutoff", metavar="DATE", help="An origin; repeat for several.")
    ] = None,
    horizon: Annotated[
        int | None, typer.Option("--horizon", metavar="N", help="Periods of the sales table ahead.")
    ] = None,
    origins: Annotated[
        int, typer.Option("--origins", metavar="N", help="Origins in the last half, without --cutoff.")
    ] = ORIGINS,
) -> None:
    """Forecast a history's own past, or the other half of its experiment, beside statistical baselines."""
    positive(horizon=horizon, origins=origins)
    asked = {"cutoffs": cutoff or [], "horizon": horizon, "origins": origins}
    run = _api().backtest(history=history, plan=plan, **asked, **work.keywords())
    if not work.json:
        return work.answer(run, "backtest", "evaluation")
    from omolab import console

    said = "backtest.json" if (run.path / "backtest.json").is_file() else "evaluation.json"
    return console.print_json(run.json(said))


@app.command(cls=Command, epilog=EXAMPLES["run"])
@verb()
def run(
    work: Work,
    plan: Plan,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", metavar="NAME", help="Repeat for several [all].")
    ] = None,
    fit: Fit = None,
    customers: Annotated[
        int | None, typer.Option("--customers", metavar="N", help="Simulated customers.")
    ] = None,
    replicates: Annotated[
        int, typer.Option("--replicates", metavar="R", help="Seeds for each draw of the parameters.")
    ] = REPLICATES,
    cluster: Cluster = None,
) -> None:
    """Simulate a plan's scenarios: odds of targets, differences."""
    positive(customers=customers, replicates=replicates)
    asked = {"fit": fit, "customers": customers, "replicates": replicates, "cluster": cluster}
    done = _api().run(plan=plan, scenarios=scenario or [], **asked, **work.keywords())
    work.answer(done, "targets", "compare")


@app.command(cls=Command, epilog=EXAMPLES["compare"])
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
    run = _api().compare(runs=runs, base=base, out=work.out, lang=work.lang, targets=target or ())
    work.answer(run, "targets" if target else "compare")  # of other businesses, differences say little


@app.command(cls=Command, epilog=EXAMPLES["search"])
@verb()
def search(
    work: Work,
    plan: Plan,
    fit: Fit = None,
    trials: Annotated[int, typer.Option("--trials", metavar="N", help="Plans to try.")] = TRIALS,
    objective: Annotated[
        list[str] | None, typer.Option("--objective", metavar="KPI", help="Repeat for several [the plan's].")
    ] = None,
    storage: Annotated[
        str | None, typer.Option("--storage", metavar="URL", help="Optuna storage [a journal in the run].")
    ] = None,
    cluster: Cluster = None,
) -> None:
    """Search for a better budget within the plan's constraints."""
    positive(trials=trials)
    asked = {"trials": trials, "objectives": objective or [], "storage": storage, "cluster": cluster}
    run = _api().search(plan=plan, fit=fit, **asked, **work.keywords())
    problems = []
    for missed in (run.json("search/result") or {}).get("unreachable") or []:
        said = "cannot be reached by any plan tried: " + work.words.tell(missed)
        bound, expected = str(missed.get("bound", "")), "a bound that some plan keeps"
        problems.append(Problem(str(plan), None, "search.subject_to", bound, expected, said))
    curves = ["curves"] if work.json else []  # they are drawn in the report
    work.answer(run, "search", *curves, "targets", "compare", problems=problems)


@app.command(cls=Command, epilog=EXAMPLES["sweep"])
@verb(seed=None)
def sweep(
    work: Work,
    design: Annotated[Path, typer.Argument(metavar="DESIGN", help="A sweep's design (YAML).")],
    cluster: Cluster = None,
) -> None:
    """Run a plan over a grid or sample of settings.

    Taken up where it stopped; what earlier sweeps have run is not run again.
    """
    run = _api().sweep(design=design, cluster=cluster, **work.keywords())
    work.answer(run, "effects", "indices", "points")


@app.command(cls=Command, epilog=EXAMPLES["levers"])
@verb()
def levers(
    work: Work,
    plan: Plan,
    fit: Fit = None,
    lever: Annotated[
        list[str] | None,
        typer.Option("--lever", metavar="NAME", help="A lever, a kind, or PATH=VALUE; repeat [all]."),
    ] = None,
    customers: Annotated[
        int | None, typer.Option("--customers", metavar="N", help="Simulated customers [2000].")
    ] = None,
    replicates: Annotated[
        int, typer.Option("--replicates", metavar="R", help="Seeds for each of six parameter draws.")
    ] = 1,
) -> None:
    """Move each lever by itself: what it does to each indicator.

    Holds sizes against the literature. About a hundred levers take ten minutes on two cores.
    """
    positive(customers=customers, replicates=replicates)
    asked = {"fit": fit, "levers": lever or [], "customers": customers, "replicates": replicates}
    work.answer(_api().levers(plan=plan, **asked, **work.keywords()), "levers", "evidence")


@app.command(cls=Command, epilog=EXAMPLES["track"])
@verb()
def track(
    work: Work,
    plan: Plan,
    actuals: Annotated[Path, typer.Option("--actuals", metavar="HISTORY", help="A history.yaml.")],
    fit: Fit = None,
    scenario: Annotated[str, typer.Option("--scenario", metavar="NAME", help="What is being done.")] = "plan",
    customers: Annotated[
        int | None, typer.Option("--customers", metavar="N", help="Simulated customers.")
    ] = None,
    replicates: Annotated[
        int, typer.Option("--replicates", metavar="R", help="Seeds for each draw of the parameters.")
    ] = REPLICATES,
) -> None:
    """Hold a plan against actuals, month by month; update the odds.

    Futures that went as reality did count more; the odds are those of what is left.
    """
    positive(customers=customers, replicates=replicates)
    asked = {"fit": fit, "scenario": scenario, "customers": customers, "replicates": replicates}
    done = _api().track(plan=plan, actuals=actuals, **asked, **work.keywords())
    work.answer(done, "track", "track_odds")


class Tables(StrEnum):
    """Kinds of files that spreadsheets read."""

    csv = "csv"
    xlsx = "xlsx"


Copy = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Put a copy here too [only in the run].")
]


@app.command(cls=Command, epilog=EXAMPLES["report"])
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
    page = _api().report(run=run, lang=work.lang)
    if work.out is not None:
        work.out.mkdir(parents=True, exist_ok=True)
        page = Path(shutil.copy(page, work.out / page.name))
    if tables is None:
        return work.say("report", page)
    written = _api().tables(run=run, kind=tables.value, out=work.out)
    if work.json:
        return print(json.dumps({"report": str(page), "tables": str(written)}))
    work.say("report", page)
    return work.say("tables", written)


Results = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder of runs, read and written [results/runs]."),
]


@app.command(cls=Command, epilog=EXAMPLES["dashboard"])
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

    _api().dashboard(run=run, plan=plan, host=host, port=port, ready=ready, **asked)
    if not work.json:
        print(work.words.say("dash.stopped"))


@app.command(cls=Command, epilog=EXAMPLES["runs"])
@verb(out=None, draws=False)
def runs(
    work: Work,
    delete: Annotated[
        str | None, typer.Option("--delete", metavar="RUN", help="Delete one run, by name or folder.")
    ] = None,
) -> None:
    """List finished runs, or delete one."""
    columns = {"name": "name", "verb": "verb", "status": "status", "started": "started", "path": "folder"}
    found = _api().runs(delete=delete)
    if not work.json:
        found = [{**one, "status": work.words.say(f"status.{one['status']}")} for one in found]
    work.list("runs", found, columns)


def _api() -> Any:
    """Return the Python face; importing it is what costs time."""
    from omolab import api

    return api
