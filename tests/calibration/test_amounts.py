"""Numbers as spreadsheets write them: thousands where there is no doubt, nothing guessed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.history import load_history
from calibration.history.amounts import read_numbers
from calibration.history.draft import draft
from calibration.history.words import factor


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["1234.5", "-7", "1e3"], [1234.5, -7.0, 1000.0]),
        (["209,120.69", "1,234", "17"], [209_120.69, 1234.0, 17.0]),
        (["1,234,567", "-2,000"], [1_234_567.0, -2000.0]),
        (["1,234", "2,500"], [np.nan, np.nan]),  # may be decimal commas
        (["1,234.50", "12,5", "1.234,50", "many"], [1234.5, np.nan, np.nan, np.nan]),
    ],
)
def test_commas_part_thousands_only_where_a_value_leaves_no_doubt(
    written: list[str], meant: list[float]
) -> None:
    assert read_numbers(pd.Series(written)).to_numpy() == pytest.approx(meant, nan_ok=True)


def test_a_spreadsheets_export_is_drafted_and_loaded(tmp_path: Path) -> None:
    rows = [
        f'{2024 + i // 12}-{i % 12 + 1:02d},"{209_120.69 + i:,.2f}","{940_304.5 - i:,.2f}"' for i in range(24)
    ]
    text = "\n".join(["Month,Online sales (EUR),Stores (EUR)", *rows])
    (tmp_path / "sales.csv").write_text(text, encoding="utf-8")
    (tmp_path / "history.yaml").write_text(draft([tmp_path / "sales.csv"], tmp_path), encoding="utf-8")
    history = load_history(tmp_path / "history.yaml")
    assert set(history.channels) == {"online", "store"} and history.currency == "EUR"
    assert history.sales is not None
    assert history.sales["revenue"].sum() == pytest.approx(24 * (209_120.69 + 940_304.5))


def test_beside_a_sign_of_money_three_digits_are_thousands() -> None:
    assert read_numbers(pd.Series(["£412,345", "£98,000"])).tolist() == [412345.0, 98000.0]
    assert read_numbers(pd.Series(["12.345 €", "812 €"])).tolist() == [12345.0, 812.0]
    assert read_numbers(pd.Series(["12.5 €", "812 €"])).tolist() == [12.5, 812.0]
    assert read_numbers(pd.Series(["1,234"])).isna().all()  # without a sign it may be either


@pytest.mark.parametrize(
    ("name", "worth"),
    [("stores (EUR m)", 1e6), ("Umsatz T€", 1e3), ("sales $k", 1e3), ("sales eur monthly", 1.0)],
)
def test_a_unit_beside_a_currency_is_a_factor(name: str, worth: float) -> None:
    assert factor(name) == worth
