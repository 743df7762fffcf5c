"""Commands that live a plan's futures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omolab.commands.options import Cluster, Fit, Plan, positive
from omolab.commands.verb import Work, verb
from omolab.defaults import REPLICATES, TRIALS
from results.problems import Problem


@verb()
def demo(work: Work) -> None:
    """Do the main job on a bundled plan and history.

    Calibrates, simulates the scenarios, compares them and writes a report.
    """
    work.answer(work.api.demo(**work.keywords()), "calibration", "targets", "compare", "search")


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
    run = work.api.forecast(plan=plan, fit=fit, horizon=horizon, **work.keywords())
    work.answer(run, "forecast", "targets")


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
    done = work.api.run(plan=plan, scenarios=scenario or [], **asked, **work.keywords())
    work.answer(done, "targets", "compare")


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
    run = work.api.search(plan=plan, fit=fit, **asked, **work.keywords())
    problems = []
    for missed in (run.json("search/result") or {}).get("unreachable") or []:
        said = "cannot be reached by any plan tried: " + work.words.tell(missed)
        bound, expected = str(missed.get("bound", "")), "a bound that some plan keeps"
        problems.append(Problem(str(plan), None, "search.subject_to", bound, expected, said))
    curves = ["curves"] if work.json else []  # they are drawn in the report
    work.answer(run, "search", *curves, "targets", "compare", problems=problems)


@verb(seed=None)
def sweep(
    work: Work,
    design: Annotated[Path, typer.Argument(metavar="DESIGN", help="A sweep's design (YAML).")],
    cluster: Cluster = None,
) -> None:
    """Run a plan over a grid or sample of settings.

    Taken up where it stopped; what earlier sweeps have run is not run again.
    """
    run = work.api.sweep(design=design, cluster=cluster, **work.keywords())
    work.answer(run, "effects", "indices", "points")


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
    work.answer(work.api.levers(plan=plan, **asked, **work.keywords()), "levers", "evidence")


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
    done = work.api.track(plan=plan, actuals=actuals, **asked, **work.keywords())
    work.answer(done, "track", "track_odds")
