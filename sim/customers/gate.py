"""The gate: one comparison turns away nearly all who stay at home today.

``gate * reach`` bounds a customer's visits a day. Luck is a uniform number of which the first sixteen bits
come from a word that four neighbours share; only for who may come are the others drawn. Three plain loops,
each of which a compiler turns into vector instructions, do this at a third of the cost of one hash each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import Scratch
from sim.engine.chunks import CHUNK
from sim.engine.randomness import Word, word

# Rounding to float32 could otherwise shut out who stands on the bound.
SLACK = 1.0 + 2.0**-20


def pass_gate(start: int, key: Word, reach: float, gate: NDArray[np.float32], scratch: Scratch) -> int:
    """Write the places in the chunk from ``start`` on of who may come to ``scratch.found``; return how many.

    The slices of luck stay in ``scratch.slices``.
    """
    draw_words(start, key, scratch.words)
    inside = gate[start : start + CHUNK]
    if len(inside) < CHUNK:
        scratch.marks[:] = np.uint8(0)
    mark(inside, reach, scratch.slices, scratch.marks)
    return collect(scratch.eights, scratch.marks, scratch.found)


def draw_words(start: int, key: Word, words: NDArray[np.uint64]) -> None:
    """Fill ``words`` [1024] with the luck of the 4,096 customers from ``start`` on, four to a word."""
    first = np.uint64(start >> 2)
    for k in range(len(words)):
        words[k] = word(key, first + np.uint64(k))


def mark(
    gate: NDArray[np.float32], reach: float, slices: NDArray[np.uint16], marks: NDArray[np.uint8]
) -> None:
    """Mark [n] those whose first sixteen bits of luck lie below their bound."""
    scale = np.float32(reach * 65536.0 * SLACK)
    for k in range(len(gate)):
        marks[k] = np.float32(slices[k]) < gate[k] * scale


def collect(eights: NDArray[np.uint64], marks: NDArray[np.uint8], found: NDArray[np.int64]) -> int:
    """Write the places of ``marks`` that are set to ``found``; ``eights`` are the same, eight at once."""
    count = 0
    for k in range(len(eights)):
        if eights[k] != 0:
            for place in range(8 * k, 8 * k + 8):  # written whether marked or not: a branch would cost more
                found[count] = place
                count += int(marks[place])
    return count
