"""The compiled week of talk: every buyer forms an opinion, then everybody hears some others' opinions.

Opinions are written first and read afterwards, so that who hears whom does not depend on order or threads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.customers.habit import moved, narrow, widen
from sim.customers.identity import RECOGNISED
from sim.customers.population import Person
from sim.customers.word_of_mouth import VOICE, neighbour, opinion_of, pack_heard, unpack_heard, voice
from sim.engine.chunks import CHUNK
from sim.engine.randomness import word


def speak_range(
    first: int,
    last: int,
    usual: float,
    valence: float,
    lift: float,
    channels: int,
    people: NDArray[np.void],
    totals: NDArray[np.int64],
) -> None:
    """Let the buyers of chunks ``first`` to ``last`` form opinions; everybody else has none.

    ``usual`` is the satisfaction that nobody talks about twice; ``lift`` what makes recognised members talk
    more; ``totals`` [K, 2] takes the buyers' satisfaction (16-bit) and their number by chunk.
    """
    for chunk in range(first, last):
        total, buyers = 0, 0
        for i in range(chunk * CHUNK, min((chunk + 1) * CHUNK, len(people))):
            person = people[i]
            person.opinion = np.int8(0)
            if person.orders > 0:
                satisfied = contentment(person, channels)
                total += narrow(satisfied)
                buyers += 1
                known = person.registered == 1 and person.flags & RECOGNISED != 0
                said = voice(satisfied, usual, valence, lift if known else 0.0)
                person.opinion = np.int8(opinion_of(said))
        totals[chunk, 0], totals[chunk, 1] = total, buyers


def contentment(person: Person, channels: int) -> float:
    """Return a customer's mean satisfaction with the channels used."""
    total, used = 0.0, 0
    for c in range(channels):
        if (person.used >> c) & 1:
            total += widen(person.satisfaction[c])
            used += 1
    return total / float(used) if used > 0 else 0.5


def listen_range(
    first: int,
    last: int,
    key: np.uint64,
    neighbours: int,
    rewired: float,
    gain: float,
    people: NDArray[np.void],
) -> None:
    """Let the customers of chunks ``first`` to ``last`` hear their neighbours; old talk fades by ``gain``."""
    count = len(people)
    for i in range(first * CHUNK, min(last * CHUNK, count)):
        ties, said = word(key, np.uint64(i)), 0
        for tie in range(neighbours):
            said += people[neighbour(word(ties, np.uint64(tie)), i, tie, count, rewired)].opinion
        mean = float(said) / (VOICE * float(neighbours))
        people[i].heard = np.uint16(pack_heard(moved(unpack_heard(people[i].heard), mean, gain)))
