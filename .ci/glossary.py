"""``docs/glossary.md``: the words of tables and reports in English and Chinese, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

TERMS = (  # English, Chinese, what is meant
    ("omnichannel", "全渠道", "stores and online channels as one business"),
    ("online-merge-offline (OMO)", "线上线下融合", "the same, as the field calls it"),
    ("private domain", "私域", "customers reached without paying a platform: members, groups, messages"),
    ("conversion", "转化率", "orders over visits"),
    ("basket", "客单价", "net of discounts, an order"),
    ("repurchase", "复购率", "share of last year's buyers who buy again within 365 days"),
    ("acquisition cost (CAC)", "获客成本", "media money over new customers"),
    (
        "return on advertising (ROAS)",
        "广告支出回报率",
        "net sales over media money; attributed sales only: 付费投产比",
    ),
    ("advertising cost of sales (ACoS)", "广告销售成本比", "paid media money over the sales credited to it"),
    ("scenario", "方案", "a plan, or what is changed in it; today's is the status quo (维持现状)"),
    (
        "future",
        "推演",
        "one draw of the uncertain parameters and one stream of luck, lived through by every scenario",
    ),
    ("odds", "达成概率", "share of futures that reach a target"),
    ("80 % range", "80%区间", "eight of ten futures lie within"),
    ("95 % interval", "95%区间", "where the mean, or the odds, lie with 95 % confidence"),
    ("lever", "杠杆", "a line of a plan that can be moved by itself"),
    ("calibration, fit", "校准", "finding parameters under which the market repeats a history"),
    ("prior", "先验", "what is believed of a parameter before the history is seen, from the literature"),
    ("backtest", "回测", "forecasts of a history's own past, made blind"),
    ("sweep, point of a design", "扫描、设计点", "a plan at many settings; one of them"),
    ("advice", "建议方案", "the plan a search found, held against the plan as written on fresh futures"),
)
UNITS = {"share": "%", "currency": "money", "count": "number"}


def text() -> str:
    """Return the page."""
    from results.phrases.sections import SECTIONS
    from results.phrases.words import SOURCES
    from sim.indicators import INDICATORS

    titles = [entry for key, entry in SECTIONS.items() if key.startswith("section.")]
    kinds = ((i.key, i.en, i.zh, UNITS.get(i.unit, i.unit)) for i in INDICATORS.values())
    parts = [
        "# Glossary 词汇表\n",
        "Written by `make schema` from the catalogue (`results/phrases/`) and `sim/indicators.py`.\n",
        "`--lang zh` says help, tables, progress, reports and the usual mistakes in input in Chinese. The",
        "names of a plan's own channels, parameters and lines (`policies.promotion.depth`) stay as typed.\n",
        "## Terms\n",
        *_table(("English", "中文", "Meaning"), TERMS),
        "## Indicators\n",
        *_table(("Key", "English", "中文", "Unit"), ((f"`{key}`", *rest) for key, *rest in kinds)),
        "## Sources of visits\n",
        *_table(
            ("Key", "English", "中文"),
            (
                (f"`{key.removeprefix('source.')}`", e["en"], e["zh"])
                for key, e in SOURCES.items()
                if "source." in key
            ),
        ),
        "## Parts of a report\n",
        *_table(("English", "中文"), ((entry["en"], entry["zh"]) for entry in titles)),
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]
