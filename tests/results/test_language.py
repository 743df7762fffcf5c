"""Numbers in their units, names made harmless, every phrase in both tongues."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from results.language import SPACE, Language, clean
from results.phrases import PHRASES
from results.phrases.progress import LABELS
from scenarios.levers.literature import LITERATURE
from scenarios.plan import bundled, load_plan

ROOT = Path(__file__).resolve().parents[2]
WIDE = re.compile("[\u4e00-\u9fff]")


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
        (2.4, "currency/visit", "CNY 2.4 / visit"),
        (489_319.0, "count", "489,000"),
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
    assert language.amount(-8.2e-6, "share", signed=True).replace(SPACE, " ") == "−0.001 points"
    assert language.amount(-8.2e-7, "share", signed=True).replace(SPACE, " ") == "0 points"
    assert language.estimate(41.7, "customers") == "42"
    assert language.change(0.264).replace(SPACE, " ") == "+26.4 %"
    assert language.band(0.01, 0.02, "share").replace(SPACE, " ") == "1.00 to 2.00 %"
    assert language.band(0.41, 0.6488, "share").replace(SPACE, " ") == "41.0 to 64.9 %"
    assert language.band(18e6, 113e6, "currency").replace(SPACE, " ") == "CNY 18.0 M to CNY 113 M"
    assert language.band(41, 64, "customers") == "41 to 64"
    assert language.band(0.5, 8, full=False) == "0.5 to 8"


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


def test_chinese_writes_numbers_and_units_together() -> None:
    language = Language("zh", "CNY")
    assert language.amount(0.0282, "share") == "2.82%"
    assert language.amount(0.013, "share", signed=True) == "+1.3个百分点"
    assert language.amount(-2e6, "currency", signed=True) == "−200万元"
    assert language.amount(2.4, "currency/visit") == "2.4元/次访问"
    assert language.amount(18.0, "hours") == "18小时"
    assert Language("zh", "GBP").amount(5e4, "currency").replace(SPACE, " ") == "GBP 5万"
    assert language.band(0.01, 0.02, "share") == "1.00%至2.00%"
    assert language.band(0.01, 0.02, "share", signed=True) == "+1.00至+2.00个百分点"
    assert language.change_band(-0.1, 0.2) == "−10.0%至+20.0%"


def test_facts_are_told_in_the_readers_language() -> None:
    gains = [{"say": "found.gain", "of": {"kpi": "conversion"}, "gain": "+0.1", "low": "0", "high": "0.2"}]
    fact = {"say": "found.keeps", "broken": ["acos <= 0.3", "nps >= 0.2"], "gains": gains}
    english, chinese = Language().tell(fact), Language("zh").tell(fact)
    assert "keeps acos <= 0.3, nps >= 0.2, which" in english and "conversion +0.1 (0 to 0.2)" in english
    assert "acos <= 0.3，nps >= 0.2" in chinese and "转化率+0.1（0至0.2）" in chinese
    assert Language("zh").tell("a sentence of an older run") == "a sentence of an older run"


def test_ready_made_sentences_are_recognised_whole_or_left_alone() -> None:
    chinese = Language("zh")
    line = "initiatives.live: it invests in no capability and changes no behaviour"
    assert chinese.translated(line) == "initiatives.live：未投入任何能力，也不改变任何行为"
    assert chinese.translated("Calibrating shop", tuple(LABELS)) == "校准 shop"
    assert chinese.titled("One omnichannel business") == "线上线下融合的全渠道业务"
    assert chinese.titled("Ours: it invests, at last") == "Ours: it invests, at last"
    assert chinese.translated("searching for words") == "searching for words"
    assert Language().translated(line) == line
    assert chinese.statistic("share of own_shop") == "自营商城销售占比"
    assert chinese.statistic("conversion of mall_x") == "Mall x转化率"
    assert Language().statistic("share of own_shop") == "share of own shop"


def sentences(file: str) -> set[str]:
    """Return the sentences in a file's yields and lists of notes, fields as ``x1``, docstrings left out."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
        if isinstance(node, ast.Yield) and node.value is not None:
            parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            found |= {text for part in parts if " " in (text := _sample(part))}
    return found


def _sample(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "x1" for part in node.values)
    return ""


def test_every_sentence_of_a_plans_check_has_its_chinese() -> None:
    said = sentences("scenarios/plan/modelled.py")
    assert len(said) >= 17
    assert not [text for text in said if not WIDE.search(Language("zh").translated(text))]


def test_every_finding_of_the_literature_has_its_chinese() -> None:
    said = {text for finding in LITERATURE for text in (finding.about, finding.why) if text}
    assert not [text for text in said if not WIDE.search(Language("zh").translated(text))]


def test_every_bundled_title_risk_and_scenario_has_its_chinese() -> None:
    chinese = Language("zh")
    for name in bundled():
        plan = load_plan(name)
        said = [chinese.titled(plan.title), *(chinese.titled(r.title) for r in plan.risks.values())]
        said += [chinese.scenario(scenario) for scenario in plan.scenarios]
        said += [chinese.spelt(channel) for channel in plan.channels]
        said += [chinese.say(f"risks.kind.{risk.kind}") for risk in plan.risks.values()]
        assert not [text for text in said if not WIDE.search(text)], name


def test_english_labels_are_what_keys_spell_out() -> None:
    for key in PHRASES:
        if key.startswith("name."):
            words = key.removeprefix("name.").replace("_", " ")
            assert PHRASES[key]["en"] == words[:1].upper() + words[1:], key


def test_both_tongues_say_every_phrase_with_the_same_fields() -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, entry in PHRASES.items():
        assert set(entry) == {"en", "zh"}, key
        assert fields(entry["en"]) == fields(entry["zh"]), key


def test_every_phrase_asked_for_exists() -> None:
    sources = [*(ROOT / "results").rglob("*.py"), *(ROOT / "results" / "templates").glob("*.j2")]
    sources += (ROOT / "omolab").glob("*.py")
    asked = {
        key
        for path in sources
        for key in re.findall(r"""say\(\s*["']([\w]+\.[\w.]+)["']""", path.read_text("utf-8"))
    }
    assert len(asked) > 60
    assert asked <= set(PHRASES)
