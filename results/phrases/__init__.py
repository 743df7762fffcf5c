"""Every sentence and heading of charts, reports and the command line, by key; a file a subject."""

from __future__ import annotations

from results.phrases.answer import ANSWER
from results.phrases.bundled import BUNDLED
from results.phrases.charts import CHARTS
from results.phrases.checks import CHECKS
from results.phrases.console import CONSOLE
from results.phrases.dashboard import DASHBOARD
from results.phrases.data import COVERAGE, DATA, KINDS
from results.phrases.diagnosis import DIAGNOSIS
from results.phrases.drafts import DRAFTS
from results.phrases.experiments import EXPERIMENTS
from results.phrases.findings import FINDINGS
from results.phrases.help import HELP, PANELS
from results.phrases.levers import LEVERS
from results.phrases.misuse import ASIDE, MISUSE
from results.phrases.money import MONEY
from results.phrases.names import NAMES
from results.phrases.operations import OPERATIONS
from results.phrases.people import PEOPLE
from results.phrases.problems import FOUND, PARTS, PROBLEMS
from results.phrases.progress import PROGRESS
from results.phrases.questions import QUESTIONS
from results.phrases.risks import RISKS
from results.phrases.scorecard import SCORECARD
from results.phrases.search import SEARCH
from results.phrases.sections import SECTIONS
from results.phrases.statistics import STATISTICS
from results.phrases.sweeps import SWEEPS
from results.phrases.track import TRACK
from results.phrases.words import SOURCES, WORDS

PHRASES: dict[str, dict[str, str]] = {
    **WORDS,
    **CHARTS,
    **SOURCES,
    **ANSWER,
    **DIAGNOSIS,
    **SECTIONS,
    **LEVERS,
    **MONEY,
    **PEOPLE,
    **OPERATIONS,
    **RISKS,
    **SCORECARD,
    **SWEEPS,
    **TRACK,
    **NAMES,
    **BUNDLED,
    **STATISTICS,
    **QUESTIONS,
    **SEARCH,
    **CHECKS,
    **FINDINGS,
    **KINDS,
    **DATA,
    **COVERAGE,
    **CONSOLE,
    **DRAFTS,
    **EXPERIMENTS,
    **PROGRESS,
    **PARTS,
    **PROBLEMS,
    **FOUND,
    **HELP,
    **MISUSE,
    **ASIDE,
    **PANELS,
    **DASHBOARD,
}
READY_MADE = (*CHECKS, *DATA, *FINDINGS)  # sentences that come in English and are recognised by it
