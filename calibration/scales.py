"""The scale a series is forecast on, and the way back.

Sales multiply and shares saturate: additive models are fitted to logarithms and log-odds, and every path is
mapped back, so that no forecast leaves the series' own range.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

RUNAWAY = 1000.0
"""No path may exceed the largest observed value by this factor: beyond lies overflow."""


@dataclass(frozen=True)
class Scale:
    """A monotone scale.

    Attributes
    ----------
    kind : {"share", "log", "log1p", "root", "plain"}
        Log-odds, logarithm, ``log(1 + y / unit)`` (series with zeros), square root (counts and series that
        grew from next to nothing, whose logarithms would see chaos where sales were small) or the series
        itself (series with negatives).
    unit : float
        Divisor of the series: its typical size, so that models are fitted to numbers near one.
    edge : float
        Shares are kept this far from 0 and 1 before their log-odds are taken.
    top : float
        Largest value on this scale a path may reach.
    """

    kind: Literal["share", "log", "log1p", "root", "plain"]
    unit: float = 1.0
    edge: float = 1e-3
    top: float = np.inf

    def forward(self, values: Array) -> Array:
        """Map the series' values to the scale; missing values stay missing."""
        y = np.asarray(values, dtype=float)
        if self.kind == "share":
            inside = np.clip(y, self.edge, 1.0 - self.edge)
            return np.asarray(np.log(inside) - np.log1p(-inside))
        y = y / self.unit
        if self.kind == "plain":
            return y
        return np.asarray({"log": np.log, "log1p": np.log1p, "root": np.sqrt}[self.kind](y))

    def back(self, values: Array) -> Array:
        """Map the scale's values back to the series' own units and range."""
        z = np.asarray(values, dtype=float)
        if self.kind == "share":
            return np.asarray(1.0 / (1.0 + np.exp(-np.clip(z, -30.0, 30.0))))
        z = np.minimum(z, self.top)
        if self.kind == "log":
            z = np.exp(z)
        elif self.kind == "log1p":
            z = np.maximum(np.expm1(z), 0.0)
        elif self.kind == "root":
            z = np.maximum(z, 0.0) ** 2
        return np.asarray(z * self.unit)


def is_share(name: object) -> bool:
    """Whether a series of this name is a share, 0 to 1."""
    return str(name).endswith(".share")


def scale_of(values: Array, name: str) -> Scale:
    """Return the scale of a series, chosen by its name and values.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Past values, any length, gaps allowed.
    name : str
        Name of the series; an ending in ``.share`` marks a share.
    """
    seen = np.asarray(values, dtype=float)
    seen = seen[np.isfinite(seen)]
    if is_share(name):
        inside = seen[(seen > 0.0) & (seen < 1.0)]
        edge = float(np.minimum(inside, 1.0 - inside).min()) / 2.0 if inside.size else 1e-3
        return Scale("share", edge=min(edge, 1e-3))
    sizes = np.abs(seen[seen != 0.0])
    unit = float(np.median(sizes)) if sizes.size else 1.0
    if (seen < 0.0).any():
        return Scale("plain", unit)
    logarithm = Scale("log" if (seen > 0.0).all() else "log1p", unit)
    chosen = max((logarithm, Scale("root", unit)), key=lambda scale: _evenness(scale, seen))
    largest = float(seen.max(initial=0.0)) or unit
    return replace(chosen, top=float(chosen.forward(np.array([largest * RUNAWAY]))[0]))


def _evenness(scale: Scale, seen: Array) -> float:
    """Gaussian log likelihood of the changes on a scale, in the series' units (Box & Cox 1964, JRSS B 26)."""
    if seen.size < 3:
        return 0.0
    y = np.maximum(seen[1:] / scale.unit, 0.05)
    slope = {"log": -np.log(y), "log1p": -np.log1p(y), "root": -0.5 * np.log(4.0 * y)}[scale.kind]
    spread = float(np.mean(np.diff(scale.forward(seen)) ** 2))
    return float(slope.sum() - 0.5 * slope.size * np.log(spread + 1e-12))
