"""Every problem, finding and task that the code tells has its Chinese: read off the source itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from results.language import Language
from results.phrases import READY_MADE
from results.phrases.problems import PROBLEMS as REFUSED
from results.phrases.progress import LABELS
from results.problems import NEAREST, Problem
from tests.results.texts import FIELD, FINDINGS, PROBLEMS, TASKS, Sayer, Source

WIDE = re.compile("[\u3000-\u9fff\uff00-\uffef]")
CODE = {  # names of keys and values, the same in every language
    *("simplex", "cpc", "budget", "repurchase_365", "new_customer_repurchase_90", "Parquet"),
    *("columns: {date: ...}", "{revenue: ...}"),
}


@pytest.fixture(scope="module")
def source() -> Source:
    return Source()


@pytest.mark.parametrize(
    ("sayers", "keys", "least"),
    [(PROBLEMS, REFUSED, 400), (FINDINGS, READY_MADE, 15), (TASKS, LABELS, 10)],
    ids=["problems", "findings", "tasks"],
)
def test_every_sentence_has_its_chinese(
    source: Source, sayers: Iterable[Sayer], keys: Iterable[str], least: int
) -> None:
    chinese, usual = Language("zh"), tuple(keys)
    said = {text.partition(NEAREST)[0]: where for text, where in source.said(sayers)}
    assert len(said) >= least  # the reading of the source still finds them
    missing = {
        text: where
        for text, where in said.items()
        if re.search("[A-Za-z]{3}", text.replace(FIELD, ""))
        and text not in CODE
        and not WIDE.search(chinese.translated(text, usual))
    }
    assert missing == {}


def test_a_reason_within_a_sentence_is_told_too() -> None:
    chinese = Language("zh")
    problem = Problem("a.csv", 7, "sales", "x", "a number of at least 0", "is negative, in 31 rows")
    assert problem.told(chinese) == "a.csv:7：sales：为负数（共31行）（实际为'x'；应为不小于0的数值）"
    problem = Problem("a.csv", None, "", "", "", "no whole week ends by 2020-01-01")
    assert problem.told(chinese) == "a.csv：到2020-01-01为止没有完整的一期（周）"
    problem = Problem("a.csv", None, "", "12 more rows", "a number of at least 0", "is negative")
    assert "实际为'另有12行'" in problem.told(chinese)
