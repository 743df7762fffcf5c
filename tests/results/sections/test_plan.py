"""Scenarios side by side: what nothing moves has no line."""

from __future__ import annotations

from collections.abc import Callable

from results.pages import Material
from results.sections.plan import figures

Told = Callable[..., Material]


def test_what_stands_still_in_every_scenario_has_no_line_unless_it_is_a_target(told: Told) -> None:
    plain = told()
    rows = plain.frame("compare")
    assert rows is not None and plain.targets is not None
    due = set(plain.targets["kpi"])
    before = figures(plain)
    free = next(key for key in before if key not in due)
    aimed = next(key for key in before if key in due)
    still = rows["kpi"].isin([free, aimed])
    rows.loc[still, ["difference", "low", "high"]] = 0.0
    assert figures(told(compare=rows)) == [key for key in before if key != free]
    rows.loc[still, ["low", "high"]] = float("nan")  # too few futures to tell is not standing still
    assert figures(told(compare=rows)) == before
