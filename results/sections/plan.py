"""Scenarios side by side, their months, and where sales and visits come from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from results import charts
from results.charts.dots import quantiles
from results.charts.operations import STEPS
from results.charts.scenarios import FUNNEL, relates
from results.language import better_sides, clean
from results.pages import Block, Cell, Figures, Material, Section, Table, Text, standing_still

if TYPE_CHECKING:
    import pandas as pd

KEY_FIGURES = (
    *(
        "net_sales",
        "orders",
        "operating_profit",
        "operating_margin",
        "online_share",
        "conversion",
        "organic_share",
    ),
    *(
        "traffic_cost",
        "cac",
        "paid_roi",
        "acos",
        "repurchase_365",
        "value_per_user",
        "active_customers",
        "satisfaction",
    ),
)
FANS = 6
DIFFERENCES = 8
SOURCES = 6


def side_by_side(material: Material) -> Section | None:
    """Return last-year figures of every scenario with what each changes."""
    last, language = material.last, material.language
    if last is None:
        return None
    keys = figures(material)
    blocks: list[Block] = [comparison(material, keys)]
    pictures: list[charts.Chart] = []
    steps = last[last["kpi"].isin(FUNNEL)]
    compared = material.compared
    if compared is not None:
        rows = compared[compared["kpi"].isin(keys)]
        order = {key: place for place, key in enumerate(keys)}
        rows = rows.iloc[rows["kpi"].map(order).argsort(kind="stable")]
        few = rows[rows["kpi"].isin(keys[:DIFFERENCES])]
        pictures.append(charts.differences(few, language, sides(material), material.base))
        blocks += _pairing(material, rows)
    if steps["kpi"].nunique() > 1 and material.kpis is not None:
        pictures.append(charts.funnel(steps, language, material.base))
    if (steps := _steps(material)) is not None:
        pictures.append(charts.channel_funnel(steps, language, material.lead))
    blocks += [Figures(pictures)] if pictures else []
    return Section("scenarios", language.say("section.scenarios"), blocks)


def _steps(material: Material) -> pd.DataFrame | None:
    """Return how far visits and carts come by online channel, under the lead over the last 365 days."""
    import pandas as pd
    import pyarrow.parquet as parquet

    path = material.run.path / "daily.parquet"
    measures = ("visits", "bounces", "carts", "checkouts", "submitted", "orders")
    if not path.is_file() or not {*measures, "date"} <= set(parquet.read_schema(path).names):
        return None
    mine = [("scenario", "==", material.lead), ("channel", "!=", "all")]
    columns = ["draw", "replicate", "date", "channel", *measures]
    days = pd.read_parquet(path, columns=columns, filters=mine)
    dates = pd.to_datetime(days["date"])
    days = days[dates > dates.max() - pd.Timedelta(days=365)].astype(dict.fromkeys(measures, float))
    sums = days.groupby(["draw", "replicate", "channel"], observed=True)[list(measures)].sum()
    sums = sums[(sums[["visits", "carts"]] > 0).all(axis=1)]  # nobody fills a cart in a store
    if sums.empty:
        return None
    sums["stayed"] = sums["visits"] - sums["bounces"]
    shares = sums[list(STEPS)] / sums[list(STEPS.values())].to_numpy()
    told = shares.rename_axis(columns="step").stack().rename("value").reset_index()
    return quantiles(told, ["channel", "step"])


def figures(material: Material) -> list[str]:
    """Return the indicators worth a line: the usual ones that anything moves, then those with a target."""
    assert material.last is not None
    known = set(material.last["kpi"])
    targets = material.targets
    due = list(targets["kpi"].unique()) if targets is not None else []
    idle = set() if material.compared is None else standing_still(material.compared) - set(due)
    return [key for key in dict.fromkeys([*KEY_FIGURES, *due]) if key in known - idle]


def sides(material: Material) -> dict[str, str]:
    """Return the better side by indicator, as the registry or else the targets say."""
    targets = material.targets
    told = dict(zip(targets["kpi"], targets["better"], strict=True)) if targets is not None else {}
    return {**told, **better_sides()}


def comparison(material: Material, keys: list[str]) -> Table:
    """Return indicators of the last year by scenario, and what each scenario changes in them."""
    last, language = material.last, material.language
    assert last is not None
    cells = last.set_index(["scenario", "kpi"])
    changes = material.compared
    if changes is not None:
        changes = changes.drop_duplicates(["scenario", "kpi"]).set_index(["scenario", "kpi"])
    better = sides(material)
    columns = [name for name in material.scenarios if name == material.base]
    columns += [name for name in material.scenarios if name != material.base]
    rows: list[list[Cell | str]] = []
    for key in keys:
        row: list[Cell | str] = [language.kpi(key)]
        for name in columns:
            if (name, key) not in cells.index:
                row.append("–")
                continue
            line = cells.loc[(name, key)]
            known = math.isfinite(line["p10"])
            small = language.band(line["p10"], line["p90"], line["unit"]) if known else ""
            tone = ""
            if changes is not None and (name, key) in changes.index:
                small, tone = _change(material, changes.loc[(name, key)], better.get(key, "none"))
            row.append(Cell(language.estimate(line["p50"], line["unit"]), small, tone))
        rows.append(row)
    head = [language.say("scenarios.indicator"), *[clean(language.scenario(name), 40) for name in columns]]
    base = language.the(material.base)
    key = "scenarios.caption" if changes is not None else "scenarios.caption_plain"
    return Table(language.say(key, base=base), head, rows, range(1, len(head)))


def _change(material: Material, row: Any, side: str) -> tuple[str, str]:
    """Return the change in words, and whether it is surely good or bad."""
    language = material.language
    size = row["base_value"]
    if row["unit"] != "share" and relates(size, row["difference"]):
        text = language.change(row["difference"] / size)
        band = language.change_band(row["low"] / size, row["high"] / size)
    else:
        text = language.estimate(row["difference"], row["unit"], signed=True)
        band = language.band(row["low"], row["high"], row["unit"], signed=True)
    text = f"{text}\n{band}" if math.isfinite(row["low"]) else text
    if side not in ("higher", "lower") or not (row["low"] > 0 or row["high"] < 0):
        return text, ""
    return text, "good" if (row["difference"] > 0) == (side == "higher") else "bad"


def _pairing(material: Material, rows: pd.DataFrame) -> list[Block]:
    ratio = rows["variance_ratio"].replace([math.inf], math.nan).dropna()
    if "paired" in rows and not rows["paired"].all():
        return [Text(material.language.say("scenarios.unpaired"), "mind")]
    if ratio.empty:
        return []
    return [
        Text(
            material.language.say("scenarios.ratio", ratio=material.language.number(ratio.median())), "small"
        )
    ]


def over_time(material: Material) -> Section | None:
    """Return fans of the promised indicators and of sales."""
    kpis, language = material.kpis, material.language
    if kpis is None or not material.has_months:
        return None
    targets, told = material.targets, material.hardest
    mine = (
        targets[targets["scenario"] == material.lead].drop_duplicates("kpi") if targets is not None else None
    )
    promised = {row["kpi"]: row for _, row in mine.iterrows()} if mine is not None else {}
    known = set(kpis.loc[kpis["value"].notna(), "kpi"])
    keys = [key for key in dict.fromkeys(["net_sales", *promised, *KEY_FIGURES[1:]]) if key in known]
    keys = [key for key in keys if told is None or key != told["kpi"]]
    most = max(FANS, len(promised))
    fans = [charts.fan(kpis, key, language, promised.get(key), material.base) for key in keys[:most]]
    return Section("months", language.say("section.months"), [Figures(fans)]) if fans else None


def mixture(material: Material) -> Section | None:
    """Return the channel mix, the sources of visits and the funnel."""
    language, made = material.language, []
    channels = _channels(material)
    if channels is not None:
        channels = material.in_order(channels)
        made.append(charts.mix(channels, language, "channel-mix", language.say("whole.sales"), material.base))
    sources = _sources(material)
    if sources is not None:
        whole, sources = language.say("whole.visits"), material.in_order(sources)
        made.append(charts.mix(sources, language, "sources", whole, material.base, label="source"))
    return Section("mix", language.say("section.mix"), [Figures(made)]) if made else None


def _channels(material: Material) -> pd.DataFrame | None:
    kpis = material.kpis
    if kpis is None:
        return None
    rows = kpis[(kpis["channel"] != "all") & (kpis["kpi"] == "net_sales") & ~kpis["year"]]
    if rows["channel"].nunique() < 2 or rows["period_end"].nunique() < 3:
        return None
    means = rows.groupby(["scenario", "period_end", "channel"], observed=True)["value"].mean().clip(lower=0)
    return means.reset_index().rename(columns={"channel": "part"})


def _sources(material: Material) -> pd.DataFrame | None:
    """Return monthly visits by source, the small ones together."""
    import pandas as pd
    import pyarrow.parquet as parquet

    path = material.run.path / "daily.parquet"
    if not path.is_file():
        return None
    measures = [name for name in parquet.read_schema(path).names if name.startswith("visits_")]
    if len(measures) < 2:
        return None
    columns = ["scenario", "date", "channel", *measures]
    days = pd.read_parquet(path, columns=columns, filters=[("channel", "==", "all")])
    month = pd.to_datetime(days["date"]).dt.to_period("M").dt.to_timestamp()
    sums = days.groupby([days["scenario"].astype(str), month.rename("period_end")])[measures].sum()
    if sums.index.get_level_values(1).nunique() < 3 or not sums.to_numpy().sum() > 0:
        return None
    large = sums.sum().sort_values(ascending=False).index
    kept = list(large[: SOURCES - 1]) if len(large) > SOURCES else list(large)
    parts = sums[kept].rename(columns=lambda name: name.removeprefix("visits_"))
    if len(kept) < len(large):
        parts["other"] = sums.drop(columns=kept).sum(axis=1)
    return parts.rename_axis(columns="part").stack().rename("value").reset_index()
