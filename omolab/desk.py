"""What the verbs share: reading inputs, parameter draws, and what a run tells of itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omolab import outlooks

if TYPE_CHECKING:
    import pandas as pd

    from calibration.fit import Fit
    from calibration.history import History
    from results.store import Run, RunWriter
    from scenarios.executor import Advance, Pool, Progress
    from scenarios.plan import Plan

Given = str | Path
DIAGNOSIS = "diagnostics"
TRUST = ("statistics", "identified", "response")  # of a fit, what a report shows
STEPS = 1_000  # of a bar that shows a share of work
DRAWS = 8  # parameter draws that a plan's scenarios are run with


def draws(
    plan: Plan,
    given: Given | None,
    pool: Pool,
    writer: RunWriter,
    seed: int,
    progress: Progress | None,
    most: int | None = None,
    folder: str = "fit",
) -> list[dict[str, float]]:
    """Return parameter draws: of the fit given, else of the plan calibrated to its starting point.

    Draws fitted to a history that has an outlook are joined to it (`omolab.outlooks`). At most ``most`` of
    them (`DRAWS` unless given); the whole ensemble is written to ``folder`` in the run.
    """
    import pandas as pd

    from calibration.fit import fit
    from calibration.starting_point import plan_case
    from results.store import open_run

    if given is not None:
        fitted_run = open_run(Path(given))
        table = fitted_run.read("fit/ensemble")
        writer.table(f"{folder}/ensemble", table)
        _repeat(writer, fitted_run, folder)
    else:
        key = "starting point" if folder == "fit" else f"starting point {folder}"
        kept = writer.piece(key)
        if kept is None:
            with writer.timing("fit"):
                fitted = fit(plan_case(plan), pool, seed, members=DRAWS, progress=progress)
            kept = writer.save_piece(key, fit_tables(fitted))
        write_kept(writer, kept, folder)
        table = pd.read_parquet(kept / "ensemble.parquet")
    chosen = some_of(table, most or DRAWS)
    if given is None:
        return chosen
    return outlooks.joined(plan, chosen, given, pool, writer, seed, progress, folder)


def _repeat(writer: RunWriter, fitted: Run, folder: str) -> None:
    """Write what tells how far a fit is to be trusted beside what rests on it: its report says so too."""
    for name in TRUST:
        if fitted.has(f"fit/{name}"):
            writer.table(f"{folder}/{name}", fitted.read(f"fit/{name}"))
    told = fitted.json(f"fit/{DIAGNOSIS}")
    if told is not None:
        writer.json(f"{folder}/{DIAGNOSIS}", told)


def some_of(ensemble: pd.DataFrame, most: int = DRAWS) -> list[dict[str, float]]:
    """Return at most so many draws of an ensemble, spread over it."""
    import numpy as np

    places = np.linspace(0, len(ensemble) - 1, min(most, len(ensemble))).astype(int)
    return rows_of(ensemble.iloc[places])


def rows_of(ensemble: pd.DataFrame) -> list[dict[str, float]]:
    """Return an ensemble's draws as parameter values by name."""
    rows: list[dict[str, Any]] = ensemble.drop(columns="draw").to_dict("records")
    return [{str(k): float(v) for k, v in row.items() if v == v} for row in rows]


def write_fit(writer: RunWriter, fitted: Fit) -> None:
    """Write an ensemble and how it came about."""
    for name, table in fit_tables(fitted).items():
        if name == DIAGNOSIS:
            writer.json(f"fit/{name}", json.loads(table["document"].iloc[0]))
        elif name != "response" or fitted.response is not None:
            writer.table(f"fit/{name}", table)
    writer.json("fit/fit", fitted.document())


def fit_tables(fitted: Fit) -> dict[str, pd.DataFrame]:
    """Return what is kept of a fit, by name; the diagnosis is a document in a table of one cell."""
    import pandas as pd

    from calibration.diagnostics import correlations, diagnosis, predictive

    return {
        "ensemble": fitted.ensemble(),
        "statistics": fitted.statistics(),
        "identified": fitted.identified(),
        "response": fitted.responses(),
        "predictive": predictive(fitted),
        "correlations": correlations(fitted),
        DIAGNOSIS: pd.DataFrame({"document": [json.dumps(diagnosis(fitted))]}),
    }


def write_kept(writer: RunWriter, kept: Path, folder: str) -> None:
    """Write the fit of a finished piece (`fit_tables`) into ``folder`` of the run."""
    import pandas as pd

    for path in sorted(kept.glob("*.parquet")):
        table = pd.read_parquet(path)
        if path.stem == DIAGNOSIS:
            writer.json(f"{folder}/{path.stem}", json.loads(table["document"].iloc[0]))
        else:
            writer.table(f"{folder}/{path.stem}", table)


def load(path: Given) -> History:
    """Read a history."""
    from calibration.history import load_history

    return load_history(Path(path))


def evaluate(
    writer: RunWriter, history: History, kinds: Sequence[str], seed: int, progress: Progress | None
) -> None:
    """Make a history's evaluations and write ``evaluation.json`` with the tables it names."""
    from calibration.experiments import evaluate as make
    from scenarios.executor import shown

    found = []
    for kind in kinds:
        with shown(progress, f"Evaluating {history.name}: {kind}", STEPS) as advance:
            made = make(history, kind, seed, _share(advance))
        found.append(made.document())
        for name, table in made.tables.items():
            writer.table(f"{kind}_{name}", table)
    if found:
        writer.json("evaluation", {"history": history.name, "evaluations": found})


def _share(advance: Advance) -> Callable[[int, int, str], None]:
    """Return what tells a bar of :data:`STEPS` how much of some work is done."""
    seen = [0]

    def told(done: int, total: int, label: str) -> None:
        now = STEPS * done // max(total, 1)
        advance(now - seen[0], label)
        seen[0] = now

    return told


def is_history(name: Given) -> bool:
    """Tell histories from plans by their keys: only histories have tables."""
    from results.problems import BadInput
    from scenarios.reading import read_yaml

    path = Path(name)
    if path.suffix.lower() not in (".yaml", ".yml") or not path.is_file():
        return False
    try:
        return "tables" in read_yaml(path).data
    except BadInput:
        return False


def check_history(path: Path) -> dict[str, Any]:
    """Validate a history; return the document of ``omolab check --json``."""
    from calibration.circumstances import channels_of
    from calibration.history import load_history
    from calibration.reconstruction import unknown_drivers
    from results.problems import BadInput

    try:
        found = load_history(path)
        channels_of(found)
    except BadInput as bad:
        errors = [problem.to_dict() for problem in bad.problems]
        return {"name": path.stem, "errors": errors, "not_modelled": [], "warnings": []}
    unread = [name for name in ("prices", "service") if found.table(name) is not None]
    idle = [f"tables.{name}: read, but nothing is fitted to it yet" for name in unread]
    idle += [
        f"tables.drivers.{name}: nothing in the market takes this driver" for name in unknown_drivers(found)
    ]
    odd = [f"{issue.table}: {issue.message}" for issue in found.issues]
    return {"name": found.name, "errors": [], "not_modelled": idle, "warnings": odd}


def folder_for(out: Given | None, verb: str, name: str) -> Path:
    """Return the folder a run will have: ``out``, or the default place."""
    from results.store import default_out

    return Path(out) if out is not None else default_out(verb, name)


def finished(folder: Path, lang: str = "en") -> Run:
    """Write a finished run's report in the reader's language and open it."""
    from results.report import write_report
    from results.store import open_run

    write_report(folder, lang)
    return open_run(folder)


def about(writer: RunWriter, **told: Any) -> None:
    """Write what the report says of itself."""
    writer.json("about", told)


def about_plan(writer: RunWriter, plan: Plan, question: Mapping[str, str]) -> None:
    """Write what the report says of a plan: its question, what is not modelled, warnings, risks.

    The question is a fact that the report tells in its reader's language (`Language.tell`). The plan itself
    is kept in ``plan.json``, so that the run can be taken further without its file (`plan_of`).
    """
    from scenarios.plan.modelled import warnings
    from scenarios.plan.overrides import written

    writer.json("plan", written(plan))

    risks = [
        {"name": name, "kind": risk.kind, "title": risk.title, "probability": risk.probability}
        for name, risk in plan.risks.items()
        if risk.active
    ]
    about(
        writer,
        title=plan.title or plan.name,
        question={**question, "plan": plan.title or plan.name},
        currency=plan.currency,
        not_modelled=plan.not_modelled(),
        warnings=list(warnings(plan)),
        risks=risks,
    )


def plan_of(run: Run) -> Plan | None:
    """Return the plan that a run was of; ``None`` where it keeps none that still loads."""
    from results.problems import BadInput
    from scenarios.plan.checking import checked

    data = run.json("plan")
    try:
        return checked(data, str(data["name"])) if isinstance(data, dict) and "name" in data else None
    except BadInput:
        return None


def need(module: str, extra: str) -> None:
    """Refuse where a module of an extra is not installed, with the command that installs it.

    Raises
    ------
    BadInput
        If the module is not there.
    """
    import importlib.util

    from results.problems import BadInput, Problem

    if importlib.util.find_spec(module) is None:
        command = f"python -m pip install 'omolab[{extra}]', or uv sync --extra {extra}"
        raise BadInput(
            Problem("omolab", None, "", f"without {module}", command, f"lacks the extra {extra!r}")
        )


def plan_input(plan: Plan | None) -> dict[str, Any]:
    """Return a plan as an input of a run."""
    return {} if plan is None else {"plan": plan.model_dump(mode="json")}


def history_input(history: History | None, path: Given | None) -> dict[str, Any]:
    """Return a history's files as an input of a run."""
    return {} if history is None else {"history": dict(history.hashes)}


def fit_input(fit: Given | None) -> dict[str, Any]:
    """Return a fit, given by its run's folder or name, as an input of a run."""
    from results.store import open_run

    return {} if fit is None else {"fit": open_run(Path(fit)).path / "fit" / "ensemble.parquet"}


def from_history(fit: Given | None) -> bool:
    """Tell whether a fit was made from a history, whose figures then beat those a plan states.

    A run that took its draws from another fit says of itself where that came from.
    """
    from results.store import open_run

    if fit is None:
        return False
    run = open_run(Path(fit))
    if "history" in run.manifest.get("inputs", {}):
        return True
    return (run.path / "experiment.json").is_file() and bool(run.json("experiment.json").get("fitted"))
