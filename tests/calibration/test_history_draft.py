"""Drafts: right for plain files, always valid YAML, and read back without a hand laid on them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.history import draft, load_history, quality
from calibration.series import observed
from results.problems import BadInput


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def loaded(folder: Path, text: str):  # type: ignore[no-untyped-def]
    (folder / "history.yaml").write_text(text, encoding="utf-8")
    return load_history(folder / "history.yaml")


def test_sales_by_channel(tmp_path: Path) -> None:
    rows = "".join(f"2020-{m:02d}-01,{c},{m},{m}\n" for m in range(1, 7) for c in ("online", "store"))
    file = write(tmp_path, "my sales.csv", "Month,Sales Channel,Net Sales GBP,Orders\n" + rows)
    text = draft([file], tmp_path)
    history = loaded(tmp_path, text)
    assert 'file: "my sales.csv"' in text
    assert history.currency == "GBP"
    assert history.calendar.period == "month"
    assert set(observed(history)) >= {"online.revenue", "store.orders", "online.share"}


def test_wide_sales_in_millions_with_media(tmp_path: Path) -> None:
    rows = "".join(f"2020-01-{d:02d},{d},{d * 3},5,6\n" for d in (6, 13, 20, 27))
    file = write(tmp_path, "weeks.csv", "wk,ecom_sales_musd,total_sales_musd,tv_spend,cost_search\n" + rows)
    history = loaded(tmp_path, draft([file], tmp_path))
    assert history.channels == ("online", "store")
    assert observed(history)["online.revenue"].iloc[0] == 6e6
    assert history.media is not None
    assert set(history.media["source"]) == {"tv", "paid_search"}  # as plans call it


def test_customer_log_and_other_files(tmp_path: Path) -> None:
    log = write(
        tmp_path,
        "orders.csv",
        "CustomerID,OrderNo,OrderDate,Amount\n"
        + "".join(f"{d % 4},{d},2020-01-{d:02d} 10:00,5\n" for d in range(1, 29)),
    )
    visits = write(tmp_path, "visits.csv", "date,channel,visits\n2020-01-01,online,7\n")
    noise = write(tmp_path, "noise.csv", "a,b\n1,2\n")
    text = draft([log, visits, noise], tmp_path)
    history = loaded(tmp_path, text)
    assert "nothing in noise.csv could be placed" in text
    assert "# ?" in text
    assert history.transactions is not None
    assert history.traffic is not None
    assert len(quality(history)) >= 2


def test_chinese_columns(tmp_path: Path) -> None:
    rows = "".join(f"2020-{m:02d},{c},{m}\n" for m in range(1, 7) for c in ("线上", "门店"))
    history = loaded(tmp_path, draft([write(tmp_path, "销售.csv", "month,渠道,销售额\n" + rows)], tmp_path))
    assert set(history.channels) == {"online", "store"}  # by their kinds, as plans call them


def test_experiment_and_drivers(tmp_path: Path) -> None:
    trial = write(tmp_path, "trial.csv", "segment,visit,conversion,spend\nmail,1,1,5\nnone,0,0,0\n")
    access = write(tmp_path, "access.csv", "date,open_share\n2020-01-01,1\n2020-02-01,0.5\n")
    history = loaded(tmp_path, draft([trial, access], tmp_path))
    assert history.experiment is not None
    assert history.drivers is not None
    assert history.drivers["driver"].tolist() == ["store.access"] * 2


def test_what_the_loader_would_refuse_is_said(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "s.csv",
        "date,sales\n2020-01-01,5\n2020-02-01,-5\n2020-03-01,5\n2020-04-01,x\n"
        + "".join(f"2021-{m:02d}-01,1\n" for m in range(1, 13)),
    )
    text = draft([file], tmp_path)
    assert yaml.safe_load(text)["tables"]["sales"]["columns"] == {"date": "date"}
    assert "# ! " in text
    assert "is negative" in text


def test_files_that_say_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no table could be made out"):
        draft([write(tmp_path, "x.csv", "a,b\n1,2\n")])
    with pytest.raises(BadInput, match="is not there"):
        draft([tmp_path / "none.csv"])


def test_parquet_and_excel(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": pd.date_range("2020-01-01", periods=5, freq="MS"), "revenue": range(5)})
    frame.to_parquet(tmp_path / "s.parquet")
    assert len(loaded(tmp_path, draft([tmp_path / "s.parquet"], tmp_path)).calendar) == 5


names = st.text(min_size=1, max_size=12).filter(lambda name: name.strip() and "\x00" not in name)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(money=names, channel=names)
def test_any_names_give_valid_yaml(tmp_path: Path, money: str, channel: str) -> None:
    frame = pd.DataFrame(
        {
            "date": pd.date_range("2020-01-01", periods=4, freq="MS"),
            f"{channel} revenue": [1.0, 2.0, 3.0, 4.0],
            f"{money} sales": [2.0, 2.0, 3.0, 4.0],
        }
    )
    if frame.columns.duplicated().any():
        return
    frame.to_parquet(tmp_path / "s.parquet")
    try:
        text = draft([tmp_path / "s.parquet"], tmp_path)
    except BadInput:  # a name may well say that its column holds no money
        return
    data = yaml.safe_load(text)
    assert set(data["tables"]) <= {"sales", "media"}
    for measures in data["tables"].get("sales", {}).get("channels", {}).values():
        assert measures["revenue"].strip() in {name.strip() for name in frame.columns}


def test_a_spreadsheet_with_european_dates(tmp_path: Path) -> None:
    """As exported: days first, a column of receipts by channel, advertising without a word for money."""
    rows = "".join(f'01/{m:02d}/2025,"1,{m:02d}0.50",{m}0,{m},{m + 1},5\n' for m in range(1, 13))
    head = "Month,Shops EUR,Webshop EUR,Shop receipts,Web orders,Google Ads\n"
    text = draft([write(tmp_path, "sales.csv", head + rows)], tmp_path)
    history = loaded(tmp_path, text)
    assert "dates: day_first  # ?" in text
    assert (history.calendar.period, str(history.calendar.last)) == ("month", "2025-12-31")
    series = observed(history)
    assert series["store.revenue"].tolist()[:2] == [1010.5, 1020.5]
    assert series["store.orders"].tolist()[:2] == [1, 2]
    assert series["online.orders"].tolist()[:2] == [2, 3]
    assert history.media is not None
    assert set(history.media["source"]) == {"paid_search"}


def test_channels_of_names_we_do_not_know(tmp_path: Path) -> None:
    rows = "".join(f"2025-{m:02d},{m},2,3,4\n" for m in range(1, 7))
    file = write(tmp_path, "sales.csv", "month,Tmall sales CNY,JD sales CNY,Tmall orders,JD orders\n" + rows)
    series = observed(loaded(tmp_path, draft([file], tmp_path)))
    assert series["tmall.orders"].iloc[0] == 3
    assert series["jd.revenue"].iloc[0] == 2


def test_columns_called_after_media_are_spending(tmp_path: Path) -> None:
    rows = "".join(f"2025-{m:02d},{m},2,3\n" for m in range(1, 7))
    sales = write(tmp_path, "sales.csv", "month,revenue\n" + rows.replace(",2,3", ""))
    media = write(tmp_path, "media.csv", "month,TV,Paid search,content\n" + rows)
    text = draft([sales, media], tmp_path)
    history = loaded(tmp_path, text)
    assert text.count("# ? is this what was spent?") == 3
    assert history.media is not None
    assert set(history.media["source"]) == {"tv", "paid_search", "content"}


def test_an_amount_called_total_is_no_order_number(tmp_path: Path) -> None:
    rows = "".join(f"C{d % 5},2024-01-{d:02d},{d}.50,{'online' if d % 2 else 'cafe'}\n" for d in range(1, 29))
    file = write(tmp_path, "coffee.csv", "customer_id,order_date,order_total,channel\n" + rows)
    history = loaded(tmp_path, draft([file], tmp_path))
    assert history.transactions is not None
    assert history.transactions["amount"].iloc[0] == 1.5
    assert history.channels == ("online", "store")


def test_branches_are_added_up_beside_the_online_shop(tmp_path: Path) -> None:
    rows = "".join(
        f"2024-01-{day:02d},{branch},{k + 1}\n"
        for day in (1, 8, 15, 22)
        for k, branch in enumerate(("Kassel", "Bonn", "Mainz", "Trier", "Webshop"))
    )
    file = write(tmp_path, "chain.csv", "Woche,Filiale,Umsatz\n" + rows)
    text = draft([file], tmp_path)
    table = observed(loaded(tmp_path, text))
    assert table["store.revenue"].tolist() == [10.0] * 4 and table["online.revenue"].tolist() == [5.0] * 4
    assert "stores are added up" in text
    wrong = text.replace("Kassel: store", "Casel: store")
    with pytest.raises(BadInput, match="did you mean 'Kassel'"):
        loaded(tmp_path, wrong)


def test_renamed_rows_that_repeat_are_still_refused(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{day:02d},Webshop,1\n2024-01-{day:02d},Shop,2\n" for day in (1, 8, 15))
    file = write(tmp_path, "twice.csv", "week,channel,sales\n" + rows + "2024-01-15,Shop,2\n")
    text = draft([file], tmp_path).replace("    add_up: true", "    # add_up: true")
    with pytest.raises(BadInput, match="repeats the date and channel"):
        loaded(tmp_path, text)


def test_titles_above_the_header_are_passed_over(tmp_path: Path) -> None:
    rows = "".join(f"{m:02d}/2023;{m}.000,50;{m}00,00\n" for m in range(1, 13))
    title = "Musterhaus GmbH;;\nStand: 12.01.2024;;\n;;\n"
    file = write(tmp_path, "titel.csv", title + "Monat;Umsatz Filialen;Umsatz Online\n" + rows)
    history = loaded(tmp_path, draft([file], tmp_path))
    assert history.currency == "EUR" and history.calendar.period == "month"
    assert observed(history)["store.revenue"].iloc[1] == 2000.5
    bad = write(
        tmp_path,
        "bad.csv",
        title + "Monat;Umsatz Filialen;Umsatz Online\n" + rows.replace("02/2023;2.000,50", "02/2023;?"),
    )
    with pytest.raises(BadInput) as caught:
        loaded(tmp_path, draft([bad], tmp_path))
    assert [problem.line for problem in caught.value.problems] == [6]  # as a spreadsheet counts


def test_titles_in_a_spreadsheet_are_passed_over(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    months = pd.date_range("2023-01-01", periods=12, freq="MS")
    with pd.ExcelWriter(tmp_path / "report.xlsx") as book:
        table = pd.DataFrame({"Month": months, "Shops": range(10, 22), "Webshop": range(1, 13)})
        table.to_excel(book, index=False, startrow=3)
        book.sheets["Sheet1"]["A1"] = "Example Ltd"
    history = loaded(tmp_path, draft([tmp_path / "report.xlsx"], tmp_path))
    assert observed(history)["online.revenue"].tolist() == list(range(1, 13))


@pytest.mark.parametrize(
    ("header", "currency"),
    [
        ("日期,线上销售额,门店销售额", "CNY"),
        ("日付,オンライン売上,店舗売上", "JPY"),
        ("mois,ventes en ligne,ventes magasin", "EUR"),
        ("month,online sales,store sales", "USD"),
    ],
)
def test_the_language_suggests_a_currency_and_comments_follow_the_reader(
    tmp_path: Path, header: str, currency: str
) -> None:
    file = write(tmp_path, "m.csv", header + "\n" + "".join(f"2023-{m:02d},{m},9\n" for m in range(1, 13)))
    text = draft([file], tmp_path, "zh")
    assert f"currency: {currency}  # ? " in text and ("按" in text or "币种" in text)
    assert "Drafted" not in text and loaded(tmp_path, text).channels == ("online", "store")


def test_what_no_table_uses_is_named(tmp_path: Path) -> None:
    rows = "".join(f"2023-01-{d:02d},{d},{d % 2},{d}.5\n" for d in range(1, 29))
    file = write(tmp_path, "d.csv", "date,revenue,Aktion,Temperatur\n" + rows)
    assert "# not used: Aktion, Temperatur" in draft([file], tmp_path)


@pytest.mark.parametrize(
    ("header", "places"),
    [("Datum;Umsatz;Kunden;Offen", [""]), ("Store;Date;Sales;Customers;Open", ["1;", "2;", "3;"])],
)
def test_how_many_customers_came_is_no_customer(tmp_path: Path, header: str, places: list[str]) -> None:
    days = [str(day.date()) for day in pd.date_range("2023-01-01", periods=40)]
    rows = "".join(
        f"{place}{day};{4000 + k};{300 + k % 7};1\n" for k, day in enumerate(days) for place in places
    )
    file = write(tmp_path, "days.csv", header + "\n" + rows)
    history = loaded(tmp_path, draft([file], tmp_path))
    assert history.transactions is None and history.calendar.period == "day"
    assert observed(history)["total.revenue"].iloc[1] == 4001.0 * len(places)


def test_an_export_with_amounts_in_each_orders_first_line(tmp_path: Path) -> None:
    """As a well-known shop system writes its orders: an order is as many lines as it has items."""
    lines = ["Name,Email,Currency,Total,Created at,Lineitem name"]
    for k in range(40):
        day = f"2024-01-{1 + k % 28:02d} 10:00:00 +0100"
        lines += [f"#{k},c{k % 9}@x.org,EUR,{20 + k}.50,{day},Mug", f"#{k},c{k % 9}@x.org,,,{day},Plate"]
    history = loaded(tmp_path, draft([write(tmp_path, "orders.csv", "\n".join(lines) + "\n")], tmp_path))
    assert history.currency == "EUR" and history.transactions is not None
    assert len(history.transactions) == 40
    assert history.transactions["amount"].sum() == pytest.approx(sum(20.5 + k for k in range(40)))


def test_a_channel_with_a_dot_is_given_a_name_that_can_be_used(tmp_path: Path) -> None:
    rows = "".join(f"{k},2024-01-{1 + k % 28:02d},b{k % 9}@x.org,19.99,amazon.de\n" for k in range(40))
    file = write(tmp_path, "a.csv", "order-id,purchase-date,buyer-email,item-price,sales-channel\n" + rows)
    assert loaded(tmp_path, draft([file], tmp_path)).channels == ("amazon_de",)


def test_two_media_of_one_kind_keep_a_name_each(tmp_path: Path) -> None:
    rows = "".join(f"2020-01-{d:02d},9,{d},1,2\n" for d in (6, 13, 20, 27))
    file = write(tmp_path, "m.csv", "week,sales,google_spend,bing_spend,meta_spend\n" + rows)
    history = loaded(tmp_path, draft([file], tmp_path))
    assert history.media is not None
    assert set(history.media["source"]) == {"paid_search", "bing", "feed_ads"}
