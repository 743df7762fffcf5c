"""The market itself: customers, retailer and world as arrays in, a ledger out.

Nothing here reads files, knows YAML, plots, or speaks a plan's vocabulary. Beside each rule stand its
parameters with unit, default, range, evidence grade and source: they are the priors of calibration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.market import Market as Market

from sim.setup import CAPABILITIES, SOURCES, Channel, Drivers, Effect, Medium, Setup, Shock

__all__ = ["CAPABILITIES", "SOURCES", "Channel", "Drivers", "Effect", "Market", "Medium", "Setup", "Shock"]


def __getattr__(name: str) -> Any:
    """Import :class:`Market` on first use: Mesa takes two seconds to import."""
    if name == "Market":
        from sim.market import Market

        return Market
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
