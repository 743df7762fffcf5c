"""The study of a search: an Optuna storage that survives whatever ends the process.

The sampler is seeded afresh for each trial from the search's seed and the number of trials told. So a study
taken up again asks for the trial it was at once more, and goes on exactly as if it had never stopped. Where
several searches share a study, the trials that others are at count as well, so no two ask for the same one.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenarios.goals import Objective
from scenarios.plan import Plan
from scenarios.sharing import DRIVER, Hold, held, refused

if TYPE_CHECKING:
    import optuna

    from results.writer import RunWriter


@contextlib.contextmanager
def open_study(
    writer: RunWriter, storage: str | None, plan: Plan, objectives: Sequence[Objective]
) -> Iterator[tuple[optuna.Study, Hold]]:
    """Open the search's study, with what an interrupted search has told it, and hold it while inside.

    Parameters
    ----------
    storage
        URL of a storage; a journal in the unfinished run if ``None``.

    Raises
    ------
    BadInput
        If the storage cannot be used, or another search works on the study where only one can.
    """
    name = _name(writer, plan)
    with held(storage, name) as hold:
        yield _opened(writer, hold, name, [objective.direction for objective in objectives]), hold


def check_storage(writer: RunWriter, storage: str | None, plan: Plan) -> None:
    """Refuse a storage that a search could not use, before anything is run; raises as `open_study` does."""
    with held(storage, _name(writer, plan)):
        pass


def _name(writer: RunWriter, plan: Plan) -> str:
    return f"{plan.name}-{writer.root.name[:16]}"


def _opened(writer: RunWriter, hold: Hold, name: str, directions: Sequence[Any]) -> optuna.Study:
    import optuna
    from optuna.storages.journal import JournalFileBackend, JournalStorage

    place: Any = hold.url
    lock: Any = _Alone()
    if hold.url is None:
        journal = writer.folder("search") / "journal.log"
        _mend(journal)
        place = JournalStorage(JournalFileBackend(str(journal), lock_obj=lock))
    try:
        return optuna.create_study(
            storage=place, study_name=name, directions=list(directions), load_if_exists=True
        )
    except Exception as error:
        if hold.url is None:
            raise
        raise refused(hold.url, str(error).splitlines()[0]) from error


def take_up(study: optuna.Study, hold: Hold) -> None:
    """Give up the trials that killed searches left at work; the next ones asked for will be the same."""
    from optuna.trial import TrialState

    for trial in study.get_trials(states=(TrialState.RUNNING,)):
        if hold.gone(trial):
            with contextlib.suppress(ValueError):  # another search was quicker
                study.tell(trial.number, state=TrialState.FAIL)


def ask(
    study: optuna.Study,
    known: Sequence[Mapping[str, Any]],
    sampler: Callable[[int], Any],
    hold: Hold,
    step: Callable[[int], Mapping[str, Any] | None] = lambda done: None,
) -> optuna.Trial:
    """Return the next trial: first those at the ``known`` numbers, then what the sampler proposes.

    ``sampler`` makes one from the number of trials begun before; ``step`` may name the numbers instead.
    """
    from optuna.trial import TrialState

    done = begun(study)
    named = known[done] if done < len(known) else step(done)
    if named and not study.get_trials(states=(TrialState.WAITING,)):
        study.enqueue_trial(dict(named))
    study.sampler = sampler(done)
    trial = study.ask()
    if hold.shared:
        trial.set_user_attr(DRIVER, hold.name)
    return trial


def begun(study: optuna.Study) -> int:
    """Return how many trials are told or at work, at one moment."""
    trials = study.get_trials(deepcopy=False)
    return sum(_answered(trial) or trial.state.name == "RUNNING" for trial in trials)


def told(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    """Return the trials that came to an answer, be it why they cannot be run."""
    return [trial for trial in study.get_trials(deepcopy=False) if _answered(trial)]


def _answered(trial: optuna.trial.FrozenTrial) -> bool:
    return trial.state.name == "COMPLETE" or (trial.state.name == "FAIL" and "reason" in trial.user_attrs)


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
