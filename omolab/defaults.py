"""What the verbs take where nothing is asked, the same from the command line and from Python."""

from __future__ import annotations

REPLICATES = 4  # seeds for each draw of the parameters; the draws carry most of the spread
TRIALS = 200
LEVER_DRAWS, LEVER_CUSTOMERS = 6, 2_000  # about a hundred levers within ten minutes on two cores
ORIGINS = 4
PORT = 8765
BASE = "status_quo"
