"""Numbers in their units, names made harmless, every phrase in both tongues."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from results.language import SPACE, Language, clean
from results.phrases import PHRASES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.028, "share", "2.8 %"),
        (0.0153, "share", "1.53 %"),
        (0.5, "share", "50 %"),
        (1.0, "share", "100 %"),
        (0.0, "share", "0 %"),
        (0.0004, "share", "0.04 %"),
        (12_340_000.0, "currency", "CNY 12.3 M"),
        (-12_340_000.0, "currency", "−CNY 12.3 M"),
        (12.3, "GBP", "GBP 12.3"),
        (2.4, "currency/visit", "CNY 2.40 / visit"),
        (489_319.0, "count", "489,319"),
        (999_900.0, "count", "1 M"),
        (3.14159, "ratio", "3.14"),
        (18.0, "hours", "18 hours"),
        (float("nan"), "share", "–"),
        (float("inf"), "count", "–"),
    ],
)
def test_amounts_are_said_in_their_unit(value: float, unit: str, said: str) -> None:
    assert Language("en", "CNY").amount(value, unit).replace(SPACE, " ") == said


def test_differences_carry_their_sign_and_shares_their_points() -> None:
    language = Language("en", "CNY")
    assert language.amount(0.013, "share", signed=True).replace(SPACE, " ") == "+1.3 points"
    assert language.amount(-2e6, "currency", signed=True).replace(SPACE, " ") == "−CNY 2 M"
    assert language.change(0.264).replace(SPACE, " ") == "+26.4 %"
    assert language.band(0.01, 0.02, "share").replace(SPACE, " ") == "1 to 2 %"


def test_chinese_counts_in_ten_thousands() -> None:
    language = Language("zh", "CNY")
    assert language.amount(173_000_000.0, "currency") == "1.73亿元"
    assert language.number(61_900.0) == "6.19万"
    assert language.month("2029-12-31") == "2029年12月"
    assert language.kpi("conversion") == "转化率"


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0"), (0.001, "<1"), (0.62, "62"), (0.999, ">99"), (1.0, "100")]
)
def test_rounding_never_claims_certainty(share: float, said: str) -> None:
    assert Language().odds(share) == said


def test_names_cannot_turn_lines_or_directions() -> None:
    assert clean("a\u202eb\u2066c\x00d\ne\tf\u200f") == "abcd e f"
    assert clean("   ") == "–"
    assert clean("x" * 50, 10) == "x" * 9 + "…"
    assert clean("שלום 电商") == "שלום 电商"


def test_names_are_spelt_out() -> None:
    language = Language()
    assert language.scenario("status_quo") == "Status quo"
    assert language.scenario("deep_discount") == "Deep discount"
    assert language.scenario("run-1/deep_discount") == "run-1/deep discount"
    assert language.the("plan", first=True) == "The plan"
    assert language.spelt("cac_new") == "CAC new"
    assert language.kpi("unheard_of") == "Unheard of"
    assert language.kpi_inline("conversion") == "conversion"
    assert language.listed(["a", "b", "c"]) == "a, b and c"


def test_both_tongues_say_every_phrase_with_the_same_fields() -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, entry in PHRASES.items():
        assert set(entry) == {"en", "zh"}, key
        assert fields(entry["en"]) == fields(entry["zh"]), key


def test_every_phrase_asked_for_exists() -> None:
    sources = [*(ROOT / "results").rglob("*.py"), *(ROOT / "results" / "templates").glob("*.j2")]
    asked = {
        key
        for path in sources
        for key in re.findall(r"""say\(\s*["']([\w.]+)["']""", path.read_text("utf-8"))
    }
    assert len(asked) > 60
    assert asked <= set(PHRASES)
