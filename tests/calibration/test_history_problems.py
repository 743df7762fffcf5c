"""Histories that must be refused, each with file, row, column, value and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.history import load_history
from results.problems import BadInput, Problem

HEAD = "name: shop\ncurrency: GBP\ntables:\n"
SALES = (
    HEAD
    + "  sales: {file: s.csv, period: month, "
    + "columns: {date: month, channel: where, revenue: gbp, orders: n}}\n"
)
LOG = (
    HEAD
    + "  transactions: {file: s.csv, columns: {customer: who, date: day, amount: gbp}, "
    + "constants: {channel: online}}\n"
)
TABLE = "month,where,gbp,n\n" + "".join(f"2020-{m:02d},online,{100 + m},{m}\n" for m in range(1, 10))
ORDERS = "who,day,gbp\n" + "".join(f"{day % 3},2020-01-{day:02d},5.5\n" for day in range(1, 29))


def refused(folder: Path, mapping: str, table: str | bytes | None = TABLE) -> tuple[Problem, ...]:
    if table is not None:
        (folder / "s.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    path = folder / "history.yaml"
    path.write_text(mapping, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_history(path)
    return caught.value.problems


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "value"),
    [
        ("105", '"12,5o"', 6, "gbp", "12,5o"),
        ("105", "-105", 6, "gbp", "-105"),
        ("105", "inf", 6, "gbp", "inf"),
        ("105", "NaN", 6, "gbp", "NaN"),
        ("105", "1e30", 6, "gbp", "1e30"),
        ("105", "£1o5", 6, "gbp", "£1o5"),
        ("105,5", "105,-5", 6, "n", "-5"),
        ("2020-05", "2020-13", 6, "month", "2020-13"),
        ("2020-05", "2020-05-01", 6, "month", "2020-05-01"),
        ("2020-05", "13/2020", 6, "month", "13/2020"),
        ("2020-05", "", 6, "month", ""),
        ("2020-05", "2320-05", 6, "month", "2320-05"),
        ("05,online", "05,Online", 6, "where", "Online"),
        ("05,online", "05,", 6, "where", ""),
        ("05,online", "05,on.line", 6, "where", "on.line"),
        ("05,online", "05,all", 6, "where", "all"),
        ("2020-05", "2020-04", 6, "month", "2020-04-01 online"),
        ("105,5", "105", 6, "", "3 cells"),
        ("105,5", "105,5,5", 6, "", "5 cells"),
    ],
)
def test_one_bad_cell_is_named(tmp_path: Path, old: str, new: str, row: int, column: str, value: str) -> None:
    problems = refused(tmp_path, SALES, TABLE.replace(old, new))
    (problem,) = problems
    assert Path(problem.file).name == "s.csv"
    assert (problem.line, problem.field, problem.value) == (row, column, value)
    assert problem.expected
    assert problem.message


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    table = (
        TABLE.replace("102", "many")
        .replace("104", "-1")
        .replace("2020-07", "2020-07-32")
        .replace(",8\n", ",x\n")
    )
    found = {(problem.line, problem.field) for problem in refused(tmp_path, SALES, table)}
    assert found == {(3, "gbp"), (5, "gbp"), (8, "month"), (9, "n")}


def test_many_alike_are_capped_and_counted(tmp_path: Path) -> None:
    table = "month,where,gbp,n\n" + "".join(f"2020-01,c{i},oops,1\n" for i in range(90))
    problems = refused(tmp_path, SALES, table)
    assert len(problems) == 21
    assert problems[-1].line is None
    assert "90 rows" in problems[-1].message


@pytest.mark.parametrize(
    ("date", "says"),
    [
        ("03/04/2021", "may be day before month"),
        ("3.4.21", "which number is the year"),
        ("2023-02-30", "is no day of the calendar"),
        ("44197", "is not a date"),
        ("yesterday", "is not a date"),
        ("1066-10-14", "too far from today"),
        ("1970-01-01", "years away"),
    ],
)
def test_dates_that_cannot_be_meant(tmp_path: Path, date: str, says: str) -> None:
    problems = refused(tmp_path, LOG, ORDERS.replace("2020-01-07", date))
    assert [problem.line for problem in problems] == [8]
    assert says in problems[0].message


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("currency", "curency", "curency", "did you mean 'currency'"),
        ("revenue: gbp", "revenu: gbp", "tables.sales.columns.revenu", "did you mean 'revenue'"),
        ("period: month", "period: monthly", "tables.sales.period", "did you mean 'month'"),
        ("period: month", "constants: {product: x}", "tables.sales", "cannot give 'product'"),
        ("period: month", "constants: {channel: x}", "tables.sales", "both columns and constants"),
        ("period: month", "channels: {a: {revenue: gbp}}", "tables.sales", "more than the date"),
        ("sales:", "sails:", "tables.sails", "did you mean 'sales'"),
        ("currency: GBP", "currency: quid", "currency", "is not a usable name"),
        ("name: shop", "name: ../shop", "name", "is not a usable name"),
        ("gbp, orders: n}}", "gbp}}\nscale: {revenue: 0}", "scale.revenue", "is too small"),
        ("gbp, orders: n}}", "gbp}}\nscale: {revenue: .inf}", "scale.revenue", "is not a finite number"),
        ("gbp, orders: n}}", "gbp}}\nscale: {reveneu: 2}", "scale.reveneu", "did you mean 'revenue'"),
    ],
)
def test_mapping_problems_name_their_line(tmp_path: Path, old: str, new: str, field: str, says: str) -> None:
    problems = refused(tmp_path, SALES.replace(old, new))
    problem = next(problem for problem in problems if problem.field == field)
    assert Path(problem.file).name == "history.yaml"
    assert problem.line
    assert says in problem.message


@pytest.mark.parametrize(
    "tables", ["tables: {}\n", "tables:\n", "", "tables: [sales]\n", "tables: {sales: 3}\n"]
)
def test_no_tables(tmp_path: Path, tables: str) -> None:
    assert refused(tmp_path, "name: shop\ncurrency: GBP\n" + tables)


def test_missing_column_names_the_nearest(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, SALES.replace("revenue: gbp", "revenue: gpb"))
    assert (problem.line, problem.value) == (1, "gpb")
    assert "did you mean 'gbp'" in problem.message
    assert "month, where, gbp, n" in problem.expected


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (SALES.replace("orders: n", "orders: gbp"), "named by both"),
        (SALES.replace("s.csv", "sales.csv"), "did you mean 's.csv'"),
        (SALES.replace("s.csv", "s.docx"), "not a kind of table"),
        (SALES.replace("s.csv", "."), "not a kind of table"),
        (SALES.replace("s.csv", "'${OMOLAB_DAT}/s.csv'"), "did you mean 'OMOLAB_DATA'"),
        (SALES + "remainder: rest\n", "no channel is called total"),
        (SALES.replace("month,", "day,", 1), "dates are written by month"),
    ],
)
def test_mapping_that_does_not_fit_the_file(tmp_path: Path, mapping: str, says: str) -> None:
    assert says in refused(tmp_path, mapping)[0].message


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (b"", "no header"),
        (b"\n\n", "no header"),
        (b"month,where,gbp,n\n", "empty table"),
        (b"month,where,gbp,n\n,,,\n,,,\n", "empty table"),
        (b"month,gbp,gbp,n\n2020-01,1,2,3\n", "stands twice"),
        (bytes(range(256)), "is not UTF-8"),
        (TABLE.replace("online", "Zürich").encode("latin-1"), "is not UTF-8"),
        (TABLE.replace("105", "1\x005").encode(), "is not text"),
        (TABLE.encode() + b'2020-12,"online,1,1\n', "cells"),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, table: bytes, says: str) -> None:
    assert any(says in problem.message for problem in refused(tmp_path, SALES, table))


@pytest.mark.parametrize("name", ["s.parquet", "s.xlsx"])
def test_damaged_binary_files(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PAR1 or PK, but no more")
    assert "cannot be read" in refused(tmp_path, SALES.replace("s.csv", name))[0].message


@pytest.mark.parametrize(
    ("stated", "dates"),
    [
        ("week", [f"2020-{m:02d}-01" for m in range(1, 9)]),
        ("quarter", [f"2020-{m:02d}-01" for m in range(1, 9)]),
        ("day", [f"2020-{m:02d}-01" for m in range(1, 9)]),
        ("month", [f"2020-01-{d:02d}" for d in range(1, 9)]),
        ("week", [f"2020-01-{d:02d}" for d in range(1, 9)]),
        ("month", ["2019", "2020"]),
    ],
)
def test_period_that_does_not_fit_the_dates(tmp_path: Path, stated: str, dates: list[str]) -> None:
    table = "month,where,gbp,n\n" + "".join(f"{day},online,1,1\n" for day in dates)
    problems = refused(tmp_path, SALES.replace("period: month", f"period: {stated}"), table)
    assert all(problem.field == "month" for problem in problems)
    assert "period" in problems[0].expected


def test_period_that_cannot_be_read_off(tmp_path: Path) -> None:
    table = "month,where,gbp,n\n2020-01-01,online,1,1\n"
    assert (
        "give tables.sales.period"
        in refused(tmp_path, SALES.replace("period: month, ", ""), table)[0].message
    )


def test_named_channels_exceed_the_total(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, SALES, TABLE + "2020-05,total,50,60\n2020-06,total,500,60\n")
    assert (problem.line, problem.field) == (11, "revenue")
    assert "exceeds the total" in problem.message


def test_rest_of_the_total_needs_a_name_of_its_own(tmp_path: Path) -> None:
    table = TABLE.replace("online", "store") + "2020-05,total,500,60\n"
    assert "leave a part of total over" in refused(tmp_path, SALES, table)[0].message


@pytest.mark.parametrize(
    ("mapping", "table", "says"),
    [
        (LOG.replace(", constants: {channel: online}", ""), ORDERS, "in which channel"),
        (LOG, ORDERS.replace("2020-01-07,5.5", "2020-01-07,"), "is blank"),
        (LOG, "who,day,gbp\na,2020-01,1\n", "need their day"),
        (LOG, "who,day,gbp\na,2020-01-01,1\n", "too short"),
        (LOG.replace("channel: online", "channel: total"), ORDERS, "one channel"),
    ],
)
def test_customer_logs(tmp_path: Path, mapping: str, table: str, says: str) -> None:
    assert any(says in problem.message for problem in refused(tmp_path, mapping, table))


@pytest.mark.parametrize(
    ("mapping", "table", "says"),
    [
        (
            "media: {file: s.csv, columns: {date: d, source: s, spend: x}}",
            "d,s,x\n2020-01-01,tv,-1\n2020-01-08,tv,1\n",
            "negative",
        ),
        (
            "media: {file: s.csv, columns: {date: d, source: s, spend: x}}",
            "d,s,x\n2020-01-01,tv,1\n2020-01-01,tv,1\n2020-01-08,tv,1\n",
            "repeats",
        ),
        ("media: {file: s.csv, columns: {date: d, spend: x}}", "d,x\n", "names no source"),
        ("media: {file: s.csv, columns: {date: d}, sources: {tv: {}}}", "d,x\n", "names no column"),
        ("prices: {file: s.csv, columns: {date: d, price: x}}", "d,x\n2020-01-01,-1\n", "negative"),
        (
            "prices: {file: s.csv, columns: {date: d, price: x, promoted: s}}",
            "d,s,x\n2020-01-01,maybe,1\n",
            "neither",
        ),
        ("traffic: {file: s.csv, columns: {date: d, visits: x}}", "d,x\n2020-01-01,-1\n", "negative"),
        (
            "traffic: {file: s.csv, columns: {date: d, visits: x}}",
            "d,x\n2020-01-01,1\n2020-01-01,1\n",
            "repeats",
        ),
        (
            "service: {file: s.csv, columns: {date: d, stockout_rate: x}}",
            "d,x\n2020-01-01,20\n",
            "out of range",
        ),
        (
            "drivers: {file: s.csv, period: day, columns: {date: d}, drivers: {a: x}}",
            "d,x\n2020-01-01,-1\n",
            "negative",
        ),
        ("drivers: {file: s.csv, period: day, columns: {date: d}}", "d,x\n2020-01-01,1\n", "names no driver"),
        ("experiment: {file: s.csv, columns: {group: d, spend: x}}", "d,x\na,1\na,2\n", "1 groups"),
        ("experiment: {file: s.csv, columns: {group: d, customer: x}}", "d,x\na,1\nb,1\n", "repeats"),
    ],
)
def test_other_tables(tmp_path: Path, mapping: str, table: str, says: str) -> None:
    problems = refused(tmp_path, f"{HEAD}  {mapping}\n", table)
    assert any(says in problem.message for problem in problems), problems


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=200), st.text(alphabet='2020-1,"\n;a\x00é', max_size=120).map(str.encode)
    )
)
def test_no_file_breaks_the_reader(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.csv").write_bytes(b"month,where,gbp,n\n" + content)
    (tmp_path / "history.yaml").write_text(SALES, encoding="utf-8")
    try:
        load_history(tmp_path / "history.yaml")
    except BadInput as error:
        assert error.problems
