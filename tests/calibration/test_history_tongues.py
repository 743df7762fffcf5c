"""Files as companies of other countries save them: their words, numbers, dates, encodings and habits."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from calibration.circumstances import kind_of
from calibration.history import History, draft, load_history
from calibration.history.amounts import read_numbers
from calibration.history.encodings import likely_encoding
from results.problems import BadInput

MONTHS = [f"{2022 + k // 12}-{k % 12 + 1:02d}" for k in range(24)]


def loaded(folder: Path, name: str, lines: list[str], encoding: str = "utf-8") -> tuple[History, str]:
    """Draft and load a history of one file."""
    (folder / name).write_bytes("\n".join(lines).encode(encoding))
    text = draft([folder / name], folder)
    assert "# !" not in text, text
    (folder / "history.yaml").write_text(text, encoding="utf-8")
    return load_history(folder / "history.yaml"), text


def revenue(history: History, channel: str) -> float:
    assert history.sales is not None
    return float(history.sales.loc[history.sales["channel"] == channel, "revenue"].sum())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["1.234,56", "12,5", "7"], [1234.56, 12.5, 7.0]),
        (["1.234.567", "1.234"], [1_234_567.0, 1234.0]),
        (["1 234,50", "2\u202f000,00"], [1234.5, 2000.0]),
        (["1'234.50", "12"], [1234.5, 12.0]),
        (["¥812,345", "￥1,200"], [812_345.0, 1200.0]),
        (["€ 1.234,50", "(12,50)"], [1234.5, -12.5]),
        (["12.5万", "2亿", "300"], [125_000.0, 200_000_000.0, 300.0]),
        (["$1,234.50", "-$5.00"], [1234.5, -5.0]),
        (["12,5", "13.25"], [float("nan"), 13.25]),  # written both ways: nothing is sure
    ],
)
def test_numbers_of_several_countries(written: list[str], meant: list[float]) -> None:
    assert read_numbers(pd.Series(written)).to_numpy() == pytest.approx(meant, nan_ok=True)


def test_a_german_export_with_semicolons_accents_and_decimal_commas(tmp_path: Path) -> None:
    rows = [f"{k + 1:02d}.03.2023;{1000 + k}.234,50;1.{100 + k}" for k in range(9)]
    rows = [row.replace(f"{1000 + k}.", f"{k + 1}.") for k, row in enumerate(rows)]
    lines = ["Datum;Umsatz Filialen;Bestellungen Filialen", *rows]
    history, text = loaded(tmp_path, "umsätze.csv", lines, "latin-1")
    assert "day_first" in text and history.channels == ("store",)
    assert revenue(history, "store") == pytest.approx(sum(1000 * (k + 1) + 234.5 for k in range(9)))
    assert history.sales is not None
    assert history.sales["orders"].sum() == sum(1100 + k for k in range(9))  # a dot parts thousands here


@pytest.mark.parametrize(
    ("header", "encoding", "currency"),
    [
        ("月份,门店销售额(万元),线上销售额(万元)", "gb18030", "CNY"),
        ("日付,店舗売上（円）,オンライン売上（円）", "cp932", "JPY"),
        ("날짜,매장 매출(원),온라인 매출(원)", "cp949", "KRW"),
        ("Mois,Ventes magasin (€),Ventes internet (€)", "cp1252", "EUR"),
    ],
)
def test_headers_and_encodings_of_asia_and_europe(
    tmp_path: Path, header: str, encoding: str, currency: str
) -> None:
    lines = [header, *(f"{month},{120 + k},{40 + k}" for k, month in enumerate(MONTHS))]
    history, text = loaded(tmp_path, "s.csv", lines, encoding)
    assert set(history.channels) == {"store", "online"}
    unit = 10_000 if "万元" in header else 1
    assert revenue(history, "online") == unit * sum(40 + k for k in range(24))
    assert history.currency == currency or currency == "EUR"
    assert "encoding:" in text


def test_an_encoding_that_nothing_speaks_for_is_refused_and_a_likely_one_is_named(tmp_path: Path) -> None:
    assert likely_encoding(bytes(range(256))) is None
    table = "month,channel,revenue\n2020-01,門店,1\n2020-02,門店,2\n".encode("big5")
    (tmp_path / "s.csv").write_bytes(table)
    mapping = "tables:\n  sales: {file: s.csv, columns: {date: month, channel: channel, revenue: revenue}}\n"
    (tmp_path / "history.yaml").write_text(mapping, encoding="utf-8")
    with pytest.raises(BadInput, match="encoding: big5"):
        load_history(tmp_path / "history.yaml")


def test_columns_called_after_channels_are_their_revenue(tmp_path: Path) -> None:
    lines = ["week,store,website,app"]
    weeks = pd.date_range("2023-01-02", periods=30, freq="W-MON")
    lines += [f"{day:%Y-%m-%d},{900 + k},{200 + k},{k}" for k, day in enumerate(weeks)]
    history, text = loaded(tmp_path, "s.csv", lines)
    assert history.channels == ("store", "website", "app")
    assert "taken as revenue" in text


def test_orders_alone_make_a_sales_table(tmp_path: Path) -> None:
    lines = ["month,orders", *(f"{month},{50 + k}" for k, month in enumerate(MONTHS))]
    history, _ = loaded(tmp_path, "s.csv", lines)
    assert history.sales is not None and "orders" in history.sales and "revenue" not in history.sales


def test_a_log_by_mail_address_and_one_of_prices_and_quantities(tmp_path: Path) -> None:
    days = pd.date_range("2023-01-02", periods=60)
    one = ["email,bought at,total", *(f"a{k % 7}@example.org,{d:%Y-%m-%d},9.5" for k, d in enumerate(days))]
    history, _ = loaded(tmp_path, "one.csv", one)
    assert history.transactions is not None
    assert history.transactions["customer"].nunique() == 7
    two = ["InvoiceNo,InvoiceDate,CustomerID,Quantity,UnitPrice"]
    two += [f"{k // 2},{d:%Y-%m-%d},{k % 5},{k % 3 - 1},2.5" for k, d in enumerate(days.repeat(2))]
    history, text = loaded(tmp_path, "two.csv", two)
    assert "quantity: Quantity" in text and history.transactions is not None
    assert history.transactions["amount"].sum() == pytest.approx(sum(2.5 * (k % 3 - 1) for k in range(120)))


def test_rows_of_stores_and_departments_are_added_up_where_the_mapping_says_so(tmp_path: Path) -> None:
    lines = ["Store,Date,Weekly_Sales"]
    weeks = pd.date_range("2023-01-06", periods=20, freq="W-FRI")
    lines += [
        f"{store},{day:%Y-%m-%d},{100 * store + k}" for store in (1, 2, 3) for k, day in enumerate(weeks)
    ]
    history, text = loaded(tmp_path, "s.csv", lines)
    assert "add_up: true" in text and history.sales is not None
    assert history.sales["revenue"].tolist() == [600.0 + 3 * k for k in range(20)]
    (tmp_path / "history.yaml").write_text(text.replace("    add_up: true", "    # "), encoding="utf-8")
    with pytest.raises(BadInput, match="repeats the date"):
        load_history(tmp_path / "history.yaml")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("门店", "store"), ("オンライン", "own"), ("Filiale", "store"), ("online store", "own"),
     ("delivery", "own"),
     ("天猫", "marketplace"), ("抖音", "social"), ("amazon", "marketplace"), ("live room", "social")],
)  # fmt: skip
def test_kinds_of_channels_in_any_language(name: str, kind: str) -> None:
    assert kind_of(name) == kind
