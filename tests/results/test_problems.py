"""What is wrong with an input, in English as ever, and in Chinese as far as the catalogue goes."""

from __future__ import annotations

import pytest

from results.language import Language
from results.problems import Problem, nearest

ENGLISH, CHINESE = Language("en"), Language("zh")


def test_english_is_the_problem_as_it_prints() -> None:
    problem = Problem("p.yaml", 3, "monhts", "12", "one of months, name", "there is no key 'monhts' here")
    assert problem.told(ENGLISH) == str(problem)


def test_chinese_says_place_message_nearest_name_and_what_is_expected() -> None:
    said = "there is no key 'monhts' here" + nearest("monhts", ["months", "name"])
    told = Problem("p.yaml", 3, "monhts", "12", "one of months, name", said).told(CHINESE)
    assert (
        told
        == "p.yaml:3：monhts：此处没有'monhts'这一项；是否想写'months'？（实际为'12'；应为months, name之一）"
    )


def test_a_message_the_catalogue_lacks_stays_english() -> None:
    told = Problem("x", None, "", "", "", "a mistake nobody has thought of").told(CHINESE)
    assert told == "x：a mistake nobody has thought of"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_signs_that_a_terminal_would_obey_are_shown(lang: str) -> None:
    told = Problem("a\u202eb", None, "c\x1b[2J", "\u200f", "text", "is not text").told(Language(lang))
    assert "\u202e" not in told and "\x1b" not in told and "\\u202e" in told
