"""Money: from gross sales to profit, what an order leaves in each channel, budget against spending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from results import charts
from results.charts.money import purpose
from results.language import Language, clean
from results.pages import Block, Cell, Figures, Material, Section, Table, Text

if TYPE_CHECKING:
    import pandas as pd

FUTURE = ["scenario", "draw", "replicate"]
LINES = ("gross_sales", "discounts", "returned_sales", "goods", "commission", "fulfilment")
PER_ORDER = ("net_sales", "goods", "commission", "fulfilment", "margin")
YEAR_DAYS = 365


def money(material: Material) -> Section | None:
    """Return the waterfall, unit economics by channel, and the budget; each as far as the run tells."""
    language, blocks, pictures = material.language, list[Block](), list[charts.Chart]()
    days = last_year(material)
    if days is not None:
        steps = _steps(material, days)
        if steps is not None:
            pictures.append(charts.waterfall(*steps))
    spent = _spent(material)
    if spent is not None:
        pictures.append(charts.spending(spent, language, material.lead))
    if pictures:
        blocks.append(Figures(pictures))
    if days is not None:
        blocks += [_per_order(material, days), Text(language.say("money.about"), "small")]
    if spent is not None:
        blocks.append(_budget_table(material, spent))
    return Section("money", language.say("section.money"), blocks) if blocks else None


def last_year(material: Material) -> pd.DataFrame | None:
    """Return money by scenario, future and channel over the last 365 days, as far as days were kept."""
    import pandas as pd
    import pyarrow.parquet as parquet

    path = material.run.path / "daily.parquet"
    if not path.is_file() or material.kpis is None:
        return None
    known = parquet.read_schema(path).names
    measures = [name for name in known if name in {*LINES, *PER_ORDER, "orders"}]
    measures += [name for name in known if name.startswith(("spend_", "invest_"))]
    if not {*LINES, *PER_ORDER, "orders"} <= set(measures):
        return None
    table = pd.read_parquet(path, columns=[*FUTURE, "date", "channel", *measures])
    dates = pd.to_datetime(table["date"])
    table = table[dates > dates.max() - pd.Timedelta(days=YEAR_DAYS)]
    return (
        table.astype(dict.fromkeys(measures, float))
        .groupby([*FUTURE, "channel"], observed=True)[measures]
        .sum()
    )


def _steps(
    material: Material, days: pd.DataFrame
) -> tuple[pd.DataFrame, Language, str, tuple[float, float]] | None:
    """Return the waterfall's steps of the lead, mean over futures, and its profit's p10 and p90."""
    import pandas as pd

    assert material.kpis is not None
    kpis = material.kpis
    rows = kpis[(kpis["kpi"] == "operating_profit") & (kpis["channel"] == "all") & kpis["year"]]
    rows = rows[(rows["scenario"] == material.lead) & (rows["period_end"] == rows["period_end"].max())]
    mine = days.loc[material.lead] if material.lead in days.index.get_level_values(0) else days.iloc[:0]
    rows = rows.set_index(FUTURE[1:])["value"].dropna()
    kept = rows.index.intersection(mine.index.droplevel("channel"))
    if not len(kept):
        return None
    profit = rows.loc[kept]
    shops = mine[mine.index.get_level_values("channel") != "all"].groupby(FUTURE[1:]).sum().loc[kept].mean()
    whole = mine.xs("all", level="channel").loc[kept].mean()
    steps = {"gross_sales": shops["gross_sales"]} | {name: -shops[name] for name in LINES[1:]}
    for step, columns in purposes(list(whole.index)).items():
        steps[step] = -float(whole[columns].sum())
    steps["rest"] = float(profit.mean()) - sum(steps.values())
    steps["operating_profit"] = float(profit.mean())
    told = pd.DataFrame({"step": list(steps), "value": [float(value) for value in steps.values()]})
    told = told[(told["value"].abs() > 0) | (told["step"] == "operating_profit")].reset_index(drop=True)
    low, high = profit.quantile([0.1, 0.9])
    return told, material.language, material.lead, (float(low), float(high))


def purposes(columns: list[str]) -> dict[str, list[str]]:
    """Return which columns of daily money are spent on marketing, technology and the team."""
    from sim.retailer.money import TEAM, TECHNOLOGY
    from sim.setup import CAPABILITIES

    parts = {"technology": CAPABILITIES[TECHNOLOGY], "team": CAPABILITIES[TEAM]}
    found = {"marketing": [name for name in columns if name.startswith("spend_")]}
    return found | {
        part: [f"invest_{name}" for name in names if f"invest_{name}" in columns]
        for part, names in parts.items()
    }


def _per_order(material: Material, days: pd.DataFrame) -> Table:
    """Return what an order brings and costs by channel, with the margin of every scenario."""
    language, say = material.language, material.language.say
    shops = days[days.index.get_level_values("channel") != "all"]
    total = shops.groupby(FUTURE).sum().assign(channel="all").set_index("channel", append=True)
    import pandas as pd

    table = pd.concat([shops, total])
    each = table[list(PER_ORDER)].div(table["orders"].where(table["orders"] > 0), axis=0)
    names = [*dict.fromkeys(shops.loc[material.lead].index.get_level_values("channel")), "all"]
    others = [name for name in material.scenarios if name != material.lead][:3]
    rows: list[list[Cell | str]] = []
    for channel in names:
        mine = each.xs((material.lead, channel), level=("scenario", "channel"))
        low, high = mine["margin"].quantile([0.1, 0.9])
        label = say("money.whole") if channel == "all" else clean(language.spelt(channel), 30)
        row: list[Cell | str] = [Cell(label, "", "sum" if channel == "all" else "")]
        row += [language.estimate(float(mine[name].mean()), "currency") for name in PER_ORDER[:-1]]
        row.append(
            Cell(
                language.estimate(float(mine["margin"].mean()), "currency"),
                language.band(low, high, "currency"),
            )
        )
        for other in others:
            known = (other, channel) in table.index.droplevel(FUTURE[1:])
            theirs = each.xs((other, channel), level=("scenario", "channel"))["margin"] if known else None
            row.append("–" if theirs is None else language.estimate(float(theirs.mean()), "currency"))
        rows.append(row)
    head = [say("money.channel"), *(say(f"money.{name}") for name in PER_ORDER)]
    head += [say("money.margin_of", scenario=clean(language.scenario(name), 30)) for name in others]
    return Table(say("money.caption", scenario=language.the(material.lead)), head, rows, range(1, len(head)))


def _spent(material: Material) -> pd.DataFrame | None:
    """Return what the lead budgeted and spent on each purpose, all months together."""
    table = material.frame("budget")
    if table is None or not material.scenarios:
        return None
    mine = table[(table["scenario"] == material.lead) & (table["kind"] == "purpose")]
    sums = (
        mine.astype({"actual": float}).groupby("name", sort=False)[["planned", "actual"]].sum().reset_index()
    )
    sums = sums[(sums[["planned", "actual"]] > 0).any(axis=1)]
    return sums if len(sums) else None


def _budget_table(material: Material, spent: pd.DataFrame) -> Table:
    """Return purposes, then lines, then incomes expected: planned, actual and how far apart."""
    language, say, table = material.language, material.language.say, material.frame("budget")
    assert table is not None
    mine = table[(table["scenario"] == material.lead) & (table["kind"] != "purpose")].astype(
        {"actual": float}
    )
    more = mine.groupby(["kind", "name"], sort=False)[["planned", "actual"]].sum(min_count=1).reset_index()
    rows: list[list[Cell | str]] = []
    kinds = len(more) > 0  # purposes alone need not be called purposes line by line
    for line in [*spent.assign(kind="purpose").to_dict("records"), *more.to_dict("records")]:
        change = line["actual"] / line["planned"] - 1.0 if line["planned"] > 0 else float("nan")
        amounts = [
            language.amount(line["planned"], "currency"),
            language.estimate(line["actual"], "currency"),
        ]
        rows.append(
            [
                Cell(purpose(line["name"], language), say(f"money.kind.{line['kind']}") if kinds else ""),
                *amounts,
                language.change(change),
            ]
        )
    head = [say(f"money.{key}") for key in ("purpose", "planned", "actual", "variance")]
    return Table(say("money.budget", scenario=language.the(material.lead)), head, rows, range(1, 4))
