"""A company's own history in, without code.

``history.yaml`` says which file and which column holds what; everything wrong with either is told at once,
by file, row and column, before anything is fitted. What is merely odd (gaps, blanks, anonymous orders) is
kept and reported. ``draft`` writes a first mapping from the files themselves.
"""

from calibration.history.draft import draft
from calibration.history.history import History
from calibration.history.load import load_history
from calibration.history.periods import Calendar, season_length
from calibration.history.quality import quality
from calibration.history.sheet import Issue

__all__ = ["Calendar", "History", "Issue", "draft", "load_history", "quality", "season_length"]
