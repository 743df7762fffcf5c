"""A target put to runs afterwards: ``repurchase >= 45% by 2029``, whatever their plans promise themselves.

Plans promise different things by different dates, so their own odds cannot be held side by side. The same
question put to each can: every scenario of every run is measured as a target of its plan would be, over the
trailing year that ends on or last before the date, or where the run ends, if that is earlier.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from results.problems import BadInput, Problem, nearest
from scenarios.experiment import better
from scenarios.plan.vocabulary import ALIASES, INDICATOR_KEYS

if TYPE_CHECKING:
    import pandas as pd

    from results.shelf import Run
    from results.targets import Target

SHAPE = "an indicator, >= or <=, a number and a date: repurchase >= 45% by 2029"
_QUESTION = re.compile(
    r"\s*(?P<kpi>[a-z_0-9]+)\s*(?P<side><=|>=)\s*(?P<value>[-+]?[0-9.]+(?:e[-+]?[0-9]+)?)\s*(?P<percent>%?)"
    r"\s+by\s+(?P<by>[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)\s*",
    re.IGNORECASE,
)


class Question(NamedTuple):
    """A target and the side to be on: ``"higher"`` or ``"lower"``."""

    target: Target
    side: str


def read_question(text: str) -> Question:
    """Read ``"<indicator> >= <number> by <date>"``; a year or a month means its last day.

    Raises
    ------
    BadInput
        If it is not of that form, names no indicator, or one the market does not compute.

    Examples
    --------
    >>> question = read_question("repurchase >= 45% by 2029")
    >>> question.target.kpi, question.target.value, str(question.target.by), question.side
    ('repurchase_365', 0.45, '2029-12-31', 'higher')
    """
    from results.targets import Target
    from sim.indicators import INDICATORS

    found = _QUESTION.fullmatch(text)
    if found is None:
        raise _problem(text, "is not a target")
    key = ALIASES.get(found["kpi"].lower(), found["kpi"].lower())
    if key not in INDICATOR_KEYS:
        said = f"no indicator is called {found['kpi']!r}{nearest(key, [*INDICATOR_KEYS, *ALIASES])}"
        raise _problem(text, said, "an indicator's key, such as repurchase")
    if not INDICATORS[key].formula:
        raise _problem(text, f"the market does not compute {key}", "an indicator it computes")
    try:
        value = float(found["value"]) / (100 if found["percent"] else 1)
        due = _last_day(found["by"])
    except ValueError:
        raise _problem(text, "is not a target") from None
    group = "efficiency" if found["side"] == "<=" else "growth"
    target = Target(kpi=key, value=value, change=None, by=due, group=group)
    return Question(target, "lower" if found["side"] == "<=" else "higher")


def ask(runs: Sequence[Run], questions: Sequence[Question]) -> pd.DataFrame:
    """Return what each scenario of each run answers.

    Returns
    -------
    DataFrame
        The columns of `results.targets.attainment`; scenarios of several runs are called
        ``<run>/<scenario>``. The baseline is that of the run's own target on the indicator, or else what its
        ``status_quo`` does in the first year.

    Raises
    ------
    BadInput
        If a run holds no indicators.
    """
    import pandas as pd

    from results.targets import attainment
    from scenarios.compare import labels

    answers = []
    for run, label in zip(runs, labels(runs), strict=True):
        kpis, base = run.kpis, "status_quo"
        if len(runs) > 1:
            kpis = kpis.assign(scenario=label + "/" + kpis["scenario"].astype(str))
            base = f"{label}/{base}"
        for question in questions:
            sides = better() | {question.target.kpi: question.side}
            answers.append(attainment(kpis, [question.target], sides, base))
            if run.has("targets"):
                own = run.targets.drop_duplicates("kpi").set_index("kpi")["baseline"]
                answers[-1]["baseline"] = answers[-1]["kpi"].map(own).fillna(answers[-1]["baseline"])
    return pd.concat(answers, ignore_index=True)


def _last_day(text: str) -> datetime.date:
    parts = [int(part) for part in text.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    if len(parts) == 3:
        return datetime.date(year, month, parts[2])
    datetime.date(year, month, 1)  # refuses months that do not exist
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def _problem(text: str, said: str, expected: str = SHAPE) -> BadInput:
    return BadInput(Problem("--target", None, "", text, expected, said))
