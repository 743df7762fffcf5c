"""Sweeps: a plan lived through at every point of a design, each run once.

A point changes lines of the plan, parameters of the market, or which plan it is; at every point each scenario
meets the same futures. A run is known by a hash of all that determines its figures, so what an interrupted,
longer or changed design shares with runs that are there already is taken over, never run again.
"""

from scenarios.sweep.design import Design, read_design
from scenarios.sweep.experiment import run_sweep

__all__ = ["Design", "read_design", "run_sweep"]
