"""Tables for spreadsheets: all of them, shown and never executed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from results import spreadsheets, store

HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "<script>alert(1)</script>",
    "\u202eevil",
    "x" * 3_000,
    "a\x00b",
]


@pytest.fixture
def run(tmp_path: Path) -> store.Run:
    with store.create(tmp_path / "run", "run", "=name", {}, {}, 1) as writer:
        hostile = pd.DataFrame({"=head": HOSTILE, "value": range(-4, 5), "day": pd.Timestamp("2027-01-01")})
        writer.table("kpis", hostile)
        writer.table("fit/identified", pd.DataFrame({"parameter": ["a"], "p50": [-0.5]}))
    return store.open_run(tmp_path / "run")


def test_a_csv_is_written_for_each_table(run: store.Run, tmp_path: Path) -> None:
    folder = spreadsheets.write_tables(run, tmp_path / "out")
    assert sorted(path.name for path in folder.iterdir()) == ["fit-identified.csv", "kpis.csv"]
    read = pd.read_csv(folder / "kpis.csv")
    assert read.columns[0] == "'=head"
    for cell in read.iloc[:, 0]:
        assert not str(cell).startswith(("=", "+", "-", "@", "\t"))
    assert list(read["value"]) == list(range(-4, 5))  # numbers stay numbers


def test_a_workbook_holds_each_table_and_no_formula(run: store.Run, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(spreadsheets.write_tables(run, tmp_path / "out", "xlsx"))
    assert sorted(book.sheetnames) == ["fit-identified", "kpis"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert [row[1].value for row in book["kpis"].iter_rows(min_row=2)] == list(range(-4, 5))
    assert book["fit-identified"]["B2"].value == -0.5


def test_what_no_sheet_holds_is_csv_beside(
    run: store.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    monkeypatch.setattr(spreadsheets, "ROWS", 5)
    book = spreadsheets.write_tables(run, tmp_path / "out", "xlsx")
    assert openpyxl.load_workbook(book).sheetnames == ["fit-identified"]
    assert (tmp_path / "out" / "tables" / "kpis.csv").is_file()


def test_long_names_get_sheets_of_their_own(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    with store.create(tmp_path / "run", "run", "long", {}, {}, 1) as writer:
        for end in "ab":
            writer.table("very_long_name_of_a_table_indeed_" + end, pd.DataFrame({"x": [1]}))
    book = spreadsheets.write_tables(store.open_run(tmp_path / "run"), tmp_path, "xlsx")
    assert len(openpyxl.load_workbook(book).sheetnames) == 2


def test_other_kinds_are_refused(run: store.Run, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="kind"):
        spreadsheets.write_tables(run, tmp_path, "ods")


def test_they_can_be_kept_in_the_run(run: store.Run) -> None:
    import omolab

    folder = omolab.tables(run.path)
    assert folder == run.path / "tables"
    assert (folder / "kpis.csv").is_file()
    assert "tables/kpis.csv" in store.open_run(run.path).manifest["files"]
