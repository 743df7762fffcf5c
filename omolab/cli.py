"""The command line: which commands there are, in what order, and what stands before them."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from omolab import __version__
from omolab.commands.futures import demo, forecast, levers, run, search, sweep, track
from omolab.commands.inputs import check, history, new, plans
from omolab.commands.kept import compare, dashboard, report, runs
from omolab.commands.learning import backtest, calibrate
from omolab.commands.options import Lang
from omolab.help import VARIABLE, Command, Group

COMMANDS = (
    *(demo, plans, new, check, history, calibrate, forecast, backtest, run, compare, search, sweep, levers),
    *(track, report, dashboard, runs),
)
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


for _command in COMMANDS:
    app.command(cls=Command, epilog=EXAMPLES[_command.__name__])(_command)
