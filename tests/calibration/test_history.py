"""Histories that should be read: long and wide tables, totals, logs, other tables and file kinds."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from calibration.history import load_history, quality
from calibration.history.mapping import schema_text
from calibration.series import observed
from results.problems import BadInput

HEAD = "name: shop\ncurrency: GBP\ntables:\n"
LONG = (
    "  sales: {file: s.csv, period: month, columns: {date: month, channel: where, revenue: gbp, orders: n}}\n"
)
WIDE = (
    "  sales: {file: s.csv, period: month, columns: {date: month}, channels: {online: {revenue: web}, %s}}\n"
)
LOG = (
    "  transactions: {file: t.csv, columns: {customer: who, date: day, amount: gbp}, "
    "constants: {channel: online}}\n"
)


def save(folder: Path, mapping: str, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    path = folder / "history.yaml"
    path.write_text(mapping, encoding="utf-8")
    return path


def long_sales(months: int = 6) -> str:
    rows = [
        f"2020-{m:02d},{channel},{100 * m + k},{m}"
        for m in range(1, months + 1)
        for k, channel in enumerate(("online", "store"))
    ]
    return "month,where,gbp,n\n" + "\n".join(rows) + "\n"


def test_long_sales_in_any_order(tmp_path: Path) -> None:
    head, *rows = long_sales().splitlines()
    shuffled = "\n".join([head, *reversed(rows)])
    history = load_history(save(tmp_path, HEAD + LONG, s=shuffled))
    assert history.sales is not None
    assert list(history.sales.columns) == ["date", "channel", "revenue", "orders"]
    assert len(history.calendar) == 6
    assert history.calendar.period == "month"
    assert set(history.channels) == {"online", "store"}
    assert observed(history)["online.revenue"].tolist() == [100, 200, 300, 400, 500, 600]
    assert not history.issues


def test_scale_multiplies_file_units(tmp_path: Path) -> None:
    history = load_history(save(tmp_path, HEAD + LONG + "scale: {revenue: 1000}\n", s=long_sales()))
    assert observed(history)["online.revenue"].iloc[0] == 100_000
    assert observed(history)["online.orders"].iloc[0] == 1


def test_total_leaves_the_store(tmp_path: Path) -> None:
    table = "month,web,all\n2020-01,10,100\n2020-02,20,100\n2020-03,30,\n"
    history = load_history(save(tmp_path, HEAD + WIDE % "total: {revenue: all}", s=table))
    seen = observed(history)
    assert history.channels == ("online", "store")
    assert seen["store.revenue"].iloc[:2].tolist() == [90, 80]
    assert seen["total.revenue"].iloc[:2].tolist() == [100, 100]
    assert seen["online.share"].iloc[1] == pytest.approx(0.2)
    assert seen.loc["2020-03-01"].isna().to_dict() == {
        "online.revenue": False,
        "store.revenue": True,
        "total.revenue": True,
        "online.share": True,
    }
    assert {issue.kind for issue in history.issues} == {"blank", "early end"}


def test_remainder_names_the_rest(tmp_path: Path) -> None:
    table = "month,web,all\n2020-01,10,100\n2020-02,20,100\n"
    mapping = HEAD + WIDE % "Total: {revenue: all}" + "remainder: marketplace\n"
    history = load_history(save(tmp_path, mapping, s=table))
    assert history.channels == ("online", "marketplace")
    assert observed(history)["marketplace.revenue"].tolist() == [90, 80]


def test_total_alone_is_the_store(tmp_path: Path) -> None:
    mapping = HEAD + "  sales: {file: s.csv, columns: {date: day, revenue: gbp}}\n"
    history = load_history(save(tmp_path, mapping, s="day,gbp\n2020-01-05,1\n2020-01-12,2\n2020-01-19,3\n"))
    assert history.channels == ("store",)
    assert history.calendar.period == "week"
    assert str(history.calendar.last) == "2020-01-25"


def test_total_that_is_the_sum_is_only_checked(tmp_path: Path) -> None:
    table = "month,web,shop,all\n2020-01,10,90,100\n2020-02,20,80,100\n"
    mapping = HEAD + WIDE % "store: {revenue: shop}, total: {revenue: all}"
    assert load_history(save(tmp_path, mapping, s=table)).channels == ("online", "store")


def test_total_of_orders_without_orders_of_channels(tmp_path: Path) -> None:
    table = "month,web,all,n\n2020-01,10,100,7\n2020-02,20,100,8\n"
    mapping = HEAD + WIDE % "total: {revenue: all, orders: n}"
    seen = observed(load_history(save(tmp_path, mapping, s=table)))
    assert seen["total.orders"].tolist() == [7, 8]
    assert "store.orders" not in seen


def test_a_channel_that_opens_later_sold_nothing_before(tmp_path: Path) -> None:
    table = "month,web,all\n2020-01,,100\n2020-02,20,100\n2020-03,30,100\n"
    history = load_history(save(tmp_path, HEAD + WIDE % "total: {revenue: all}", s=table))
    assert observed(history)["online.revenue"].tolist() == [0, 20, 30]
    assert observed(history)["store.revenue"].tolist() == [100, 80, 70]
    assert "late start" in {issue.kind for issue in history.issues}


def test_gaps_are_reported_with_their_place(tmp_path: Path) -> None:
    table = "\n".join(line for line in long_sales().splitlines() if not line.startswith("2020-03"))
    history = load_history(save(tmp_path, HEAD + LONG, s=table))
    gap = next(issue for issue in history.issues if issue.kind == "gap")
    assert gap.count == 1
    assert gap.rows == (6,)
    assert "2020-03-01" in gap.message
    assert observed(history).loc["2020-03-01"].isna().all()


def test_a_gap_of_one_channel_alone_is_told_in_the_quality_report(tmp_path: Path) -> None:
    lines = long_sales().splitlines()
    spoilt = next(line for line in lines if line.startswith("2020-03"))
    table = "\n".join(line for line in lines if line != spoilt)
    report = quality(load_history(save(tmp_path, HEAD + LONG, s=table)))
    (gap,) = report.loc[report["finding"] == "gap", "note"]
    assert "2020-03-01" in gap and "is not known in" in gap
    whole = quality(load_history(save(tmp_path, HEAD + LONG, s=long_sales())))
    assert "gap" not in set(whole["finding"])


@pytest.mark.parametrize(
    ("dates", "period", "first", "last"),
    [
        (["2020Q1", "2020Q2", "2020Q3"], "quarter", "2020-01-01", "2020-09-30"),
        (["2020-02-01", "2020-05-01", "2020-08-01"], "quarter", "2020-02-01", "2020-10-31"),
        (["2020-03-31", "2020-06-30", "2020-09-30"], "quarter", "2020-01-01", "2020-09-30"),
        (["2020-01-31", "2020-02-29", "2020-03-31"], "month", "2020-01-01", "2020-03-31"),
        (["2018", "2019", "2020"], "year", "2018-01-01", "2020-12-31"),
        (["2018-04-01", "2019-04-01", "2020-04-01"], "year", "2018-04-01", "2021-03-31"),
        (["20200101", "20200102", "20200103"], "day", "2020-01-01", "2020-01-03"),
        (["2020-01-01T00:00:00Z", "2020-01-08 00:00", "2020-01-15"], "week", "2020-01-01", "2020-01-21"),
    ],
)
def test_ways_of_writing_dates(tmp_path: Path, dates: list[str], period: str, first: str, last: str) -> None:
    table = "day,gbp\n" + "".join(f"{day},1\n" for day in dates)
    mapping = HEAD + "  sales: {file: s.csv, columns: {date: day, revenue: gbp}}\n"
    calendar = load_history(save(tmp_path, mapping, s=table)).calendar
    assert (calendar.period, str(calendar.first), str(calendar.last)) == (period, first, last)


def test_a_new_currency_is_told_and_a_boom_is_not(tmp_path: Path) -> None:
    mapping = HEAD + "  sales: {file: s.csv, columns: {date: day, revenue: gbp}}\n"

    def found(values: list[float]) -> list[str]:
        table = "day,gbp\n" + "".join(f"2020-{k + 1:02d},{value}\n" for k, value in enumerate(values))
        return [issue.message for issue in load_history(save(tmp_path, mapping, s=table)).issues]

    assert found([5e6, 6e6, 7e6, 9e6, 6e6, 5e3, 6e3, 7e3, 9e3]) == [
        "total goes on at 0.0011 times its revenue from 2020-06-01 on: another unit?"
    ]
    assert not found([5.0, 6.0, 7.0, 9.0, 60.0, 50.0, 300.0, 400.0, 500.0])


@pytest.mark.parametrize("nobody", ["", "Guest", "GAST", "散客"])
def test_log_keeps_refunds_and_anonymous_orders(tmp_path: Path, nobody: str) -> None:
    rows = [
        "who,day,gbp",
        "b,2020-01-03 12:00,5",
        "a,2020-01-01 09:30,10",
        f"{nobody},2020-01-02,7",
        "a,2020-01-09,-4",
    ]
    rows += ["a,2020-01-10,6", "b,2020-01-14,3", "c,2020-01-15,9"]
    history = load_history(save(tmp_path, HEAD + LOG, t="\n".join(rows)))
    assert history.transactions is not None
    assert history.transactions["date"].is_monotonic_increasing
    assert history.transactions["customer"].isna().sum() == 1
    seen = observed(history)
    assert seen["online.revenue"].tolist() == [22, 5]
    assert seen["online.orders"].tolist() == [3, 2]
    assert seen["repeat.orders"].tolist() == [0, 2]
    assert {issue.kind for issue in history.issues} == {"no customer", "negative", "partial period"}
    assert str(history.calendar.last) == "2020-01-14"


def test_lines_of_an_order_are_added_up(tmp_path: Path) -> None:
    rows = ["who,day,gbp,nr", "a,2020-01-01,10,1", "a,2020-01-01,5,1", "a,2020-01-07,5,2", "a,2020-01-07,1,"]
    mapping = HEAD + LOG.replace("amount: gbp", "amount: gbp, order: nr")
    seen = observed(load_history(save(tmp_path, mapping, t="\n".join(rows))))
    assert seen["online.revenue"].tolist() == [21]
    assert seen["online.orders"].tolist() == [3]


def test_log_beside_sales_takes_their_channel_and_calendar(tmp_path: Path) -> None:
    mapping = HEAD + LONG.replace("channel: where, ", "") + LOG.replace(", constants: {channel: online}", "")
    sales = "month,gbp,n\n2020-01,9,1\n2020-02,9,1\n2020-03,9,1\n"
    log = "who,day,gbp\na,2019-12-30,1\na,2020-01-05,1\na,2020-02-29,1\nb,2020-03-05,1\n"
    history = load_history(save(tmp_path, mapping, s=sales, t=log))
    seen = observed(history)
    assert seen["repeat.orders"].iloc[:2].tolist() == [1, 1]
    assert pd.isna(seen["repeat.orders"].iloc[2])  # the log ends inside March
    outside = next(issue for issue in history.issues if issue.kind == "outside")
    assert (outside.count, outside.rows) == (1, (2,))


def test_media_prices_traffic_service_and_drivers(tmp_path: Path) -> None:
    mapping = HEAD + LONG
    mapping += "  media: {file: m.csv, columns: {date: wk}, sources: "
    mapping += "{tv: {spend: tv}, sem: {spend: sem, impressions: seen}}}\n"
    mapping += "  prices: {file: p.csv, columns: {date: d, product: sku, price: eur, promoted: deal}}\n"
    mapping += "  traffic: {file: v.csv, columns: {date: d, visits: n}, "
    mapping += "constants: {channel: online, source: direct}}\n"
    mapping += (
        "  service: {file: q.csv, columns: {date: d, channel: c, delivery_days: days, stockout_rate: out}}\n"
    )
    mapping += "  drivers: {file: x.csv, period: month, columns: {date: d}, drivers: {store.access: open}}\n"
    history = load_history(
        save(
            tmp_path,
            mapping,
            s=long_sales(),
            m="wk,tv,sem,seen\n2020-01-06,5,,9\n2020-01-13,,2,8\n2020-01-20,1,2,3\n",
            p="d,sku,eur,deal\n2020-01-01,A,2,yes\n2020-01-01,a,3,no\n",
            v="d,n\n2020-01-01,10\n",
            q="d,c,days,out\n2020-01-01,online,2.5,0.1\n",
            x="d,open\n2020-04,0.5\n2021-06,0\n",
        )
    )
    assert history.media is not None
    assert history.media_period == "week"
    assert history.media.query("source == 'sem'")["spend"].tolist() == [0, 2, 2]
    assert history.prices is not None
    assert history.prices["promoted"].tolist() == [1.0, 0.0]
    assert history.traffic is not None
    assert history.traffic["source"].tolist() == ["direct"]
    assert history.service is not None
    assert history.drivers is not None
    assert history.drivers["value"].tolist() == [0.5, 0.0]
    assert history.drivers_period == "month"
    assert not [issue for issue in history.issues if issue.table == "drivers"]


def test_long_media_and_drivers(tmp_path: Path) -> None:
    mapping = HEAD + "  media: {file: m.csv, columns: {date: d, source: s, spend: x}}\n"
    mapping += "  drivers: {file: x.csv, period: day, columns: {date: d, driver: k, value: v}}\n"
    media = "d,s,x\n2020-01-01,tv,1\n2020-01-01,sem,2\n2020-02-01,tv,3\n"
    history = load_history(save(tmp_path, mapping, m=media, x="d,k,v\n2020-01-01,demand,1.1\n"))
    assert history.media is not None
    assert history.media["source"].tolist() == ["sem", "tv", "tv"]
    assert history.drivers is not None
    with pytest.raises(BadInput, match="neither sales nor transactions"):
        _ = history.calendar


def test_experiment_alone(tmp_path: Path) -> None:
    mapping = HEAD + "  experiment: {file: e.csv, columns: {group: g, visit: v, spend: x}}\n"
    history = load_history(save(tmp_path, mapping, e="g,v,x\nmail,1,5\nnone,0,0\n"))
    assert history.experiment is not None
    assert history.experiment["spend"].tolist() == [5, 0]


@pytest.mark.parametrize("kind", ["parquet", "xlsx", "tsv", "utf16", "semicolon", "bom"])
def test_kinds_of_files_read_alike(tmp_path: Path, kind: str) -> None:
    frame = pd.DataFrame(
        {"month": pd.date_range("2020-01-01", periods=4, freq="MS"), "gbp": [1.5, None, 3.0, 4.0], "n": 1}
    )
    file = tmp_path / f"s.{kind if kind in ('parquet', 'xlsx', 'tsv') else 'csv'}"
    if kind == "parquet":
        frame.to_parquet(file)
    elif kind == "xlsx":
        pytest.importorskip("openpyxl")
        frame.to_excel(file, index=False)
    else:
        encoding = {"utf16": "utf-16", "bom": "utf-8-sig"}.get(kind, "utf-8")
        frame.to_csv(file, index=False, sep={"tsv": "\t", "semicolon": ";"}.get(kind, ","), encoding=encoding)
    mapping = (
        HEAD + f"  sales: {{file: {file.name}, period: month, columns: {{date: month, revenue: gbp}}}}\n"
    )
    seen = observed(load_history(save(tmp_path, mapping)))["store.revenue"]
    assert seen.isna().tolist() == [False, True, False, False]
    assert seen.sum() == 8.5


def test_data_folder_from_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "s.csv").write_text(long_sales())
    mapping = HEAD + LONG.replace("file: s.csv", "file: '${OMOLAB_DATA}/s.csv'")
    monkeypatch.setenv("OMOLAB_DATA", str(tmp_path / "data"))
    history = load_history(save(tmp_path, mapping))
    assert set(history.hashes) == {"history.yaml", "${OMOLAB_DATA}/s.csv"}
    monkeypatch.setenv("OMOLAB_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(BadInput, match="OMOLAB_DATA is set to"):
        load_history(tmp_path / "history.yaml")
    monkeypatch.delenv("OMOLAB_DATA")
    monkeypatch.setattr("calibration.history.files.ROOT", tmp_path / "deep" / "er")
    monkeypatch.setattr("calibration.history.files.data_folder", lambda: None)
    with pytest.raises(BadInput, match="set the environment variable OMOLAB_DATA"):
        load_history(tmp_path / "history.yaml")


def test_paths_are_relative_to_the_mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path, HEAD + LONG, s=long_sales())
    monkeypatch.chdir(tmp_path.parent)
    assert load_history(Path(tmp_path.name) / path.name).rows == {"sales": 12}


def test_quality_covers_every_table_and_finds_jumps(tmp_path: Path) -> None:
    table = long_sales().replace("2020-04,online,400", "2020-04,online,40000")
    report = quality(
        load_history(
            save(tmp_path, HEAD + LONG + LOG, s=table, t="who,day,gbp\na,2020-02-01,1\na,2020-02-20,2\n")
        )
    )
    assert list(report.columns) == ["table", "finding", "count", "rows", "note"]
    assert report.query("finding == 'coverage'")["table"].tolist() == ["sales", "transactions"]
    assert "2020-04-01" in report.query("finding == 'jump'")["note"].iloc[0]


def test_schema_file_is_current() -> None:
    path = Path(__file__).resolve().parents[2] / "calibration" / "history.schema.json"
    assert path.read_text(encoding="utf-8") == schema_text()


@pytest.mark.skipif(os.name == "nt", reason="no pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "s.csv")
    with pytest.raises(BadInput, match="is not there"):
        load_history(save(tmp_path, HEAD + LONG))
