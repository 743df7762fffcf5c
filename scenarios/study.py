"""The study of a search: an Optuna storage that survives whatever ends the process.

The sampler is seeded afresh for each trial from the search's seed and the number of trials told. So a study
taken up again asks for the trial it was at once more, and goes on exactly as if it had never stopped.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from results.problems import BadInput, Problem
from scenarios.goals import Objective
from scenarios.plan import Plan

if TYPE_CHECKING:
    import optuna

    from results.writer import RunWriter

STARTUP = 10  # trials before the sampler learns


def open_study(
    writer: RunWriter, storage: str | None, plan: Plan, objectives: Sequence[Objective]
) -> optuna.Study:
    """Return the search's study, with what an interrupted search has told it.

    Parameters
    ----------
    storage
        URL of a storage; a journal in the unfinished run if ``None``.

    Raises
    ------
    BadInput
        If the storage cannot be used.
    """
    import optuna
    from optuna.storages.journal import JournalFileBackend, JournalStorage

    place: Any = storage
    lock: Any = _Alone()
    if storage is None:
        journal = writer.folder("search") / "journal.log"
        _mend(journal)
        place = JournalStorage(JournalFileBackend(str(journal), lock_obj=lock))
    try:
        return optuna.create_study(
            storage=place,
            study_name=f"{plan.name}-{writer.root.name[:16]}",
            directions=[objective.direction for objective in objectives],
            load_if_exists=True,
        )
    except Exception as error:
        if storage is None:
            raise
        said = f"cannot be used: {str(error).splitlines()[0]}"
        expected = "a database URL such as sqlite:///search.db"
        raise BadInput(Problem("--storage", None, "", storage, expected, said)) from error


def take_up(study: optuna.Study) -> None:
    """Give up the trial that a killed search left at work; the next one asked for will be the same."""
    from optuna.trial import TrialState

    for trial in study.get_trials(states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)


def ask(study: optuna.Study, known: Sequence[Mapping[str, Any]], seed: int) -> optuna.Trial:
    """Return the next trial: first those at the ``known`` numbers, then what the sampler proposes."""
    from optuna.trial import TrialState

    done = len(told(study))
    if done < len(known) and not study.get_trials(states=(TrialState.WAITING,)):
        study.enqueue_trial(dict(known[done]))
    study.sampler = _sampler(seed, done)
    return study.ask()


def told(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    """Return the trials that came to an answer, be it why they cannot be run."""
    from optuna.trial import TrialState

    trials = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.FAIL))
    return [t for t in trials if t.state == TrialState.COMPLETE or "reason" in t.user_attrs]


def _sampler(seed: int, done: int) -> Any:
    """Return the sampler of the next trial, seeded by how many were told before."""
    from optuna.samplers import TPESampler

    return TPESampler(
        multivariate=True,
        n_startup_trials=STARTUP,
        seed=int(np.random.SeedSequence([seed, crc32(b"sampler"), done]).generate_state(1)[0]),
    )


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep Optuna from printing every trial."""
    import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(before)


class _Alone:
    """The lock of a journal in a folder that this process owns already; a dead one leaves nothing behind."""

    def acquire(self) -> bool:
        return True

    def release(self) -> None:
        return None


def _mend(journal: Path) -> None:
    """Cut off the half line that a killed process may have left."""
    if journal.exists():
        whole = journal.read_bytes()
        kept = whole[: whole.rfind(b"\n") + 1]
        if len(kept) < len(whole):
            journal.write_bytes(kept)
