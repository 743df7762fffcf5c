"""The futures of a search: those its trials are measured on, and others for what is chosen and told of it.

They share no seed, and no draw of the parameters where the ensemble has enough of them. A gain is told on
futures that had no say in the choice: the best of several looks better than it is on those it was chosen on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np

from scenarios.experiment import Future, seed_of

PART = 4  # one kept draw in so many is for choosing, where there are so many
CHOSEN_ON = 3  # futures of the telling to one of the choosing


class Panels(NamedTuple):
    """The futures that trials are measured on, candidates chosen on, and the chosen one told on."""

    searched: tuple[Future, ...]
    chosen: tuple[Future, ...]
    told: tuple[Future, ...]


def panels(ensemble: Sequence[Mapping[str, float]], seed: int, panel: int, fresh: int) -> Panels:
    """Return the futures of a search.

    Draws are taken in an order shuffled by the seed, since an ensemble may be sorted.

    Parameters
    ----------
    ensemble
        Draws of the parameters; half of them at most are searched on.
    panel, fresh
        Futures to search on and to tell on; a third as many as the latter are for choosing.
    """
    draws = list(ensemble) or [{}]
    order = [int(i) for i in np.random.default_rng([seed, crc32(b"panel")]).permutation(len(draws))]
    searched = order[: max(1, min(panel, len(order) // 2))]
    kept = order[len(searched) :] or searched
    apart = len(kept) // PART
    choosing = -(-fresh // CHOSEN_ON)

    def made(chosen: list[int], least: int, purpose: str) -> tuple[Future, ...]:
        return tuple(
            Future(draw, luck, seed_of(seed, draw, luck, purpose), dict(draws[draw]))
            for draw in sorted(chosen)
            for luck in range(-(-least // len(chosen)))
        )

    return Panels(
        made(searched, panel, "search"),
        made(kept[-apart:][:choosing] if apart else kept[:choosing], choosing, "choose"),
        made((kept[:-apart] if apart else kept)[:fresh], fresh, "verify"),
    )
