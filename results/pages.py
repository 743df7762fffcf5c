"""The parts a report is made of: sections of paragraphs, tables, counts out of a hundred and charts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from results.charts import Chart
from results.language import Language
from results.targets import BASE, Target

if TYPE_CHECKING:
    import pandas as pd

    from results.shelf import Run

YEAR_DAYS = 360


@dataclass(frozen=True)
class Cell:
    """A table's cell: what it says, small print under it, and whether that is good or bad news."""

    text: str
    small: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """A table with its caption; ``numbers`` tells which columns are set right."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    numbers: Sequence[int] = ()
    kind: str = "table"


@dataclass(frozen=True)
class Counts:
    """Futures out of a hundred, one dot each."""

    items: Sequence[tuple[str, float, str]]
    kind: str = "counts"


@dataclass(frozen=True)
class Text:
    """A paragraph (``say``), a warning (``mind``) or small print (``small``)."""

    text: str
    kind: str = "say"


@dataclass(frozen=True)
class Points:
    """A list."""

    items: Sequence[str]
    kind: str = "points"


@dataclass(frozen=True)
class Figures:
    """Charts side by side where there is room."""

    charts: Sequence[Chart]
    kind: str = "charts"


Block = Table | Counts | Text | Points | Figures


@dataclass(frozen=True)
class Section:
    """A headed part of the report."""

    key: str
    title: str
    blocks: list[Block] = field(default_factory=list)


class Material:
    """What a run holds, read once, with what every section asks of it.

    Parameters
    ----------
    run
        The finished run.
    lang
        ``"en"`` or ``"zh"``.
    """

    def __init__(self, run: Run, lang: str) -> None:
        self.run = run
        about, experiment = run.json("about"), run.json("experiment")
        self.about: dict[str, Any] = dict(about) if isinstance(about, dict) else {}
        if isinstance(experiment, dict) and "not_modelled" not in self.about:
            self.about["not_modelled"] = [
                f"targets.{kpi}" for kpi in experiment.get("targets_not_modelled", ())
            ]
        parameters = run.manifest.get("parameters", {})
        currency = self.about.get("currency") or parameters.get("currency") or ""
        self.language = Language(lang, str(currency))

    @property
    def of_history(self) -> bool:
        """Whether the market was fitted to a history, and not to the plan's own starting figures."""
        manifest = self.run.manifest
        return manifest.get("verb") in ("calibrate", "backtest") or bool(
            {"fit", "history"} & set(manifest.get("inputs", {}))
        )

    def frame(self, name: str) -> pd.DataFrame | None:
        """Return a table if the run has it with any rows."""
        if not self.run.has(name):
            return None
        table = self.run.read(name)
        return None if table.empty else table

    def in_order(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table with its scenarios in the run's order, so that each has one colour in all charts."""
        place = {name: number for number, name in enumerate(self.scenarios)}
        ranks = table["scenario"].astype(str).map(place).fillna(len(place))
        return table.iloc[ranks.argsort(kind="stable")].reset_index(drop=True)

    @cached_property
    def kpis(self) -> pd.DataFrame | None:
        """Indicators with dates as dates and scenarios as text."""
        import pandas as pd

        table = self.frame("kpis")
        if table is None:
            return None
        dates = {column: pd.to_datetime(table[column]) for column in ("period_start", "period_end")}
        days = (dates["period_end"] - dates["period_start"]).dt.days
        return table.assign(**dates, scenario=table["scenario"].astype(str), year=days >= YEAR_DAYS)

    @cached_property
    def targets(self) -> pd.DataFrame | None:
        """Odds of targets, with every column `results.targets.attainment` writes."""
        import numpy as np

        table = self.frame("targets")
        if table is None:
            return None
        absent = {"odds_low": np.nan, "odds_high": np.nan, "group": "growth", "gap": np.nan, "gap_unit": ""}
        absent |= {"better": "higher", "assumed": False, "measured_on": np.datetime64("NaT", "us")}
        return table.assign(**{name: value for name, value in absent.items() if name not in table})

    @cached_property
    def scenarios(self) -> list[str]:
        """Scenarios in the order they are told."""
        from results.charts.style import ordered

        for table in (self.kpis, self.targets):
            if table is not None:
                return ordered(list(table["scenario"].unique()), self.base)
        compared = self.compared
        if compared is None:
            return []
        return ordered([*compared["scenario"].unique(), self.base], self.base)

    @cached_property
    def base(self) -> str:
        """The scenario others are compared with."""
        compared = self.frame("compare")
        return str(compared["base"].iloc[0]) if compared is not None else BASE

    @property
    def lead(self) -> str:
        """The scenario the report is about: a search's advice, the plan, else the first not the base."""
        return next((name for name in ("advice", "plan") if name in self.scenarios), self.scenarios[0])

    @property
    def has_months(self) -> bool:
        """Whether there are enough periods for a line."""
        return self.kpis is not None and self.kpis["period_end"].nunique() >= 3

    @cached_property
    def hardest(self) -> pd.Series | None:
        """The lead's target with the worst odds, where it has several."""
        if self.targets is None:
            return None
        known = self.targets[(self.targets["scenario"] == self.lead) & self.targets["odds"].notna()]
        return known.loc[known["odds"].idxmin()] if len(known) > 1 else None

    @cached_property
    def last(self) -> pd.DataFrame | None:
        """p10, p50, p90 and unit by scenario and indicator over the last year (or month), whole retailer."""
        if self.kpis is None:
            return self._last_compared()
        rows = self.kpis[self.kpis["channel"] == "all"]
        if rows["year"].any():
            rows = rows[rows["year"]]
        rows = rows[rows["period_end"] == rows["period_end"].max()]
        groups = rows.groupby(["scenario", "kpi", "unit"], sort=False)["value"]
        table = groups.quantile([0.1, 0.5, 0.9]).unstack().set_axis(["p10", "p50", "p90"], axis=1)
        return table.dropna(subset="p50").reset_index()

    def _last_compared(self) -> pd.DataFrame | None:
        """The same from a comparison alone, which knows means and no bands."""
        import numpy as np
        import pandas as pd

        rows = self.compared
        if rows is None:
            return None
        base = rows.drop_duplicates("kpi").assign(scenario=self.base, value=lambda table: table["base_value"])
        table = pd.concat([base, rows])[["scenario", "kpi", "unit", "value"]].rename(columns={"value": "p50"})
        return table.assign(p10=np.nan, p90=np.nan)

    @cached_property
    def compared(self) -> pd.DataFrame | None:
        """The comparison's rows of the same last period."""
        import pandas as pd

        table = self.frame("compare")
        if table is None or not {"base_value", "value", "period_start"} <= set(table.columns):
            return None
        ends, starts = pd.to_datetime(table["period_end"]), pd.to_datetime(table["period_start"])
        long = (ends - starts).dt.days >= YEAR_DAYS
        keep = long if long.any() else ~long
        table, ends = table[keep], ends[keep]
        return table[ends == ends.max()]

    @cached_property
    def together(self) -> pd.DataFrame | None:
        """Joint odds by scenario."""
        import pandas as pd

        from results.targets import odds_together

        told = self.frame("odds")
        if told is not None and {"scenario", "odds_all_low", "targets_measured"} <= set(told.columns):
            return told.set_index("scenario")
        if self.kpis is None or self.targets is None:
            return None
        promised = self.targets.drop_duplicates(["kpi", "date", "target", "group"])
        targets = [
            Target(
                row["kpi"],
                row["target"],
                None,
                pd.Timestamp(row["date"]).date(),
                row["group"],
                row["baseline"],
            )
            for _, row in promised.iterrows()
        ]
        better = dict(zip(promised["kpi"], promised["better"], strict=True))
        return odds_together(self.kpis, targets, better).set_index("scenario")


def number_in(value: Any) -> float:
    """Return a number that a file holds, not-a-number where it holds something else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def standing_still(compared: pd.DataFrame) -> set[str]:
    """Return indicators that no scenario moves in any future, such as the online share without stores.

    Too few futures to tell (an interval that is missing) is not standing still.
    """
    moved = (compared[["difference", "low", "high"]].fillna(1.0) != 0.0).any(axis=1)
    return set(map(str, compared["kpi"])) - set(map(str, compared.loc[moved, "kpi"]))
