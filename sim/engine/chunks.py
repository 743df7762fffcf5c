"""Fixed chunks of agents, worked by one or more threads, always summed in the same order."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

CHUNK = 4096


def chunk_count(agents: int) -> int:
    """Return how many chunks of 4,096 hold ``agents``."""
    return -(-agents // CHUNK)


def added(values: list[float]) -> float:
    """Return the sum, added up in order: ``sum`` compensates rounding from Python 3.12 on."""
    total = 0.0
    for value in values:
        total += value
    return total


class Crew:
    """Runs a chunk-range function on its threads; with one thread it simply calls it.

    Results cannot depend on the number of threads: each chunk writes its own row, and rows are merged in
    order afterwards by whoever asked.
    """

    def __init__(self, threads: int) -> None:
        if threads < 1:
            raise ValueError(f"threads: expected at least 1, got {threads}")
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads - 1) if threads > 1 else None

    def run(self, work: Callable[[int, int, int], None], chunks: int) -> None:
        """Call ``work(thread, first, last)`` over contiguous ranges that cover ``range(chunks)``."""
        if self._pool is None or chunks == 1:
            work(0, 0, chunks)
            return
        share = -(-chunks // self.threads)
        ranges = [
            (number, first, min(first + share, chunks))
            for number, first in enumerate(range(0, chunks, share))
        ]
        others = [self._pool.submit(work, *span) for span in ranges[1:]]
        try:
            work(*ranges[0])  # the caller works too, rather than wait
        finally:
            for job in others:
                job.result()

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
