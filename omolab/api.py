"""The Python face: one function for each verb of the command line.

Each takes what the command takes and returns the finished run (:class:`results.store.Run`), whose tables
are tidy pandas frames, with ``run.summary()`` for its answer and ``run.plot()`` for the chart of it; ``lang``
is the language of its report. Nothing is computed here: the rooms below are joined up.

Examples
--------
>>> import omolab
>>> run = omolab.run("ecommerce_dept", scenarios=["plan"], out="mine")  # doctest: +SKIP
>>> run.summary()[["scenario", "kpi", "odds"]]  # doctest: +SKIP
>>> run.plot().savefig("odds.png")  # doctest: +SKIP
"""

from __future__ import annotations

from omolab.demonstration import demo
from omolab.sweeping import sweep
from omolab.tracking import track
from omolab.verbs.futures import forecast, levers, run, search
from omolab.verbs.inputs import check, history, new, plans
from omolab.verbs.kept import compare, dashboard, report, runs, tables
from omolab.verbs.learning import backtest, calibrate

__all__ = [
    "backtest",
    "calibrate",
    "check",
    "compare",
    "dashboard",
    "demo",
    "forecast",
    "history",
    "levers",
    "new",
    "plans",
    "report",
    "run",
    "runs",
    "search",
    "sweep",
    "tables",
    "track",
]
