"""Habit and satisfaction: what a served order leaves behind in the customer."""

from __future__ import annotations

from sim.parameters import Parameter

PARAMETERS = (
    Parameter("habit_gain", "share of the gap closed per order", 0.15, 0.02, 0.5, "A", "-", "logit"),
    Parameter(
        "satisfaction_gain", "weight of the latest order in satisfaction", 0.3, 0.1, 0.6, "A", "-", "logit"
    ),
    Parameter("initial_store_habit", "habit of a new customer, 0-1", 0.5, 0.2, 0.8, "A", "-", "logit"),
    Parameter("initial_online_habit", "habit of a new customer, 0-1", 0.1, 0.02, 0.4, "A", "-", "logit"),
    Parameter(
        "experience_spread", "half-width of buyers' experience around the service", 0.2, 0.05, 0.4, "A", "-"
    ),
)
FULL = 65535
QUANTUM = 1.0 / 65535.0  # multiplied by: a division takes as long as three multiplications


def widen(quantum: int) -> float:
    """Return the float in 0-1 of a 16-bit fixed-point state."""
    return float(quantum) * QUANTUM


def narrow(value: float) -> int:
    """Return the 16-bit fixed-point state nearest to a float in 0-1; values outside are clipped."""
    if value <= 0.0:
        return 0
    if value >= 1.0:
        return 65535
    return int(value * 65535.0 + 0.5)


def moved(level: float, goal: float, gain: float) -> float:
    """Return ``level`` moved towards ``goal`` by ``gain`` of the gap (exponential smoothing)."""
    return level + gain * (goal - level)
