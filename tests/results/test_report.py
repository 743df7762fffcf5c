"""The report: one page that stands alone, from whatever a run holds, harmless whatever the names."""

from __future__ import annotations

import html.parser
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from results import store
from results.charts import Chart
from results.files import to_csv
from results.pages import Figures, Material
from results.problems import BadInput
from results.report import write_report
from results.sections.answer import movers
from results.sections.answer import section as answer
from scenarios.compare import compare


def numbers_only(chart: Chart, folder: Path, pictures: bool = False) -> None:
    to_csv(chart.table, folder / f"{chart.name}.csv")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the pictures beside the page: drawing them takes most of the time."""
    monkeypatch.setattr(Chart, "save", numbers_only)


VOID = {"meta", "link", "br", "img", "input", "wbr"}


class Page(html.parser.HTMLParser):
    """Tags, attributes and text of a page, checked for balance."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def check(page: Page, source: str) -> None:
    """A page that asks the network for nothing and runs nothing."""
    names = {tag for tag, _ in page.tags}
    assert not names & {
        "script",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "foreignobject",
        "a:href",
    }
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("src", "href", "xlink:href", "action", "srcset"):
            value = attributes.get(name) or ""
            assert value.startswith(("#", "charts/", "data:,")) or value == "", (tag, value)
    assert "@import" not in source
    assert not re.search(r"url\((?!#)", source)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.fixture
def copied(full_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(full_run, tmp_path / full_run.name))


@pytest.mark.usefixtures("quick")
def test_the_report_answers_first_and_stands_alone(copied: Path) -> None:
    path = write_report(copied)
    source = path.read_text("utf-8")
    page = Page(source)
    check(page, source)
    assert path == copied / "report.html"
    assert source.index('id="answer"') < source.index('id="scenarios"') < source.index('id="method"')
    text = page.text
    for words in (
        "E-commerce department: scale up",
        "Very unlikely as it stands. The plan reaches all 6 targets together in",
        "Simulated in 48 futures, over 12 draws",
        "The hardest is repurchase within 365 days",
        "Against the status quo, the plan changes net sales by +CNY",
        "On futures it was not tuned to, the advice beats the plan as written: smoothed odds of the growth",
        "The advised plan, simulated again on fresh seeds, changes the odds of “All targets” by +11 points",
        "Change 1: Promotion",
        "What one more unit buys",
        "What one step of each lever does",
        "What each lever does over its whole range, the others as advised",
        "5 M (advice)",
        "Over the plan, under other evidence",
        "It stopped after 40 plans",
        "Plans were proposed by tree-structured Parzen estimators",
        "Odds of growth targets: the search saw a gain of +9 points; on futures it had not seen,",
        "What holds it back: acos <= 0.30.",
        "Not told by these figures",
        "initiatives.virtual_try_on",
        "Platform late",
        "sha256",
    ):
        assert words in text.replace("\u00a0", " "), words
    assert ("html", {"lang": "en"}) in page.tags
    tables = sum(tag == "table" for tag, _ in page.tags)
    assert tables == sum(tag == "caption" for tag, _ in page.tags) > 5
    drawings = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert all("aria-labelledby" in a or "aria-label" in a for a in drawings)


def test_the_report_joins_the_run_with_its_charts(copied: Path) -> None:
    (copied / "charts").mkdir()
    (copied / "charts" / "old.svg").write_text("old", encoding="utf-8")
    write_report(copied, pictures=True)
    names = {path.stem for path in (copied / "charts").iterdir()}
    assert {"odds", "differences", "fan-conversion", "channel-mix", "sources", "funnel", "budget"} <= names
    assert {"search-trials", "backtest-errors", "calibration-fit", "calibration-identified"} <= names
    assert "old" not in names
    source = (copied / "report.html").read_text("utf-8")
    for link in re.findall(r'href="(charts/[^"]+)"', source):
        assert (copied / link).is_file()
    files = store.open_run(copied).manifest["files"]
    assert {"report.html", "charts/odds.svg", "charts/odds.png", "charts/odds.csv"} <= set(files)


def test_pictures_for_slides_are_drawn_only_where_they_are_asked_for(copied: Path) -> None:
    write_report(keep(copied, "targets", "odds"))
    assert {path.suffix for path in (copied / "charts").iterdir()} == {".svg", ".csv"}


@pytest.mark.usefixtures("quick")
def test_the_same_run_gives_the_same_page(copied: Path) -> None:
    assert write_report(copied).read_bytes() == write_report(copied).read_bytes()


@pytest.mark.usefixtures("quick")
def test_the_report_speaks_chinese(copied: Path) -> None:
    page = Page(write_report(copied, "zh").read_text("utf-8"))
    assert ("html", {"lang": "zh-CN"}) in page.tags
    assert "转化率" in page.text
    assert "结论" in page.text


def keep(run: Path, *names: str) -> Path:
    for path in sorted(run.rglob("*"), reverse=True):
        inner = path.relative_to(run).as_posix()
        if path.is_file() and inner != "manifest.json" and not inner.startswith(names):
            path.unlink()
    return run


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("names", "sections"),
    [
        (("fit/",), {"fit", "method"}),
        (("backtest",), {"backtest", "method"}),
        (("backtest.json",), {"backtest", "method"}),
        (("search/",), {"answer", "search", "method"}),
        (("kpis",), {"answer", "scenarios", "months", "mix", "method"}),
        (("kpis", "targets"), {"answer", "scenarios", "months", "mix", "method"}),
        (("targets",), {"answer", "method"}),
        (("about",), {"risks", "open", "method"}),
        (("nothing",), {"method"}),
    ],
)
def test_a_report_is_made_of_what_there_is(copied: Path, names: tuple[str, ...], sections: set[str]) -> None:
    source = write_report(keep(copied, *names)).read_text("utf-8")
    check(Page(source), source)
    assert set(re.findall(r'<section id="(\w+)"', source)) == sections


@pytest.mark.usefixtures("quick")
def test_an_advice_is_told_against_the_plan(make_run: Callable[..., Path]) -> None:
    path = make_run(scenarios={"status_quo": 0.0, "plan": 1.0, "candidate_2": 1.1, "advice": 1.3})
    compared = compare(pd.read_parquet(path / "kpis.parquet"), "plan")
    compared.to_parquet(path / "compare.parquet")
    text = Page(write_report(path).read_text("utf-8")).text
    assert "The advice reaches all 6 targets together in" in text
    assert "Against the plan, the advice changes net sales" in text


@pytest.mark.usefixtures("quick")
def test_where_nothing_is_advised_the_first_page_draws_the_plan(make_run: Callable[..., Path]) -> None:
    path = make_run(scenarios={"status_quo": 0.0, "plan": 1.0, "candidate_1": 1.1})
    compare(pd.read_parquet(path / "kpis.parquet"), "plan").to_parquet(path / "compare.parquet")
    material = Material(store.open_run(path), "en")
    page = answer(material)
    assert page is not None and material.hardest is not None
    drawn = [one for block in page.blocks if isinstance(block, Figures) for one in block.charts]
    (fan,) = (one for one in drawn if one.name.startswith("fan-"))
    assert fan.title.startswith("The plan:")


@pytest.mark.usefixtures("quick")
def test_a_comparison_alone_is_a_report(copied: Path) -> None:
    source = write_report(keep(copied, "compare")).read_text("utf-8")
    page = Page(source)
    check(page, source)
    assert set(re.findall(r'<section id="(\w+)"', source)) == {"answer", "scenarios", "method"}
    assert "Against the status quo, the plan changes net sales" in page.text


@pytest.mark.usefixtures("quick")
def test_cautions_are_said_where_they_apply(make_run: Callable[..., Path]) -> None:
    path = make_run(scenarios={"plan": 1.0})
    manifest = (path / "manifest.json").read_text("utf-8")
    (path / "manifest.json").write_text(manifest.replace('"fit"', '"other"'), encoding="utf-8")
    kpis = pd.read_parquet(path / "kpis.parquet")
    kpis[(kpis["period_end"] < "2028-06-01") & (kpis["draw"] < 3)].to_parquet(path / "kpis.parquet")
    targets = pd.read_parquet(path / "targets.parquet")
    targets.loc[0, ["odds", "odds_low", "odds_high"]] = float("nan")
    targets["measured_on"] = pd.Timestamp("2028-05-31")
    targets.loc[1, "baseline"] = targets.loc[1, "target"]
    targets.to_parquet(path / "targets.parquet")
    (path / "fit").mkdir(exist_ok=True)
    (path / "fit" / "diagnostics.json").write_text('{"trust": "no", "findings": []}', encoding="utf-8")
    text = Page(write_report(path).read_text("utf-8")).text
    for words in (
        "No history was fitted",
        "fit is not to be trusted: mend what “How the market was fitted” names",
        "beyond the simulated months",
        "Not measured: conversion",
        "Reached before the plan begins, so that its odds say whether it is kept: ",
        "Futures simulated: only 12",
    ):
        assert words in text


@pytest.mark.usefixtures("quick")
def test_one_month_of_one_scenario_is_enough(make_run: Callable[..., Path]) -> None:
    path = keep(make_run(scenarios={"status_quo": 0.0}), "kpis")
    kpis = pd.read_parquet(path / "kpis.parquet")
    kpis[kpis["period_end"] == kpis["period_end"].min()].to_parquet(path / "kpis.parquet")
    source = write_report(path).read_text("utf-8")
    assert set(re.findall(r'<section id="(\w+)"', source)) == {"answer", "scenarios", "method"}


@pytest.mark.usefixtures("quick")
def test_hostile_text_is_only_ever_shown(make_run: Callable[..., Path]) -> None:
    script, image = "<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>"
    turned, maths = "\u202etxt.exe", "$\\frac{1}{2}$ {{ 7*7 }}"
    about = {
        "title": f"{script}{turned}",
        "currency": image,
        "question": maths,
        "not_modelled": [script, image, maths],
        "warnings": [{"message": script}],
        "risks": [{"name": script, "impact": image, "probability": "javascript:alert(1)"}],
    }
    path = make_run(
        scenarios={"status_quo": 0.0, script: 1.0, image: 0.8, maths: 0.5}, name=image, about=about
    )
    result = store.open_run(path).json("search/result") | {
        "message": script,
        "binding": [image],
        "best": {script: 0.4},
    }
    (path / "search" / "result.json").write_text(store_json(result), encoding="utf-8")
    source = write_report(path).read_text("utf-8")
    page = Page(source)
    check(page, source)
    assert "\u202e" not in source
    assert script in page.text
    assert "{{ 7*7 }}" in page.text
    assert "$\\frac{1}{2}$" in page.text
    for csv in (path / "charts").glob("*.csv"):
        assert not re.search(r'(^|,)"[=+@]', csv.read_text("utf-8"))


def store_json(value: object) -> str:
    import json

    return json.dumps(value)


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        write_report(tmp_path)


PROBE = """<script>document.title = "P" + [innerWidth, document.documentElement.scrollWidth].join("/");
parent.postMessage(document.title, "*")</script></body>"""
FRAME = """<body><pre id="said"></pre>
<iframe src="probe.html" style="border:0;width:390px;height:800px"></iframe>
<script>
onmessage = event => { document.getElementById("said").textContent = event.data }
</script>"""


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_a_phone_shows_the_page_without_sideways_scrolling(copied: Path, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium here")
    source = write_report(copied).read_text("utf-8")
    (tmp_path / "probe.html").write_text(source.replace("</body>", PROBE), encoding="utf-8")
    (tmp_path / "frame.html").write_text(FRAME, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom"]
    options += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=5000"]
    found = subprocess.run(
        [browser, *options, (tmp_path / "frame.html").as_uri()], capture_output=True, text=True, timeout=120
    )
    said = re.search(r">P(\d+)/(\d+)<", found.stdout)
    assert said is not None
    assert int(said[2]) <= int(said[1]) == 390


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Use this fit with care", "Most draws lie beyond the prior", "habit.decay")),
        ("zh", ("请谨慎使用这次校准", "多数抽样落在先验范围之外", "habit.decay")),
    ],
)
def test_a_fit_says_how_far_to_trust_it(copied: Path, lang: str, words: tuple[str, ...]) -> None:
    text = write_report(copied, lang).read_text(encoding="utf-8")
    assert all(one in text for one in words)


@pytest.mark.parametrize(
    ("tried", "said"), [(40, "What moves"), (5, "From 5 plans tried, the search cannot tell what moves")]
)
def test_what_moves_the_odds_is_told_where_enough_was_tried(copied: Path, tried: int, said: str) -> None:
    trials = pd.read_parquet(copied / "search" / "trials.parquet")
    trials.head(tried).to_parquet(copied / "search" / "trials.parquet")
    assert said in movers(Material(store.open_run(copied), "en"))[0]
