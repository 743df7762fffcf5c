"""Dates as people spell them: read where one day alone can be meant, or in the order a mapping says."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.history import load_history
from calibration.history.spelling import as_iso, likely_order
from results.problems import BadInput

HEAD = "name: shop\ncurrency: EUR\ntables:\n"


@pytest.mark.parametrize(
    ("spelt", "meant"),
    [
        ("2023/1/5", "2023-01-05"),
        ("2023-1-5", "2023-01-05"),
        ("2023.01.05 10:00", "2023-01-05 10:00"),
        ("2023/10", "2023-10"),
        ("2023年10月", "2023-10"),
        ("2023年1月5日", "2023-01-05"),
        ("1 Oct 2023", "2023-10-01"),
        ("01-OCT-2023", "2023-10-01"),
        ("October 2023", "2023-10"),
        ("Sept. 2023", "2023-09"),
        ("Fooember 2023", "Fooember 2023"),
        ("2023Q1", "2023Q1"),
        ("20230105", "20230105"),
        ("05/01/2023", "05/01/2023"),
        ("", ""),
    ],
)
def test_one_meaning(spelt: str, meant: str) -> None:
    assert as_iso(pd.Series([spelt], dtype="str")).tolist() == [meant]


@given(st.lists(st.dates(), min_size=1))
def test_both_orders_are_read_back(days: list[object]) -> None:
    frame = pd.DataFrame({"day": pd.Series([f"{day:%Y-%m-%d}".zfill(10) for day in days], dtype="str")})
    year, month, day = (frame["day"].str.split("-").str[part] for part in range(3))
    assert as_iso(day + "/" + month + "/" + year, "day_first").tolist() == frame["day"].tolist()
    assert as_iso(month + "/" + day + "/" + year, "month_first").tolist() == frame["day"].tolist()


@pytest.mark.parametrize(
    ("dates", "order", "sure"),
    [
        (["13/01/2023", "02/01/2023"], "day_first", True),
        (["01/13/2023", "01/02/2023"], "month_first", True),
        (["01/10/2023", "01/11/2023", "01/12/2023"], "day_first", False),
        (["10/01/2023", "11/01/2023", "12/01/2023"], "month_first", False),
        (["05/03/2023", "06/03/2023", "07/03/2023"], "day_first", False),
        (["03.04.2021"], "day_first", False),
    ],
)
def test_the_likely_order(dates: list[str], order: str, sure: bool) -> None:
    found = likely_order(pd.Series(dates, dtype="str"))
    assert found is not None
    assert (found.order, found.sure) == (order, sure)


def test_no_order_where_the_year_comes_first() -> None:
    assert likely_order(pd.Series(["2023-01-05", "2023/2/5"], dtype="str")) is None


@pytest.mark.parametrize(("order", "first"), [("day_first", "2023-02-01"), ("month_first", "2023-01-02")])
def test_a_mapping_says_the_order(tmp_path: Path, order: str, first: str) -> None:
    (tmp_path / "s.csv").write_text("day,eur\n01/02/2023,1\n01/03/2023,2\n")
    mapping = tmp_path / "history.yaml"
    table = f"  sales: {{file: s.csv, dates: {order}, columns: {{date: day, revenue: eur}}}}\n"
    mapping.write_text(HEAD + table)
    assert str(load_history(mapping).calendar.first) == first


def test_an_open_order_is_refused_and_the_remedy_told(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("day,eur\n01/02/2023,1\n01/03/2023,2\n")
    mapping = tmp_path / "history.yaml"
    mapping.write_text(HEAD + "  sales: {file: s.csv, columns: {date: day, revenue: eur}}\n")
    with pytest.raises(BadInput, match="dates: day_first, or dates: month_first"):
        load_history(mapping)


def test_a_day_the_order_makes_impossible_is_named(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("day,eur\n01/02/2023,1\n13/03/2023,2\n")
    mapping = tmp_path / "history.yaml"
    mapping.write_text(
        HEAD + "  sales: {file: s.csv, dates: month_first, columns: {date: day, revenue: eur}}\n"
    )
    with pytest.raises(BadInput, match="no day of the calendar"):
        load_history(mapping)


@pytest.mark.parametrize(
    ("spelt", "iso"),
    [
        ("06/2022", "2022-06"),
        ("6.2022", "2022-06"),
        ("févr. 2024", "2024-02"),
        ("août 2024", "2024-08"),
        ("Mai 2024", "2024-05"),
        ("März 2024", "2024-03"),
        ("12 dic 2024", "2024-12-12"),
        ("ottobre 2024", "2024-10"),
        ("Q3 2021", "2021Q3"),
        ("2021-T3", "2021Q3"),
        ("2024-W05", "2024-01-29"),
        ("KW 1/2021", "2021-01-04"),
        ("2021-W53", "2021-W53"),
        ("Marktplatz 2024", "Marktplatz 2024"),
    ],
)
def test_months_quarters_and_weeks_of_other_countries(spelt: str, iso: str) -> None:
    assert as_iso(pd.Series([spelt]))[0] == iso
