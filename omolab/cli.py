"""The command line: each verb reads its options, calls the function of that name, prints the answer.

Nothing is computed here, and nothing heavy is imported until a verb runs.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from omolab import __version__
from omolab.options import Cluster, Fit, HistoryFile, MaybePlan, Plan, PlanOption, RunFolder, positive
from omolab.verb import BAD_INPUT, NotBuilt, Work, verb
from results.problems import BadInput, Problem

REPLICATES = 4  # seeds for each draw of the parameters; the draws carry most of the spread
TRIALS = 200
ORIGINS = 4

app = typer.Typer(
    name="omolab",
    no_args_is_help=True,
    add_completion=False,
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
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """What will this omnichannel plan do, how sure is that, and what would do better?

    Start with `omolab demo`. Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted (the same
    command takes the work up again).
    """


@app.command()
@verb()
def demo(work: Work) -> None:
    """Do the main job on a bundled plan and history.

    Calibrates, simulates the scenarios, compares them and writes a report.
    """
    work.answer(_api().demo(**work.keywords()), "calibration", "targets", "compare", "search")


@app.command()
@verb(out=None, draws=False)
def plans(work: Work) -> None:
    """List the bundled plans."""
    found = _api().plans()
    if not work.json:
        found = [{**one, "title": work.words.titled(one["title"])} for one in found]
    columns = {"name": "name", "title": "what", "months": "months", "targets": "targets"}
    work.list("plans", found, columns)


@app.command()
@verb(out=None, draws=False)
def new(
    work: Work,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A folder to make.")],
    plan: Annotated[str, typer.Option("--plan", metavar="NAME", help="The bundled plan to copy.")],
) -> None:
    """Copy a bundled plan into your own folder, to edit."""
    work.say("plan", _api().new(directory=directory, plan=plan))


@app.command()
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


@app.command()
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


@app.command()
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


@app.command()
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
    work.answer(run, "targets")


@app.command()
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
    """Forecast a history's own past, beside statistical baselines."""
    positive(horizon=horizon, origins=origins)
    asked = {"cutoffs": cutoff or [], "horizon": horizon, "origins": origins}
    run = _api().backtest(history=history, plan=plan, **asked, **work.keywords())
    if not work.json:
        return work.answer(run, "backtest")
    from omolab import console

    return console.print_json(run.json("backtest.json"))


@app.command()
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


@app.command()
@verb(draws=False)
def compare(
    work: Work,
    runs: Annotated[list[Path], typer.Argument(metavar="RUN", help="One run, or several of any plans.")],
    base: Annotated[
        str, typer.Option("--base", metavar="NAME", help="Scenario compared with.")
    ] = "status_quo",
) -> None:
    """Compare scenarios within a run, or across runs and plans."""
    work.answer(_api().compare(runs=runs, base=base, out=work.out, lang=work.lang), "compare")


@app.command()
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
    work.answer(run, "search", "targets", "compare")
    if missed := (run.json("search/result") or {}).get("unreachable"):
        said = "cannot be reached by any plan tried: " + work.words.tell(missed)
        raise BadInput(Problem(str(plan), None, "search.subject_to", "", "bounds that some plan keeps", said))


@app.command()
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


@app.command()
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


@app.command()
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


Copy = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Put a copy here too [only in the run].")
]


@app.command()
@verb(out=Copy, draws=False)
def report(work: Work, run: RunFolder) -> None:
    """Write a run's report anew, as one HTML page."""
    page = _api().report(run=run, lang=work.lang)
    if work.out is not None:
        work.out.mkdir(parents=True, exist_ok=True)
        page = Path(shutil.copy(page, work.out / page.name))
    work.say("report", page)


@app.command()
@verb(out=None, draws=False)
def dashboard(
    work: Work, run: Annotated[Path | None, typer.Argument(metavar="RUN", help="A run's folder.")] = None
) -> None:
    """(not built yet) Watch a market live in the browser."""
    raise NotBuilt("omolab dashboard", "`omolab report RUN` writes a page of charts")


@app.command()
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
