"""Commands that learn from a history, or hold the market against it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omolab.commands.options import HistoryFile, MaybePlan, PlanOption, positive
from omolab.commands.verb import Work, verb
from omolab.defaults import ORIGINS


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
    run = work.api.calibrate(plan=plan, history=history, members=members, **work.keywords())
    work.answer(run, "calibration")
    work.hint("run", plan or "PLAN", "--fit", run.path)


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
    run = work.api.backtest(history=history, plan=plan, **asked, **work.keywords())
    if not work.json:
        return work.answer(run, "backtest", "evaluation")
    from omolab import console

    said = "backtest.json" if (run.path / "backtest.json").is_file() else "evaluation.json"
    return console.print_json(run.json(said))
