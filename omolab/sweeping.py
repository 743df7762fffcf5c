"""The verb `sweep`: a design read, its plans calibrated, every point lived through."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omolab import desk
from results.files import slug
from results.store import create

if TYPE_CHECKING:
    from results.store import Run, RunWriter
    from scenarios.executor import Pool, Progress
    from scenarios.plan import Plan
    from scenarios.sweep import Design

SEED = 1


def sweep(
    design: desk.Given,
    cluster: str | None = None,
    seed: int | None = None,
    threads: int = 2,
    out: desk.Given | None = None,
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
    from scenarios.cluster import pool as workers
    from scenarios.sweep import read_design, run_sweep
    from scenarios.sweep.cases import cases_of, plans_of

    read = read_design(design)
    plans = plans_of(read)
    luck = seed if seed is not None else read.written.seed if read.written.seed is not None else SEED
    cases_of(read, plans, luck)  # refuses a point that cannot be before anything is calibrated
    fit = _fit(read)
    _check_draws(read, fit)
    inputs: dict[str, Any] = {"design": read.fingerprint(), **desk.fit_input(fit)}
    inputs |= {f"plan {name}": plan.model_dump(mode="json") for name, plan in plans.items()}
    currency = next(iter(plans.values())).currency
    folder = desk.folder_for(out, "sweep", read.name)
    with create(folder, "sweep", read.name, inputs, {"currency": currency}, luck) as writer:
        with workers(threads, cluster) as pool:
            ensembles = _draws(read, plans, fit, pool, writer, luck, progress)
            run_sweep(read, plans, ensembles, luck, writer, pool, progress, fitted=desk.from_history(fit))
        _about(writer, read, plans)
    return desk.finished(folder, lang)


def _fit(design: Design) -> Path | None:
    """Return the fit's folder: relative to the design where it is there, else a run's name."""
    fit = design.written.fit
    if fit is None:
        return None
    beside = design.document.path.parent / fit
    return beside if beside.is_dir() else Path(fit)


def _check_draws(design: Design, fit: Path | None) -> None:
    """Refuse more draws of the parameters than there are."""
    from results.problems import BadInput
    from results.store import open_run

    there = desk.DRAWS if fit is None else len(open_run(fit).read("fit/ensemble"))
    if (wanted := design.written.draws) > there and "draws" in design.written.model_fields_set:
        said = f"there are {there} draws" + ("" if fit else " without a fit; `omolab calibrate` makes one")
        raise BadInput(design.problem("draws", wanted, f"at most {there}, or another fit", said))


def _draws(
    design: Design,
    plans: Mapping[str, Plan],
    fit: Path | None,
    pool: Pool,
    writer: RunWriter,
    seed: int,
    progress: Progress | None,
) -> dict[str, list[dict[str, float]]]:
    """Return as many draws of each plan's parameters as the design asks for; none are the defaults."""
    wanted = design.written.draws
    if wanted == 0:
        return {name: [] for name in plans}
    folders = {name: "fit" if len(plans) == 1 else f"fit/{slug(name)}" for name in plans}
    return {
        name: desk.draws(plan, fit, pool, writer, seed, progress, wanted, folders[name])
        for name, plan in plans.items()
    }


def _about(writer: RunWriter, design: Design, plans: Mapping[str, Plan]) -> None:
    titles = ", ".join(plan.title or name for name, plan in plans.items())
    lines = ", ".join(line.path for line in design.lines)
    question = {"say": "question.sweep", "lines": lines, "plan": titles}
    if len(plans) == 1:
        desk.about_plan(writer, next(iter(plans.values())), question)
        return
    currency = next(iter(plans.values())).currency
    desk.about(writer, title=design.name, question=question, currency=currency)
