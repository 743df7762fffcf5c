"""Stock and service: what is there, how fast it comes, whether somebody answers, what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from results import charts
from results.charts.dots import quantiles
from results.pages import Block, Figures, Material, Section, Text
from results.sections.plan import comparison

if TYPE_CHECKING:
    import pandas as pd

# Stock first, then the way of an order, then what customers ask and send back.
FIGURES = (
    *("stockout_rate", "inventory_days", "supplier_on_time"),
    *("order_hours", "delivery_days", "on_time_rate"),
    *("response_rate", "booking_response", "complaint_rate", "return_rate"),
    *("service_cost", "labour_hours_per_order"),
)
BY_CHANNEL = ("stockout_rate", "return_rate")
OVER_TIME = ("inventory_days", "order_hours", "delivery_days", "response_rate")


def operations(material: Material) -> Section | None:
    """Return figures of stock and service, their channels and their months; names what is not followed."""
    last, language = material.last, material.language
    if last is None:
        return None
    known = set(last.loc[last["p50"].notna(), "kpi"])
    keys = [key for key in FIGURES if key in known]
    if not keys:
        return None
    pictures = [_by_channel(material, key) for key in BY_CHANNEL if key in known]
    pictures += [_over_time(material, key) for key in OVER_TIME if key in known]
    blocks: list[Block] = [comparison(material, keys)]
    if made := [picture for picture in pictures if picture is not None]:
        blocks.append(Figures(made))
    blocks.append(Text(language.say("operations.about"), "small"))
    if absent := [language.kpi_inline(key) for key in FIGURES if key not in known]:
        blocks.append(Text(language.say("operations.absent", kpis=language.listed(absent)), "small"))
    return Section("operations", language.say("section.operations"), blocks)


def _by_channel(material: Material, kpi: str) -> charts.Chart | None:
    """Return an indicator of the last year by channel, where it is known for several."""
    rows = last_rows(material, kpi)
    if rows is None or rows["channel"].nunique() < 2:
        return None
    rows = rows[rows["scenario"].isin(charts.some(material.scenarios, material.base))]
    table = quantiles(rows, ["channel", "scenario"])
    table = table.iloc[(table["channel"] == "all").argsort(kind="stable")]
    return charts.by_channel(table, kpi, str(rows["unit"].iloc[0]), material.language, material.base)


def last_rows(material: Material, kpi: str) -> pd.DataFrame | None:
    """Return an indicator's values over the last year (or month), by channel."""
    kpis = material.kpis
    if kpis is None:
        return None
    rows = kpis[(kpis["kpi"] == kpi) & kpis["value"].notna()]
    rows = rows[rows["year"]] if rows["year"].any() else rows
    return rows[rows["period_end"] == rows["period_end"].max()] if len(rows) else None


def _over_time(material: Material, kpi: str) -> charts.Chart | None:
    """Return an indicator's fan; those with a target have theirs among the months."""
    targets, kpis = material.targets, material.kpis
    if not material.has_months or kpis is None or (targets is not None and kpi in set(targets["kpi"])):
        return None
    known = kpis[(kpis["kpi"] == kpi) & (kpis["channel"] == "all")]
    return charts.fan(kpis, kpi, material.language, None, material.base) if len(known) else None
