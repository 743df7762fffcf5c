"""The compiled evening: what buyers remember of how they were served, and who never comes back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import DROPOUT, EXPERIENCE, LOST, SECOND_DAYS, Rules, Trade
from sim.customers.funnel import succeeds
from sim.customers.habit import moved, narrow, widen
from sim.customers.lifecycle import borrowed_need, dropout_probability
from sim.customers.population import State, Traits
from sim.engine.chunks import CHUNK
from sim.engine.randomness import Word, unit, word


def learn_range(
    first: int,
    last: int,
    day: int,
    quality: NDArray[np.float64],
    discount: NDArray[np.float64],
    hold: NDArray[np.float64],
    traits: Traits,
    state: State,
    rules: Rules,
    keys: NDArray[np.uint64],
    trade: Trade,
) -> None:
    """Let today's buyers in chunks ``first`` to ``last`` learn: habit, satisfaction, stock at home, drop-out.

    ``quality`` [C] is the service they met, 0-1; each buyer's own experience scatters around it; ``discount``
    [G, C] is what the goods they bought were reduced by, ``hold`` [C] what channels save of drop-out (log).
    """
    for chunk in range(first, last):
        for k in range(chunk * CHUNK, chunk * CHUNK + trade.filled[chunk]):
            i, c = trade.buyers[k], trade.bought[k]
            customer = np.uint64(i)
            form_habit(i, c, state, rules)
            scatter = 2.0 * unit(word(keys[EXPERIENCE], customer)) - 1.0
            met = min(max(quality[c] + rules.experience_spread * scatter, 0.0), 1.0)
            satisfied = moved(widen(state.satisfaction[i, c]), met, rules.satisfaction_gain)
            state.satisfaction[i, c] = narrow(satisfied)
            state.borrowed[i] = narrow(borrowed_need(discount[trade.wanted[k], c], rules.borrowed_share))
            remember_order(i, c, day, state, trade.second[chunk])
            leaving = dropout_probability(
                float(traits.proneness[i]), satisfied, rules.dropout_relief, hold[c]
            )
            if stay_or_leave(word(keys[DROPOUT], customer), i, leaving, traits, state, rules):
                trade.events[chunk, c, LOST] += 1


def form_habit(i: int, c: int, state: State, rules: Rules) -> None:
    """Move customer ``i``'s habits towards channel ``c``, where the order was placed."""
    for other in range(state.habit.shape[1]):
        goal = 1.0 if other == c else 0.0
        state.habit[i, other] = narrow(moved(widen(state.habit[i, other]), goal, rules.habit_gain))


def remember_order(i: int, c: int, day: int, state: State, second: NDArray[np.int64]) -> None:
    """Write customer ``i``'s order down; a second order soon after the first is counted in ``second``."""
    if state.orders[i] == 0:
        state.first_order[i] = day
    elif state.orders[i] == 1 and day - state.first_order[i] <= SECOND_DAYS:
        second[day - state.first_order[i]] += 1
    state.orders[i] += 1
    state.last_order[i] = day
    state.recent[i] |= np.uint32(1)
    state.used[i] |= np.uint8(1 << c)


def stay_or_leave(bits: Word, i: int, leaving: float, traits: Traits, state: State, rules: Rules) -> bool:
    """Let customer ``i`` leave with probability ``leaving``; true if so."""
    if succeeds(unit(bits), leaving):
        state.lost[i] = 1
        state.gate[i] = float(traits.rate[i]) * rules.winback
        return True
    state.lost[i] = 0
    state.gate[i] = traits.rate[i]
    return False
