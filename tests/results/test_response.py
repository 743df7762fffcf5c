from __future__ import annotations

import pandas as pd

from results import charts
from results.language import Language


def test_answers_outside_the_literature_are_counted_out() -> None:
    rows = [("price elasticity", "store", -4.0, -2.6, -1.5, -7.0, -2.1),
            ("price elasticity", "own_site", -4.0, -2.6, -1.5, -2.0, -5.0),
            ("a day faster", "all", 0.0, 0.02, 0.03, 0.01, 0.02)]  # fmt: skip
    columns = ["lever", "channel", "low", "central", "high", "before", "after"]
    made = charts.responses(pd.DataFrame(rows, columns=columns), Language())
    assert made.title.startswith("After the fit 2 of 3 answers")
    assert list(made.table["inside"]) == [True, False, True]
    assert "Price elasticity" in made.svg
