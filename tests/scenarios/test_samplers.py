"""Who proposes plans, and when a search stops."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios import samplers
from scenarios.bench import added, goes_on


def test_the_rule() -> None:
    def chosen(trials: int, numbers: int, conditional: bool = False, asked: str = "auto") -> str:
        return samplers.chosen(asked, trials, numbers, conditional)

    assert chosen(40, 6) == chosen(150, 6) == "gp"
    assert chosen(40, 6, conditional=True) == "tpe"
    assert chosen(300, 6) == chosen(40, 25) == "tpe"
    assert chosen(600, 30) == "nsga2"
    assert chosen(600, 30, asked="random") == "random"
    assert chosen(600, 30, asked="gp") == "gp"


def numbers_of(values: Mapping[str, float]) -> list[float]:
    return [values["x0"], values["x1"]]


@pytest.mark.parametrize("name", ["tpe", "nsga2", "random", "gp"])
def test_every_sampler_proposes_the_same_again(name: str) -> None:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    rows = []
    for _ in range(2):
        study = optuna.create_study(directions=["maximize", "maximize"])
        for done in range(12):
            study.sampler = samplers.made(name, 3, done, False, numbers_of)
            trial = study.ask()
            x = [trial.suggest_float(f"x{i}", 0, 1) for i in range(2)]
            trial.set_constraint("bound", x[0] - 0.9)
            study.tell(trial, [-((x[0] - 0.3) ** 2), -((x[1] - 0.6) ** 2)])
        rows.append([trial.params for trial in study.trials])
    assert rows[0] == rows[1]
    assert len({str(row) for row in rows[0]}) == 12


def test_hypervolume_of_known_fronts() -> None:
    zero = np.zeros(2)
    assert samplers.hypervolume(np.array([[1.0, 1.0]]), zero) == pytest.approx(1.0)
    assert samplers.hypervolume(np.array([[2.0, 1.0], [1.0, 2.0]]), zero) == pytest.approx(3.0)
    assert samplers.hypervolume(np.array([[-1.0, 5.0]]), zero) == 0.0
    cube = np.array([[1.0, 1.0, 0.5], [0.5, 0.5, 1.0]])
    assert samplers.hypervolume(cube, np.zeros(3)) == pytest.approx(0.5 + 0.125)


@given(st.lists(st.tuples(*[st.floats(0.01, 1)] * 3), min_size=1, max_size=6))
def test_hypervolume_is_the_share_of_the_cube_below_a_front(points: list[tuple[float, float, float]]) -> None:
    front = np.array(points)
    edges = [np.unique(np.r_[0.0, front[:, k]]) for k in range(3)]
    volume = 0.0
    for i in range(len(edges[0]) - 1):
        for j in range(len(edges[1]) - 1):
            for k in range(len(edges[2]) - 1):
                top = np.array([edges[0][i + 1], edges[1][j + 1], edges[2][k + 1]])
                low = np.array([edges[0][i], edges[1][j], edges[2][k]])
                volume += float(np.prod(top - low)) * bool((front >= top).all(axis=1).any())
    assert samplers.hypervolume(front, np.zeros(3)) == pytest.approx(volume)


def test_a_search_stops_where_nothing_moves() -> None:
    scores = np.array([[0.0, 0.0], [1.0, 1.0], *[[0.5, 0.5]] * 5])
    every = [True] * len(scores)
    assert samplers.stands_still(scores, every, 5)
    assert not samplers.stands_still(scores, every, 6)  # the best came within them
    assert not samplers.stands_still(scores, every, 0)
    assert not samplers.stands_still(scores, [False] * len(scores), 3)
    late = np.vstack([scores, [[1.2, 1.2]]])
    assert not samplers.stands_still(late, [*every, True], 5)
    assert samplers.stands_still(late, [*every, False], 5)  # it breaks a bound


def test_the_best_third_of_first_looks_goes_on() -> None:
    earlier = [([float(n)], 0.0) for n in range(9)]
    assert goes_on([8.5], 0.0, earlier, [1])
    assert goes_on([5.5], 0.0, earlier, [1])
    assert not goes_on([4.5], 0.0, earlier, [1])
    assert goes_on([0.5], 0.0, earlier, [-1])
    assert not goes_on([99.0], 0.5, earlier, [1])  # breaks its bounds, the others do not
    assert goes_on([-1.0], 9.0, earlier[:5], [1])  # too few to tell


def test_a_front_is_thinned_where_it_is_dense() -> None:
    """On a front nobody beats anybody: who adds little to what is dominated does not go on."""
    spread = [([x, 1.0 - x], 0.0) for x in (0.0, 0.25, 0.5, 0.75, 1.0)]
    crowd = [([x, 1.0 - x], 0.0) for x in (0.10, 0.11, 0.12, 0.13)]
    assert goes_on([0.63, 0.63], 0.0, spread + crowd, [1, 1])  # beyond the front
    assert not goes_on([0.115, 0.885], 0.0, spread + crowd, [1, 1])  # one more in the crowd
    assert not goes_on([0.25, 0.75], 0.0, spread + crowd, [1, 1])  # there already


def test_what_a_point_alone_adds() -> None:
    alone = added(np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5], [0.4, 0.4]]))
    assert alone[3] == 0.0  # beaten
    assert alone[2] == pytest.approx(0.5 * 0.5 - 0.4 * 0.4)
    assert alone[0] == pytest.approx(alone[1])
    assert alone[0] == pytest.approx(0.1 * 0.5)
