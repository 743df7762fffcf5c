"""Jobs whose results are kept: an interrupted experiment takes up where it stopped and runs nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from scenarios.executor import Pool, Progress, shown

if TYPE_CHECKING:
    import pandas as pd

    from results.writer import RunWriter

Job = TypeVar("Job")


def run_pieces(
    function: Callable[[Job], Mapping[str, pd.DataFrame]],
    jobs: Mapping[str, Job],
    writer: RunWriter,
    pool: Pool,
    progress: Progress | None = None,
    label: str = "simulate",
    tell: Callable[[str, Mapping[str, pd.DataFrame]], str] | None = None,
) -> None:
    """Run every job of which the unfinished run has no piece yet; keep each one's tables as a piece.

    Parameters
    ----------
    function
        A module's own function, from a job to its tables by name.
    jobs
        By the key of its piece; ``str(job)`` is shown as the latest one done.
    writer, pool
        Where pieces go, and who works.
    progress, label
        Shows the jobs done, pieces found finished among them.
    tell
        From a finished job's key and tables to a line about what is known so far; unless given, the job's
        name.
    """
    todo = [key for key in jobs if writer.piece(key) is None]
    with shown(progress, label, len(jobs)) as advance:
        advance(len(jobs) - len(todo))
        for position, tables in pool.run(function, [jobs[key] for key in todo]):
            key = todo[position]
            writer.save_piece(key, tables)
            advance(note=tell(key, tables) if tell else str(jobs[key]))
