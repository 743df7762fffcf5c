"""A report in Chinese: nothing English left in it but names, and pictures that can be read."""

from __future__ import annotations

import re
import shutil
import warnings
from pathlib import Path

import pandas as pd
import pytest

from results.charts import style
from results.report import write_report
from tests.results.test_report import Page, check, quick

__all__ = ["quick"]
LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,;:]+[A-Za-z][A-Za-z'’-]*){2,}")  # three words in a row
NAMES = (
    *("E-commerce department: scale up", "Platform late", "Rival copies the offer", "skills late"),
    *("spare supplier", "omolab search", "WAPE MASE CRPS", "made up"),
)


def english(text: str) -> list[str]:
    """Return what reads like English: three words in a row that are no names."""
    for name in NAMES:
        text = text.replace(name, "名称")
    text = re.sub(r"\w+\.revenue \w+", "名称", text)  # statistics made up for the run
    return LATIN.findall(text)


@pytest.fixture
def copied(full_run: Path, tmp_path: Path) -> Path:
    path = Path(shutil.copytree(full_run, tmp_path / full_run.name))
    lever = {"kind": "price", "against": "status_quo", "path": "policies.pricing.level", "base": "1"}
    lever |= {"lever": "pricing.level", "tried": "1.05", "channel": "all", "kpi": "orders", "sure": True}
    pd.DataFrame([lever | {"relative": -0.12, "difference": -5.0}]).to_parquet(path / "levers.parquet")
    found = {"about": "price elasticity of orders", "grade": "E", "source": "Bijmolt 2005", "why": ""}
    found |= {"measure": "elasticity", "central": -2.6, "range_low": -4.0, "range_high": -1.5}
    found |= {"value": -1.2, "low": -1.4, "high": -1.0, "verdict": "too weak", "inside": False}
    absent = {"about": "review volume elasticity of sales", "verdict": "not measured", "value": float("nan")}
    absent |= {"low": float("nan"), "high": float("nan"), "why": "no policy sets how many reviews there are"}
    pd.DataFrame([found, found | absent]).to_parquet(path / "evidence.parquet")
    return path


@pytest.mark.usefixtures("quick")
def test_nothing_english_is_left_in_a_chinese_report(copied: Path) -> None:
    source = write_report(copied, "zh").read_text("utf-8")
    page = Page(source)
    check(page, source)
    assert ("html", {"lang": "zh-CN"}) in page.tags
    manifest = page.text.index("运行清单")  # what follows are the manifest's own words
    told = page.text[:manifest]
    for words in (
        "照此执行",
        "次推演",
        "365天复购率",
        "价格弹性",
        "建议方案优于原计划",
        "没有政策能设定评价数量",
    ):
        assert words in told, words
    assert english(told) == []
    labels = [value or "" for _, given in page.tags for name, value in given.items() if name == "aria-label"]
    assert english(" | ".join(labels)) == []
    assert not re.search(r"[\u4e00-\u9fff] ?[,;:!?](?=[\u4e00-\u9fff])", told)  # full-width punctuation


def test_the_check_for_english_finds_it() -> None:
    assert english("计划 reaches its target 达成") and not english("转化率 ETS 与 WAPE")


def test_lines_break_between_wide_letters_and_never_inside_numbers_or_before_a_comma() -> None:
    text = "计划：到2029年12月，单次访问成本为0.369元（0.327元至0.52元）；100次推演中有12次达成目标"
    for width in range(12, 62, 7):
        lines = style.wrap(text, width)
        assert "".join(lines) == text
        assert not [line for line in lines if line[0] in "，。；：、）”%"]
        for number in ("2029", "0.369元", "0.327元", "0.52元", "100次"):
            assert any(number in line for line in lines), (width, number)
    assert style.wrap("", 10) == [""]
    assert "".join(style.wrap("渠道" + "x" * 50, 20)) == "渠道" + "x" * 50


@pytest.fixture
def without_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "CHINESE", ("No Such Font",))
    monkeypatch.setattr(style, "_extra_font", lambda: None)
    style._fonts.cache_clear()
    yield
    monkeypatch.undo()
    style._fonts.cache_clear()


@pytest.mark.usefixtures("quick", "without_chinese")
def test_a_missing_font_is_said_once_and_only_for_pictures(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not style.writes_chinese()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_report(copied, "zh", pictures=True)
    said = capsys.readouterr()
    assert said.err.count("未找到中文字体") == 1 and ".[cjk]" in said.err and said.out == ""
    write_report(copied, "zh")
    write_report(copied, "en", pictures=True)
    assert capsys.readouterr().err == ""


def test_the_extra_font_is_found_where_it_is_installed() -> None:
    pytest.importorskip("mplfonts", reason="extra `cjk` is not installed")
    path = style._extra_font()
    assert path is not None and path.is_file()
