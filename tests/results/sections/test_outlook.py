"""The page warns at its top where a plan and the history it was joined to are far apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from results import store
from results.pages import Material
from results.sections.answer import cautions


def joined(ratio: float, level: bool = True) -> pd.DataFrame:
    months = [f"2027-{month:02d}" for month in range(1, 13)]
    market = np.full(12, 100.0)
    columns = {"month": months, "outlook": ratio * market, "market": market, "level": level}
    return pd.DataFrame(columns).assign(draw=0, factor=1.0, population=ratio)


@pytest.mark.parametrize(("lang", "said"), [("en", "4.6 times"), ("zh", "4.6倍")])
def test_the_first_page_warns_of_a_history_far_above_the_plans_market(
    make_run: Callable[..., Path], lang: str, said: str
) -> None:
    run = make_run()

    def told(table: pd.DataFrame | None) -> list[str]:
        with store.amend(run) as folder:
            folder.table("fit/outlook", pd.DataFrame({"path": [0], "month": ["2027-01"], "value": [1.0]}))
            if table is not None:
                folder.table("fit/joined", table)
        return cautions(Material(store.open_run(run), lang))

    apart, far, near = told(None), told(joined(4.6)), told(joined(1.1))
    assert any(said in sentence for sentence in far)
    assert len(far) == len(near) + 1 == len(apart)
    assert told(joined(4.6, level=False)) != far
