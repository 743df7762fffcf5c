"""From a history to the market it describes: channels, days, closures, customers, and what must fit."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.case import LONGEST
from calibration.history import load_history
from calibration.reconstruction import kind_of, period_of_steps, reconstruct, unknown_drivers
from calibration.series import cohorts, observed
from results.problems import BadInput
from sim.customers.exchange import ORDERS
from sim.market import Market
from sim.parameters import PARAMETERS
from tests.calibration.histories import buyers, log, months, quarters, stored, two_channels, with_media

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("store", "store"), ("Flagship Store", "store"), ("offline", "store"), ("tmall", "marketplace"),
        ("amazon_uk", "marketplace"), ("wechat", "social"), ("online", "own"), ("app", "own"),
    ],
)  # fmt: skip
def test_a_channels_kind_is_read_off_its_name(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_short_histories_are_lived_day_by_day(tmp_path: Path) -> None:
    case = reconstruct(two_channels(tmp_path, 24))
    assert case.pace == 1
    assert case.setup.start == datetime.date(2020, 1, 1)
    assert case.setup.days == 366 + 365
    assert [(c.name, c.kind) for c in case.setup.channels] == [("online", "own"), ("store", "store")]
    assert reconstruct(two_channels(tmp_path, 24), horizon=3).setup.days == 366 + 365 + 90


def test_long_histories_are_lived_in_longer_steps_with_rates_and_times_made_good(tmp_path: Path) -> None:
    case = reconstruct(quarters(tmp_path, 20))
    days = (datetime.date(2020, 1, 1) - datetime.date(2000, 1, 1)).days
    assert case.pace == math.ceil(days / LONGEST) == 9
    assert case.setup.days == math.ceil(days / case.pace)
    lived = case.with_values({"need_rate": 0.02, "talk_days": 90.0, "habit_gain": 0.3}).parameters
    assert lived["need_rate"] == pytest.approx(0.02 * 9)  # needs a step, not a day
    assert lived["talk_days"] == pytest.approx(10.0)  # in steps
    assert lived["borrow_days"] == pytest.approx(PARAMETERS["borrow_days"].default / 9)
    assert lived["habit_gain"] == 0.3  # an order is an order, however long a step
    steps = period_of_steps(quarters(tmp_path, 20).calendar, case.setup, case.pace)
    assert steps[0] == 0 and steps[-1] == 79 and (np.diff(steps) >= 0).all()


def test_shares_are_compared_in_blocks_of_time(tmp_path: Path) -> None:
    case = reconstruct(two_channels(tmp_path, 24))
    assert len(case.statistics) == 16
    assert {s.member for s in case.statistics} == {"online"} and all(s.share for s in case.statistics)
    first, second = case.statistics[:2]
    assert (first.first, first.last) == (0, 31 + 29 - 1)  # January and February 2020
    assert second.first == first.last + 1
    assert first.observed == pytest.approx(0.2 + 0.1 * 0.5 / 24, rel=1e-3)
    assert {"appeal.online", "appeal.store", "habit_gain"} <= set(case.prior.names)
    assert not case.notes


def test_gaps_in_shares_are_left_out_and_the_rest_is_compared(tmp_path: Path) -> None:
    dates = months(24)
    web = np.where(np.isin(np.arange(24), (3, 4, 15)), "", "200")
    frame = pd.DataFrame({"date": dates, "web": web, "shops": "800"})
    tables = (
        "  sales: {file: sales.csv, period: month, columns: {date: date}, "
        "channels: {online: {revenue: web}, store: {revenue: shops}}}\n"
    )
    case = reconstruct(stored(tmp_path, tables, {"sales": frame}))
    assert len(case.statistics) == 16
    assert all(s.observed == pytest.approx(0.2) for s in case.statistics)


def test_a_channel_that_opens_later_is_shut_until_its_first_sale(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": months(24), "web": [0.0] * 10 + [100.0] * 14, "shops": 800.0})
    tables = (
        "  sales: {file: sales.csv, period: month, columns: {date: date}, "
        "channels: {online: {revenue: web}, store: {revenue: shops}}}\n"
    )
    case = reconstruct(stored(tmp_path, tables, {"sales": frame}))
    opening = (datetime.date(2020, 11, 1) - datetime.date(2020, 1, 1)).days
    access = case.setup.drivers.access
    assert not access[:opening, 0].any() and (access[opening:, 0] == 1).all()
    assert (access[:, 1] == 1).all()
    assert case.statistics[0].first == opening


def test_drivers_are_laid_over_their_days_and_shut_the_store(tmp_path: Path) -> None:
    history = two_channels(tmp_path, 24, {"2020-04": 0.0, "2021-02": 0.5, "2022-01": 0.0}, orders=True)
    case = reconstruct(history, horizon=2)
    access, day = case.setup.drivers.access, datetime.date(2020, 1, 1)
    april = slice((datetime.date(2020, 4, 1) - day).days, (datetime.date(2020, 5, 1) - day).days)
    february = slice((datetime.date(2021, 2, 1) - day).days, (datetime.date(2021, 3, 1) - day).days)
    january = slice((datetime.date(2022, 1, 1) - day).days, (datetime.date(2022, 2, 1) - day).days)
    store = 1
    assert not access[april, store].any() and not access[january, store].any()
    assert (access[february, store] == 0.5).all()
    assert (access[:, 0] == 1).all()
    assert access[:, store].sum() == case.setup.days - 30 - 31 - 14
    market = Market.from_setup(case.setup, seed=1)
    market.run()
    orders = market.ledger.events[market.ledger.offset :, store, ORDERS]
    assert orders[april].sum() == 0
    assert orders[april.stop : april.stop + 30].sum() > 0


def driven(folder: Path, driver: str, value: float) -> None:
    tables = (
        "  sales: {file: sales.csv, period: month, columns: {date: date}, "
        "channels: {online: {revenue: web}, store: {revenue: shops}}}\n"
        f"  drivers: {{file: forces.csv, period: month, columns: {{date: date}}, drivers: {{{driver}: x}}}}\n"
    )
    sales = pd.DataFrame({"date": months(12), "web": 200.0, "shops": 800.0})
    stored(folder, tables, {"sales": sales, "forces": pd.DataFrame({"date": ["2020-02"], "x": [value]})})


@pytest.mark.parametrize("driver", ["stroe.access", "spend", "invest", "weather", "store.demand", "discount"])
def test_drivers_that_act_on_nothing_are_named_and_left_out(tmp_path: Path, driver: str) -> None:
    driven(tmp_path, driver, 0.5)
    history = load_history(tmp_path / "history.yaml")
    assert unknown_drivers(history) == [driver]
    quiet = reconstruct(history).setup.drivers
    assert (quiet.access == 1).all() and (quiet.demand == 1).all() and (quiet.discount == 0).all()


def test_a_driver_of_all_channels_and_of_none(tmp_path: Path) -> None:
    driven(tmp_path / "a", "delivery_days", 2.0)
    case = reconstruct(load_history(tmp_path / "a" / "history.yaml"))
    assert (case.setup.drivers.delivery_days[31:60] == 6.0).all()
    driven(tmp_path / "b", "demand", 0.5)
    case = reconstruct(load_history(tmp_path / "b" / "history.yaml"))
    assert case.setup.drivers.demand[31:60] == pytest.approx(0.5)
    assert case.setup.drivers.demand.sum() == pytest.approx(366 - 14.5)


def test_a_free_price_is_refused(tmp_path: Path) -> None:
    driven(tmp_path, "store.price", 0.0)
    with pytest.raises(BadInput, match="factors above 0"):
        reconstruct(load_history(tmp_path / "history.yaml"))


def test_baskets_are_the_historys_where_it_has_orders(tmp_path: Path) -> None:
    values = reconstruct(two_channels(tmp_path, 24, orders=True)).setup_values()
    assert values["basket.online"] == pytest.approx(20, rel=0.05)
    assert values["basket.store"] == pytest.approx(40, rel=0.05)


def test_sales_known_as_orders_only_are_compared_by_orders(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": months(24), "web": 30, "shops": 70})
    tables = (
        "  sales: {file: sales.csv, period: month, columns: {date: date}, "
        "channels: {online: {orders: web}, store: {orders: shops}}}\n"
    )
    case = reconstruct(stored(tmp_path, tables, {"sales": frame}))
    assert [s.observed for s in case.statistics] == pytest.approx([0.3] * 16)


def test_one_channel_with_media_is_compared_by_its_responses(tmp_path: Path) -> None:
    case = reconstruct(with_media(tmp_path, elasticity=0.2))
    assert [c.kind for c in case.setup.channels] == ["store"]
    assert [(m.name, m.action) for m in case.setup.media] == [("print", "broadcast"), ("tv", "broadcast")]
    assert case.prior.names == ("lift.print", "lift.tv")
    answer = {s.member: s for s in case.statistics}
    assert math.log(answer["tv"].observed) == pytest.approx(0.2, abs=0.02)
    assert math.log(answer["print"].observed) == pytest.approx(0.0, abs=0.02)
    assert all(s.kind == "response" and s.error >= 0.005 for s in case.statistics)


def test_media_spend_is_the_historys_day_by_day_and_last_years_again_afterwards(tmp_path: Path) -> None:
    history = with_media(tmp_path)
    case, media = reconstruct(history, horizon=4), history.media
    assert media is not None
    tv = [m.name for m in case.setup.media].index("tv")
    weekly = media[media["source"] == "tv"]["spend"].to_numpy()
    spend = case.setup.drivers.spend[:, tv]
    assert spend[: 7 * 104].sum() == pytest.approx(weekly.sum())
    assert spend[:7] == pytest.approx(weekly[0] / 7)
    assert spend[7 * 104 :] == pytest.approx(np.repeat(weekly[52:56] / 7, 7))
    assert case.setup.media[tv].reference == pytest.approx(weekly.sum() / (7 * 104))


def test_monthly_spend_is_repeated_month_by_month(tmp_path: Path) -> None:
    """January's money comes again in January: eleven months would shift every season."""
    frames = {
        "sales": pd.DataFrame({"date": months(24), "gbp": 100.0}),
        "media": pd.DataFrame({"date": months(24), "telly": np.tile(np.arange(1.0, 13.0), 2)}),
    }
    tables = (
        "  sales: {file: sales.csv, period: month, columns: {date: date}, "
        "channels: {total: {revenue: gbp}}}\n"
        "  media: {file: media.csv, period: month, columns: {date: date}, sources: {tv: {spend: telly}}}\n"
    )
    spend = reconstruct(stored(tmp_path, tables, frames), horizon=2).setup.drivers.spend[:, 0]
    january, february = spend[-59:-28], spend[-28:]
    assert january == pytest.approx(1 / 31) and february == pytest.approx(2 / 28)


def test_longer_steps_spend_and_saturate_alike(tmp_path: Path) -> None:
    history = with_media(tmp_path, weeks=208)
    case = reconstruct(history)
    assert case.pace == 2
    for m, medium in enumerate(case.setup.media):
        assert case.setup.drivers.spend[:, m].mean() == pytest.approx(medium.reference, rel=0.05)
    assert case.setup.media[1].half_life == pytest.approx(10.5 / 2)


def test_a_total_alone_has_nothing_to_fit_and_says_so(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": months(24), "gbp": 100.0})
    tables = (
        "  sales: {file: sales.csv, period: month, columns: {date: date}, "
        "channels: {total: {revenue: gbp}}}\n"
    )
    case = reconstruct(stored(tmp_path, tables, {"sales": frame}))
    assert not case.statistics and not case.prior.parameters
    assert len(case.setup.channels) == 1
    assert any("nothing to fit" in note for note in case.notes)


def test_customers_of_a_log_enter_on_the_days_of_their_first_orders(tmp_path: Path) -> None:
    history = log(tmp_path, buyers())
    case = reconstruct(history)
    assert case.setup.entry is not None
    assert case.fraction == 1.0
    first = cohorts(history)["first"].to_numpy().astype("datetime64[D]")
    days = np.sort((first - np.datetime64(history.calendar.first)).astype(int))
    assert (case.setup.entry == days).all()
    assert case.setup.customers == 62
    market = Market.from_setup(case.setup, seed=1)
    ledger = market.run()
    orders = ledger.events[:, 0, ORDERS]
    assert (orders >= np.bincount(days, minlength=len(orders))).all()  # nobody's first order is lost


def test_a_logs_statistics_are_its_repeat_buying(tmp_path: Path) -> None:
    history = log(tmp_path, buyers())
    case = reconstruct(history)
    repeats = [s for s in case.statistics if s.kind == "repeat"]
    assert sum(s.observed for s in repeats) == observed(history)["repeat.orders"].sum()
    never = next(s for s in case.statistics if s.name == "customers with 0 repeat orders")
    assert never.observed == pytest.approx(float((cohorts(history)["repeat_orders"] == 0).mean()))
    assert any("no visits" in note for note in case.notes)
    assert "dropout" in case.prior.names


def test_who_ordered_before_the_first_whole_week_enters_in_the_burn_in(tmp_path: Path) -> None:
    rows = buyers()
    early = pd.DataFrame({"customer": ["early"] * 2, "date": ["2020-01-03", "2020-02-03"], "amount": 9.0})
    history = log(tmp_path, pd.concat([rows, early]))
    case = reconstruct(history)
    first = cohorts(history)["first"].min().date()
    assert case.setup.entry is not None
    assert case.setup.burn_in == max((history.calendar.first - first).days, 0)
    assert case.setup.entry.min() == -case.setup.burn_in
    Market.from_setup(case.setup, seed=1).run()


def test_large_logs_are_lived_by_a_known_fraction_of_their_customers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calibration.customer_log.MOST_AGENTS", 25)
    history = log(tmp_path, buyers())
    case = reconstruct(history)
    assert case.fraction == pytest.approx(1 / 3)
    assert case.setup.customers == math.ceil(62 / 3)
    repeats = sum(s.observed for s in case.statistics if s.kind == "repeat")
    assert repeats == pytest.approx(observed(history)["repeat.orders"].sum() / 3, rel=0.1)


def test_customers_still_to_come_enter_evenly_over_their_periods(tmp_path: Path) -> None:
    history = log(tmp_path, buyers())
    case, known = reconstruct(history, 2, np.array([7, 2])), 7 * len(history.calendar)
    assert case.setup.entry is not None
    coming = case.setup.entry[case.setup.entry >= known] - known
    assert coming.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 10]
    assert case.setup.days == known + 14


def test_a_history_without_sales_or_log_is_refused(tmp_path: Path) -> None:
    tables = "  traffic: {file: t.csv, columns: {date: date, channel: channel, source: source, visits: n}}\n"
    frame = pd.DataFrame({"date": ["2020-01-01"], "channel": "online", "source": "direct", "n": 5})
    with pytest.raises(BadInput, match="neither sales nor transactions"):
        reconstruct(stored(tmp_path, tables, {"t": frame}))


@pytest.mark.parametrize("name", ["us_ecommerce", "cdnow", "uci_online_retail", "mmm_multistore_retailer"])
def test_real_histories_become_markets(data_dir: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("OMOLAB_DATA", str(data_dir))
    history = load_history(EXAMPLES / f"{name}.yaml")
    case = reconstruct(history)
    assert case.setup.days <= 1_470  # CDNOW's weeks and four years of stores at most
    assert case.statistics or any("not fitted" in note for note in case.notes)
    assert np.isfinite(case.observed).all() and (case.errors > 0).all()
    assert not unknown_drivers(history)


def test_more_channels_than_the_market_knows_are_refused_with_advice(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        [(week, f"Store {k:02d}", 5.0 + k) for week in ("2024-01-01", "2024-01-08") for k in range(9)],
        columns=["week", "branch", "sales"],
    )
    columns = "columns: {date: week, channel: branch, revenue: sales}"
    history = stored(tmp_path, f"  sales: {{file: sales.csv, period: week, {columns}}}\n", {"sales": rows})
    with pytest.raises(BadInput, match="rename: in the mapping adds stores up"):
        reconstruct(history)
