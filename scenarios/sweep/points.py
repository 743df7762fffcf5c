"""From a design to its points: a grid, a Latin hypercube, or the sample that Sobol indices are read off."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from results.problems import BadInput
from scenarios.sweep.design import Design, Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIGITS = 6  # significant digits of a value taken from a range

Values = Mapping[str, Any]


def lay(design: Design, whole: Mapping[str, bool], seed: int) -> list[Values]:
    """Return the points of a design, each a value by path, in an order that a longer design continues.

    Parameters
    ----------
    design
        The design.
    whole
        By path, whether only whole numbers may stand there.
    seed
        Of the Latin hypercube's cells and the Sobol sequence's scrambling.

    Raises
    ------
    BadInput
        If a grid is asked for another number of points than it has, or a range holds no whole number.
    """
    lines, kind = design.lines, design.written.design
    _check_whole(design, whole)
    if kind.kind == "grid":
        levels = [_levels(line, whole.get(line.path, False)) for line in lines]
        points = [dict(zip(design.written.vary, each, strict=True)) for each in itertools.product(*levels)]
        if kind.points is not None and kind.points != len(points):
            said = (
                "a grid has as many points as its values make; leave `points` out, or see `steps` of a range"
            )
            raise BadInput(design.problem("design.points", kind.points, f"points: {len(points)}", said))
        return list(points)
    assert kind.points is not None  # the design was read so
    cube = hypercube if kind.kind == "latin_hypercube" else saltelli
    rows = cube(kind.points, len(lines), seed)
    return [
        {
            line.path: _at(line, float(u), whole.get(line.path, False))
            for line, u in zip(lines, row, strict=True)
        }
        for row in rows
    ]


def hypercube(points: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Return a Latin hypercube [points, dimensions] in 0-1."""
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(dimensions, seed=np.random.default_rng([seed, crc32(b"hypercube")]))
    return np.asarray(sampler.random(points))


def saltelli(points: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Return the sample [points x (dimensions + 2), dimensions] for first-order and total indices.

    Source: Saltelli et al. (2010), Computer Physics Communications 181, on Owen-scrambled Sobol points.
    """
    from SALib.sample import sobol

    rng = np.random.default_rng([seed, crc32(b"sobol")])
    return np.asarray(sobol.sample(unit_problem(dimensions), points, calc_second_order=False, seed=rng))


def unit_problem(dimensions: int, names: Sequence[str] = ()) -> dict[str, Any]:
    """Return what SALib calls a problem, on 0-1."""
    told = list(names) or [str(k) for k in range(dimensions)]
    return {"num_vars": dimensions, "names": told, "bounds": [[0.0, 1.0]] * dimensions}


def _check_whole(design: Design, whole: Mapping[str, bool]) -> None:
    problems = [
        design.problem(f"vary.{line.path}", f"{line.low:g} to {line.high:g}", "a whole number", "holds none")
        for line in design.lines
        if not line.values and whole.get(line.path) and math.ceil(line.low) > math.floor(line.high)
    ]
    if problems:
        raise BadInput(problems)


def _levels(line: Line, whole: bool) -> list[Any]:
    if line.values:
        return list(line.values)
    made = [_rounded(value, whole) for value in np.linspace(line.low, line.high, line.steps)]
    return list(dict.fromkeys(made))


def _at(line: Line, u: float, whole: bool) -> Any:
    """Return the value at ``u`` of the way, every value of a list or whole number being equally likely."""
    if line.values:
        return line.values[min(int(u * len(line.values)), len(line.values) - 1)]
    if whole:
        low, high = math.ceil(line.low), math.floor(line.high)
        return min(low + int(u * (high - low + 1)), high)
    return _rounded(line.low + u * (line.high - line.low), False)


def _rounded(value: float, whole: bool) -> float | int:
    return round(float(value)) if whole else float(f"{value:.{DIGITS}g}")
