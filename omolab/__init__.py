"""A laboratory for retailers that merge online and offline channels.

What will this plan do, how sure is that, and what would do better?

``import omolab`` is the public face: every verb of the command line as a function (`run`, `calibrate`,
`backtest`, ...) and the few nouns they work with (`load_plan`, `load_history`, `open_run`, `Market`).
Names are fetched on first use, so importing costs nothing until something is computed.

Examples
--------
>>> import omolab
>>> [plan["name"] for plan in omolab.plans()]
['ecommerce_dept', 'manufacturer', 'offline_to_online', 'omo_fusion', 'online_mall']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.history import load_history
    from omolab.api import (
        backtest,
        calibrate,
        check,
        compare,
        dashboard,
        demo,
        forecast,
        history,
        levers,
        new,
        plans,
        report,
        run,
        runs,
        search,
        sweep,
        tables,
        track,
    )
    from results.problems import BadInput, Problem
    from results.store import open_run
    from scenarios.attribution import attribution
    from scenarios.plan import load_plan
    from scenarios.trial import trial
    from sim.indicators import INDICATORS
    from sim.market import Market
    from sim.parameters import PARAMETERS
    from sim.retailer.trials import Treatment

__version__ = "0.1.0"

__all__ = [
    "INDICATORS",
    "PARAMETERS",
    "BadInput",
    "Market",
    "Problem",
    "Treatment",
    "attribution",
    "backtest",
    "calibrate",
    "check",
    "compare",
    "dashboard",
    "demo",
    "forecast",
    "history",
    "levers",
    "load_history",
    "load_plan",
    "new",
    "open_run",
    "plans",
    "report",
    "run",
    "runs",
    "search",
    "sweep",
    "tables",
    "track",
    "trial",
]

# Where the nouns live (and `attribution` and `trial`, which leave no run); other public names are verbs of
# omolab.api.
_NOUNS = {
    "INDICATORS": "sim.indicators",
    "PARAMETERS": "sim.parameters",
    "Market": "sim.market",
    "BadInput": "results.problems",
    "Problem": "results.problems",
    "open_run": "results.store",
    "load_plan": "scenarios.plan",
    "load_history": "calibration.history",
    "attribution": "scenarios.attribution",
    "trial": "scenarios.trial",
    "Treatment": "sim.retailer.trials",
}


def __getattr__(name: str) -> Any:
    """Fetch a public name from the room it lives in, once."""
    if name not in __all__:
        raise AttributeError(f"module 'omolab' has no attribute {name!r}")
    value = getattr(importlib.import_module(_NOUNS.get(name, "omolab.api")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
