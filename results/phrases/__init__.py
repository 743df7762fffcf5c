"""Every sentence and heading of charts and reports, by key, in English and Chinese; a file a subject."""

from __future__ import annotations

from results.phrases.answer import ANSWER
from results.phrases.charts import CHARTS
from results.phrases.levers import LEVERS
from results.phrases.sections import SECTIONS
from results.phrases.words import SOURCES, WORDS

PHRASES: dict[str, dict[str, str]] = {**WORDS, **CHARTS, **SOURCES, **ANSWER, **SECTIONS, **LEVERS}
