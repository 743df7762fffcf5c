"""Every sentence and heading of charts and reports, by key, in English and Chinese; a file a subject."""

from __future__ import annotations

from results.phrases.answer import ANSWER
from results.phrases.charts import CHARTS
from results.phrases.levers import LEVERS
from results.phrases.money import MONEY
from results.phrases.people import PEOPLE
from results.phrases.risks import RISKS
from results.phrases.scorecard import SCORECARD
from results.phrases.sections import SECTIONS
from results.phrases.sweeps import SWEEPS
from results.phrases.track import TRACK
from results.phrases.words import SOURCES, WORDS

PHRASES: dict[str, dict[str, str]] = {
    **WORDS,
    **CHARTS,
    **SOURCES,
    **ANSWER,
    **SECTIONS,
    **LEVERS,
    **MONEY,
    **PEOPLE,
    **RISKS,
    **SCORECARD,
    **SWEEPS,
    **TRACK,
}
