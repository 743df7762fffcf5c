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

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omolab import desk, outlooks
from results.store import create

if TYPE_CHECKING:
    from calibration.history import History
    from results.store import Run
    from scenarios.executor import Progress
    from scenarios.plan import Plan

Given = str | Path
REPLICATES = 4
TRIALS = 200
LEVER_DRAWS, LEVER_CUSTOMERS = 6, 2_000  # about a hundred levers within ten minutes on two cores
ORIGINS = 4


def plans() -> list[dict[str, Any]]:
    """Return the bundled plans: name, title, number of targets and months.

    Examples
    --------
    >>> [plan["name"] for plan in plans()][:2]
    ['ecommerce_dept', 'manufacturer']
    """
    from scenarios.plan import bundled, load_plan

    found = []
    for name in bundled():
        plan = load_plan(name)
        found.append({"name": name, "title": plan.title, "targets": len(plan.targets), "months": plan.months})
    return found


def new(directory: Given, plan: str) -> Path:
    """Copy a bundled plan into a folder; return the file."""
    from scenarios.plan import copy_plan

    return copy_plan(plan, directory)


def check(files: Sequence[Given] = (), plan: str | None = None) -> list[dict[str, Any]]:
    """Validate plans and histories; return one document each.

    Returns
    -------
    list
        Documents with name, errors (file, line, field, value, expected, message), not_modelled, warnings.

    Examples
    --------
    >>> check(plan="online_mall")[0]["errors"]
    []
    """
    from scenarios.plan import check_plan

    names: list[Given] = [*files, *([plan] if plan else [])]
    return [desk.check_history(Path(name)) if desk.is_history(name) else check_plan(name) for name in names]


def history(files: Sequence[Given], out: Given | None = None) -> dict[str, Any]:
    """Draft a ``history.yaml`` from tables; return its ``text`` and the data's ``quality``."""
    import tempfile

    from calibration.history import load_history
    from calibration.history.draft import draft
    from calibration.history.quality import quality
    from results.files import write_text
    from results.problems import BadInput, Problem

    home = None if out is None else Path(out)
    if home is not None and home.exists():
        raise BadInput(Problem("--out", None, "", str(out), "a new file", "exists already"))
    text = draft(files, home.parent if home else Path.cwd())
    with tempfile.TemporaryDirectory() as scratch:
        trial = Path(scratch) / "history.yaml"
        trial.write_text(draft(files, Path(scratch)), encoding="utf-8")
        found = quality(load_history(trial))
    if home is not None:
        write_text(home, text)
    return {"text": text, "quality": found}


def calibrate(
    plan: Given | None = None,
    history: Given | None = None,
    out: Given | None = None,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
    members: int | None = None,
    lang: str = "en",
) -> Run:
    """Fit the market to a history, under a plan's channels and media where one is given.

    ``members`` is the size of the ensemble; unless given it is 48, or 24 where a plan's figures are met.
    """
    from calibration.fit import fit
    from calibration.lessons import learnt, sold
    from calibration.reconstruction import reconstruct
    from calibration.starting_point import plan_case
    from results.problems import BadInput, Problem
    from scenarios.executor import Pool
    from scenarios.plan import load_plan

    loaded = None if history is None else desk.load(history)
    trade = sold(loaded, plan is None)  # a history may hold experiments alone
    chosen = None if plan is None else load_plan(plan)
    if chosen is None and loaded is None:
        said = "there is nothing to calibrate to"
        raise BadInput(Problem("--history", None, "", "neither", "a plan, a history, or both", said))
    name = loaded.name if loaded is not None else chosen.name  # type: ignore[union-attr]
    inputs = {**desk.plan_input(chosen), **desk.history_input(loaded, history)}
    folder = desk.folder_for(out, "calibrate", name)
    with (
        create(folder, "calibrate", name, inputs, {"members": members} if members else {}, seed) as writer,
        Pool(threads) as pool,
    ):
        if chosen is not None:
            case = plan_case(chosen, trade)
        else:
            assert loaded is not None
            case = reconstruct(loaded)
        with writer.timing("fit"):
            fitted = fit(case, pool, seed, members=members, progress=progress, kept_in=writer)
        if loaded is not None:
            fitted = learnt(fitted, loaded, pool)
        desk.write_fit(writer, fitted)
        if trade is not None:
            with writer.timing("outlook"):
                outlooks.write(writer, trade, pool, seed)
        currency = chosen.currency if chosen else loaded.currency if loaded else ""
        question = {"say": "question.calibrate", "name": name}
        desk.about(writer, title=name, question=question, currency=currency, warnings=list(fitted.case.notes))
    return desk.finished(folder, lang)


def backtest(
    history: Given,
    plan: Given | None = None,
    cutoffs: Sequence[str] = (),
    horizon: int | None = None,
    origins: int = ORIGINS,
    out: Given | None = None,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Forecast a history from rolling origins beside statistical baselines; ``backtest.json`` in the run.

    What the history holds of experiments, scanner prices, campaigns and media is evaluated too
    (:mod:`calibration.experiments`): ``evaluation.json``. A history without sales, or of made-up figures, is
    evaluated only.
    """
    import datetime

    from calibration.backtest import backtest as score
    from calibration.backtest import baseline_forecasters
    from calibration.experiments import evaluations
    from calibration.forecast import market_forecaster
    from calibration.origins import origins_for
    from results.problems import BadInput, Problem
    from scenarios.executor import Pool, shown

    loaded = desk.load(history)
    if plan is not None:
        said = "backtests use the history's own channels; a plan changes nothing yet"
        raise BadInput(Problem("--plan", None, "", str(plan), "no plan", said))
    kinds = evaluations(loaded)
    if kinds and (loaded.span is None or loaded.evidence.synthetic):
        return _evaluated(loaded, history, kinds, out, seed, progress, lang)
    ahead = horizon or HORIZONS[loaded.calendar.period]
    days = []
    for text in cutoffs:
        try:
            days.append(datetime.date.fromisoformat(str(text)))
        except ValueError:
            raise BadInput(
                Problem("--cutoff", None, "", str(text), "a date such as 2014-12-31", "is not a date")
            ) from None
    chosen = origins_for(loaded.calendar, ahead, days, origins, str(history))
    asked = {"horizon": ahead, "origins": [str(day) for day in chosen]}
    folder = desk.folder_for(out, "backtest", loaded.name)
    with create(folder, "backtest", loaded.name, desk.history_input(loaded, history), asked, seed) as writer:
        with Pool(threads) as pool:
            models = {"omolab": market_forecaster(pool), **baseline_forecasters(loaded)}
            with shown(progress, f"Backtesting {loaded.name}", len(models) * len(chosen)) as advance:
                seen = [0]

                def told(done: int, total: int, label: str) -> None:
                    advance(done - seen[0], label)
                    seen[0] = done

                result = score(loaded, models, chosen, ahead, seed, told)
        writer.json("backtest", result.document())
        writer.table("backtest", result.forecasts)
        desk.evaluate(writer, loaded, kinds, seed, progress)
        question = {"say": "question.backtest", "name": loaded.name}
        desk.about(writer, title=loaded.name, question=question, currency=loaded.currency)
    return desk.finished(folder, lang)


def _evaluated(
    loaded: History,
    history: Given,
    kinds: Sequence[str],
    out: Given | None,
    seed: int,
    progress: Progress | None,
    lang: str,
) -> Run:
    """Make a run of a history's evaluations alone."""
    folder = desk.folder_for(out, "backtest", loaded.name)
    asked = {"evaluations": list(kinds)}
    with create(folder, "backtest", loaded.name, desk.history_input(loaded, history), asked, seed) as writer:
        desk.evaluate(writer, loaded, kinds, seed, progress)
        question = {"say": "question.evaluate", "name": loaded.name}
        desk.about(writer, title=loaded.name, question=question, currency=loaded.currency)
    return desk.finished(folder, lang)


HORIZONS = {"day": 28, "week": 13, "month": 6, "quarter": 4, "year": 2}


def forecast(
    plan: Given,
    fit: Given | None = None,
    horizon: int | None = None,
    out: Given | None = None,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Forecast every indicator of a plan as written, with intervals; ``horizon`` months of it."""
    from scenarios.horizon import with_horizon
    from scenarios.plan import load_plan

    loaded = load_plan(plan)
    if horizon is not None:
        loaded = with_horizon(loaded, horizon)
    return _run("forecast", loaded, ["plan"], fit, None, REPLICATES, seed, threads, out, progress, lang)


def run(
    plan: Given | Plan,
    scenarios: Sequence[str] = (),
    fit: Given | None = None,
    customers: int | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int = 2,
    out: Given | None = None,
    progress: Progress | None = None,
    lang: str = "en",
    cluster: str | None = None,
) -> Run:
    """Simulate a plan's scenarios: indicators, odds of the targets, paired differences, a report.

    Parameters
    ----------
    plan
        A bundled plan's name, a file, or a plan that is loaded already.
    scenarios
        Names; all of the plan's unless given. ``status_quo`` is always among them.
    fit
        A run of ``calibrate``; unless given the market is calibrated to the plan's starting point.
    customers, replicates
        Agents a run (the plan's own unless given); seeds for each parameter draw.
    seed, threads
        Luck; processes at most, which change no figure.
    out
        Folder of the run.
    cluster
        Address of a Dask scheduler, or the file of a profile that starts one.

    Raises
    ------
    BadInput
        If the plan, a scenario or the fit is not usable, or ``out`` cannot be written.
    """
    from scenarios.plan import Plan, load_plan

    loaded = plan if isinstance(plan, Plan) else load_plan(plan)
    return _run(
        "run", loaded, scenarios, fit, customers, replicates, seed, threads, out, progress, lang, cluster
    )


def compare(
    runs: Sequence[Given],
    base: str = "status_quo",
    out: Given | None = None,
    lang: str = "en",
    targets: Sequence[str] = (),
) -> Run:
    """Compare scenarios within one run (written into it) or across runs (a run of its own).

    Parameters
    ----------
    runs
        Folders or names of runs.
    base
        The scenario that is subtracted.
    targets
        Questions put to every scenario alike, whatever its plan promises: ``"repurchase >= 45% by 2029"``.
        Their odds stand in ``run.targets`` of a run of its own.
    out, lang
        Folder of a comparison across runs; language of its report.

    Raises
    ------
    BadInput
        If a run holds no indicators, none holds ``base``, or a question cannot be read.

    Examples
    --------
    >>> table = compare([run.path]).compare
    >>> {"scenario", "kpi", "difference", "low", "high"} <= set(table.columns)
    True
    """
    from results.report import write_report
    from results.store import amend, open_run
    from scenarios.asking import ask, read_question
    from scenarios.compare import compare_runs

    questions = [read_question(text) for text in targets]
    opened = [open_run(path) for path in runs]
    table = compare_runs(opened, base)
    if len(opened) == 1 and out is None and not questions:
        with amend(opened[0].path) as inside:
            inside.table("compare", table)
        write_report(opened[0].path, lang)
        return open_run(opened[0].path)
    name = "-".join(run.name for run in opened)[:60]
    inputs = {f"run {k}": run.path / "manifest.json" for k, run in enumerate(opened)}
    folder = desk.folder_for(out, "compare", name)
    currency = str(opened[0].manifest.get("parameters", {}).get("currency", ""))
    asked = {"base": base, "currency": currency} | ({"targets": list(targets)} if questions else {})
    with create(folder, "compare", name, inputs, asked, 0) as writer:
        writer.table("compare", table)
        if questions:
            writer.table("targets", ask(opened, questions))
        question = {"say": "question.compare", "base": base}
        desk.about(writer, title=name, question=question, currency=currency)
    return desk.finished(folder, lang)


def search(
    plan: Given,
    fit: Given | None = None,
    trials: int = TRIALS,
    objectives: Sequence[str] = (),
    storage: str | None = None,
    cluster: str | None = None,
    seed: int = 1,
    threads: int = 2,
    out: Given | None = None,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Search the plan's open lines for a better budget, verify the best on fresh luck, write the advice."""
    from scenarios.cluster import pool as workers
    from scenarios.plan import load_plan
    from scenarios.search import asked as wanted
    from scenarios.search import how
    from scenarios.search import search as look
    from scenarios.study import check_storage

    loaded = load_plan(plan)
    wanted(loaded, objectives)  # what cannot be is refused before anything is calibrated
    how(loaded, trials)
    inputs = {**desk.plan_input(loaded), **desk.fit_input(fit)}
    asked = {"trials": trials, "objectives": list(objectives), "currency": loaded.currency}
    folder = desk.folder_for(out, "search", loaded.name)
    with create(folder, "search", loaded.name, inputs, asked, seed) as writer:
        check_storage(writer, storage, loaded)
        with workers(threads, cluster) as pool:
            draws = desk.draws(loaded, fit, pool, writer, seed, progress)
            fitted = desk.from_history(fit)
            look(
                loaded, draws, trials, objectives, seed, None, pool, writer, progress, storage, fitted=fitted
            )
        desk.about_plan(writer, loaded, {"say": "question.search"})
    return desk.finished(folder, lang)


def sweep(
    design: Given,
    cluster: str | None = None,
    seed: int | None = None,
    threads: int = 2,
    out: Given | None = None,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Run a plan at every point of a design; each run once, whatever earlier sweeps have made already.

    Parameters
    ----------
    design
        A sweep's design (YAML).
    cluster
        Address of a Dask scheduler, or the file of a profile that starts one.
    seed, threads
        Luck (the design's, or 1, unless given); processes at most, without a cluster.
    out
        Folder of the run.

    Raises
    ------
    BadInput
        If the design or its plans are not usable, the scheduler does not answer, or ``out`` cannot be
        written.
    """
    from omolab.sweeping import sweep as play

    return play(design, cluster, seed, threads, out, progress, lang)


def levers(
    plan: Given,
    fit: Given | None = None,
    levers: Sequence[str] = (),
    customers: int | None = None,
    replicates: int = 1,
    seed: int = 1,
    threads: int = 2,
    out: Given | None = None,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Move every lever of a plan by itself: each lever by each indicator, and the literature beside it.

    Parameters
    ----------
    plan
        A bundled plan's name or a file.
    fit
        A run of ``calibrate``; unless given the market is calibrated to the plan's starting point.
    levers
        Names or kinds of levers, or own ones as ``path=value``; all of the plan's unless given.
    customers, replicates
        Agents a run (2,000, or the plan's own if fewer); seeds for each of six parameter draws.
    seed, threads
        Luck; processes at most, which change no figure.
    out
        Folder of the run.

    Raises
    ------
    BadInput
        If the plan, a lever or the fit is not usable, or ``out`` cannot be written.
    """
    from scenarios.executor import Pool
    from scenarios.levers import levers_of, run_levers
    from scenarios.plan import load_plan

    loaded = load_plan(plan)
    levers_of(loaded, levers)  # refuses what is not there before anything is calibrated
    agents = customers or min(LEVER_CUSTOMERS, loaded.market.customers)
    inputs = {**desk.plan_input(loaded), **desk.fit_input(fit)}
    asked = {"levers": list(levers), "customers": agents, "replicates": replicates}
    asked |= {"draws": LEVER_DRAWS, "currency": loaded.currency}
    folder = desk.folder_for(out, "levers", loaded.name)
    with create(folder, "levers", loaded.name, inputs, asked, seed) as writer:
        with Pool(threads) as pool, writer.timing("runs"):
            draws = desk.draws(loaded, fit, pool, writer, seed, progress)[:LEVER_DRAWS]
            run_levers(loaded, draws, replicates, seed, agents, writer, pool, progress, asked=levers)
        desk.about_plan(writer, loaded, {"say": "question.levers"})
    return desk.finished(folder, lang)


def track(
    plan: Given,
    actuals: Given,
    fit: Given | None = None,
    scenario: str = "plan",
    customers: int | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int = 2,
    out: Given | None = None,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Hold a plan against what came of it, month by month; update its odds (see :mod:`omolab.track`)."""
    from omolab.tracking import track as follow

    return follow(plan, actuals, fit, scenario, customers, replicates, seed, threads, out, progress, lang)


def report(run: Given, lang: str = "en") -> Path:
    """Write a finished run's ``report.html`` anew; return its path.

    Examples
    --------
    >>> report(run.path).name
    'report.html'
    """
    from results.report import write_report

    return write_report(Path(run), lang, pictures=True)


def tables(run: Given, kind: str = "csv", out: Given | None = None) -> Path:
    """Write all tables of a run for a spreadsheet; return the folder of CSV files, or the workbook.

    Parameters
    ----------
    run
        A run's folder or name.
    kind
        ``csv`` (a file a table) or ``xlsx`` (a sheet a table; larger ones than a sheet holds are CSV beside).
    out
        Where to; into the run itself unless given.

    Raises
    ------
    BadInput
        If it is not a run, or ``xlsx`` is asked for without the extra ``excel``.

    Examples
    --------
    >>> sorted(path.name for path in tables(run.path).iterdir())[0]
    'budget.csv'
    """
    from results.spreadsheets import write_tables
    from results.store import amend, open_run

    if kind == "xlsx":
        desk.need("openpyxl", "excel")
    opened = open_run(Path(run))
    if out is not None:
        return write_tables(opened, Path(out), kind)
    with amend(opened.path) as inside:
        return opened.path / write_tables(opened, inside.path, kind).name


def runs(delete: str | None = None) -> list[dict[str, Any]]:
    """List finished runs; with ``delete``, delete that one first."""
    from results import store

    if delete is not None:
        store.delete(delete)
    return [
        {
            "name": found.name,
            "verb": found.manifest.get("verb"),
            "path": str(found.path),
            "status": found.manifest.get("status"),
            "started": found.manifest.get("started"),
        }
        for found in store.runs()
    ]


def dashboard(
    run: Given | None = None,
    plan: str | None = None,
    out: Given | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    seed: int = 1,
    threads: int = 2,
    lang: str = "en",
    ready: Callable[[str], None] = print,
) -> None:
    """Show the levers of a plan and the stored runs in the browser, until interrupted.

    Parameters
    ----------
    run, plan
        A run or a plan to begin with; the newest run that keeps its plan, or a bundled plan, unless given.
    out
        The folder of runs, read and written (``results/runs`` unless given).
    host, port
        Where to listen; port 0 takes a free one.
    seed, threads, lang
        As of every verb.
    ready
        Called with the address, which holds a token that every request must bring.

    Raises
    ------
    BadInput
        If there is no such run or plan, the port is taken, or the extra ``dashboard`` is not installed.
    """
    desk.need("solara", "dashboard")
    from omolab.dashboard.room import Room
    from omolab.dashboard.server import serve
    from results.shelf import RUNS

    chosen = None if run is None else Path(run)
    serve(Room(Path(out or RUNS), chosen, plan, lang, seed, threads), host, port, ready)


def demo(
    out: Given | None = None,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Do the main job on the reference retailer: calibrate, simulate, compare, search, report."""
    from omolab.demonstration import demo as play

    return play(out, seed, threads, progress, lang)


def _run(
    verb: str,
    plan: Plan,
    scenarios: Sequence[str],
    fit: Given | None,
    customers: int | None,
    replicates: int,
    seed: int,
    threads: int,
    out: Given | None,
    progress: Progress | None,
    lang: str,
    cluster: str | None = None,
) -> Run:
    from scenarios.cluster import pool as workers
    from scenarios.experiment import run_experiment
    from scenarios.plan import scenario_plan

    for name in scenarios:
        scenario_plan(plan, name)  # refuses what is not there before anything is calibrated
    inputs = {**desk.plan_input(plan), **desk.fit_input(fit)}
    asked = {
        "scenarios": list(scenarios),
        "customers": customers,
        "replicates": replicates,
        "draws": desk.DRAWS,
        "currency": plan.currency,
    }
    folder = desk.folder_for(out, verb, plan.name)
    with create(folder, verb, plan.name, inputs, asked, seed) as writer:
        with workers(threads, cluster) as pool, writer.timing("runs"):
            draws = desk.draws(plan, fit, pool, writer, seed, progress)
            run_experiment(
                plan,
                scenarios,
                draws,
                replicates,
                seed,
                customers,
                writer,
                pool,
                progress,
                fitted=desk.from_history(fit),
            )
        desk.about_plan(writer, plan, {"say": "question.run"})
    return desk.finished(folder, lang)
