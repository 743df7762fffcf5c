"""Backtests: origins, what a model may see, what is scored, and the document others read."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.backtest import backtest, baseline_forecasters, origins_for, over_chosen, truncate
from calibration.baselines import Forecast
from calibration.history import Calendar, History, load_history
from results.problems import BadInput

START = dt.date(2020, 1, 1)


def calendar(n: int, period: str = "month") -> Calendar:
    endless = Calendar(period, START, START)  # type: ignore[arg-type]
    return Calendar(period, START, (endless.start(n) - 1).item())  # type: ignore[arg-type]


def history(n: int = 24, channels: tuple[str, ...] = ("online", "store"), log: bool = False) -> History:
    """Monthly sales of two channels, with media by week, drivers beyond the end and maybe a customer log."""
    span = calendar(n)
    rng = np.random.default_rng(0)
    rows = [
        {"date": day, "channel": name, "revenue": 100.0 + 2 * t + rng.normal() * 5}
        for t, day in enumerate(span.periods())
        for name in channels
    ]
    weeks = Calendar("week", START, START + dt.timedelta(days=7 * 4 * n - 1))
    media = pd.DataFrame({"date": weeks.periods(), "source": "tv", "spend": 1.0})
    drivers = pd.DataFrame({"date": span.periods(n=n + 12), "driver": "store.access", "value": 1.0})
    orders = None
    if log:
        days = pd.to_datetime(START) + pd.to_timedelta(np.sort(rng.integers(0, 28 * n, 40 * n)), unit="D")
        people = rng.integers(0, 150, days.size).astype(str)
        orders = pd.DataFrame({"customer": people, "date": days, "channel": "online", "amount": 5.0})
    return History(
        name="shop", currency="EUR", file=Path("history.yaml"), span=span, channels=channels,
        sales=pd.DataFrame(rows), total=None, transactions=orders, media=media, media_span=weeks,
        prices=None, traffic=None, service=None, experiment=None, drivers=drivers, drivers_span=span,
        issues=(), rows={}, hashes={},
    )  # fmt: skip


def flat(value: float, names: tuple[str, ...] = ("online.revenue",), n: int = 50):  # type: ignore[no-untyped-def]
    def forecast(_: History, cutoff: dt.date, horizon: int, seed: int) -> dict[str, Forecast]:
        paths = value + np.random.default_rng(seed).normal(size=(n, horizon))
        return {name: Forecast(np.full(horizon, value), paths) for name in names}

    return forecast


def test_origins_spread_over_the_last_half() -> None:
    found = origins_for(calendar(24), 3, n=3)
    assert found == (dt.date(2020, 12, 31), dt.date(2021, 4, 30), dt.date(2021, 9, 30))
    assert origins_for(calendar(24), 3) == (dt.date(2021, 9, 30),)


def test_every_origin_has_its_horizon_and_half_the_history() -> None:
    for total in (20, 31, 78):
        for horizon in (1, 4, 9):
            for n in (1, 2, 5):
                weeks = calendar(total, "week")
                for day in origins_for(weeks, horizon, n=min(n, total // 2 - horizon + 1)):
                    assert total - horizon >= len(weeks.until(day)) >= total / 2


def test_cutoffs_are_kept_as_named() -> None:
    named = [dt.date(2021, 6, 17), dt.date(2020, 12, 31), dt.date(2021, 6, 17)]
    assert origins_for(calendar(24), 3, named) == (dt.date(2020, 12, 31), dt.date(2021, 6, 17))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2019, 12, 31), "outside the history"),
        (dt.date(2022, 1, 1), "outside the history"),
        (dt.date(2020, 4, 29), "fewer than 4 whole months"),
        (dt.date(2021, 10, 31), "fewer than 3 months after"),
    ],
)
def test_unfit_cutoffs_are_named(day: dt.date, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        origins_for(calendar(24), 3, [day], source="shop.yaml")
    (problem,) = caught.value.problems
    assert (problem.file, problem.field, problem.value) == ("shop.yaml", "cutoff", str(day))
    assert problem.expected == "a date from 2020-04-30 to 2021-09-30"


@pytest.mark.parametrize(
    ("total", "horizon", "n"), [(24, 13, 1), (24, 12, 2), (5, 2, 1), (24, 3, 0), (24, 0, 1)]
)
def test_too_short_histories_say_what_is_needed(total: int, horizon: int, n: int) -> None:
    with pytest.raises(BadInput) as caught:
        origins_for(calendar(total), horizon, n=n)
    assert caught.value.problems[0].expected


def test_the_length_asked_for_is_enough() -> None:
    with pytest.raises(BadInput) as caught:
        origins_for(calendar(24), 12, n=4)
    needed = int(caught.value.problems[0].expected.split()[0])
    assert len(origins_for(calendar(needed), 12, n=4)) == 4
    with pytest.raises(BadInput):
        origins_for(calendar(needed - 1), 12, n=4)


def test_a_model_sees_the_past_and_known_outside_forces() -> None:
    whole = history(24, log=True)
    past = truncate(whole, dt.date(2021, 3, 20))
    end = pd.Timestamp("2021-02-28")
    assert past.calendar.last == end.date()
    assert past.sales is not None
    assert past.sales["date"].max() == pd.Timestamp("2021-02-01")
    assert past.transactions is not None
    assert past.transactions["date"].max() <= end
    assert past.media is not None
    assert (past.media["date"] + pd.Timedelta(days=6)).max() <= end
    pd.testing.assert_frame_equal(past.drivers, whole.drivers)


def test_forecasters_get_only_that_past() -> None:
    seen = []

    def spy(past: History, cutoff: dt.date, horizon: int, seed: int) -> dict[str, Forecast]:
        assert past.sales is not None
        seen.append((cutoff, past.sales["date"].max(), horizon, seed))
        return {}

    backtest(history(24), {"spy": spy}, [dt.date(2021, 3, 20)], 3, 9)
    assert seen == [(dt.date(2021, 3, 20), pd.Timestamp("2021-02-01"), 3, 9)]


def test_the_document_is_plain_json_with_the_promised_keys() -> None:
    test = backtest(history(24), {"flat": flat(150.0)}, origins_for(calendar(24), 3, n=2), 3, 0)
    document = json.loads(json.dumps(test.document(), allow_nan=False))
    assert document["history"] == "shop"
    assert document["period"] == "month"
    assert document["horizon"] == 3
    assert document["origins"] == ["2020-12-31", "2021-09-30"]
    assert document["series"] == ["online.revenue"]
    assert document["forecasts"] == "backtest.parquet"
    keys = ["series", "model", "origin", "wape", "mase", "bias", "crps", "crps_over_mean"]
    keys += ["pinball", "pinball_over_mean", "coverage_50"]
    assert list(document["scores"][0]) == [*keys, "coverage_90", "interval_score_90"]
    assert {"series", "model", "wape", "mase", "crps_over_mean", "coverage_90"} <= set(document["summary"][0])
    assert document["summary"][0]["wape"] == pytest.approx(
        np.mean([row["wape"] for row in document["scores"]])
    )


def test_scores_that_do_not_exist_are_null() -> None:
    still = history(24)
    assert still.sales is not None
    still.sales["revenue"] = 100.0
    row = backtest(still, {"flat": flat(100.0)}, [dt.date(2021, 6, 30)], 3, 0).document()["scores"][0]
    assert row["mase"] is None
    assert row["wape"] == 0.0


def test_forecasts_are_tidy_and_ordered() -> None:
    test = backtest(history(24), {"flat": flat(150.0, n=500)}, [dt.date(2021, 6, 30)], 3, 0)
    names = ["series", "model", "origin", "date", "actual", "mean", "q05", "q25", "q50", "q75", "q95"]
    assert list(test.forecasts) == names
    assert list(test.forecasts["date"].dt.strftime("%Y-%m-%d")) == ["2021-07-01", "2021-08-01", "2021-09-01"]
    assert (np.diff(test.forecasts[names[6:]].to_numpy(), axis=1) >= 0).all()
    assert test.forecasts["actual"].notna().all()


def test_a_failing_model_is_named_and_the_others_go_on() -> None:
    def broken(*_: object) -> dict[str, Forecast]:
        raise RuntimeError("no luck")

    def absent(*_: object) -> dict[str, Forecast]:
        raise ModuleNotFoundError("No module named 'elsewhere'", name="elsewhere")

    models = {"broken": broken, "absent": absent, "flat": flat(150.0)}
    test = backtest(history(24), models, origins_for(calendar(24), 3, n=2), 3, 0)
    assert set(test.scores["model"]) == {"flat"}
    assert test.warnings == (
        "broken failed at 2020-12-31: RuntimeError: no luck",
        "absent is skipped: elsewhere is not installed",
        "broken failed at 2021-09-30: RuntimeError: no luck",
    )


def test_an_interrupt_ends_it() -> None:
    def stop(*_: object) -> dict[str, Forecast]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backtest(history(24), {"stop": stop}, [dt.date(2021, 6, 30)], 3, 0)


def test_the_table_compares_with_the_best_baseline() -> None:
    models = {"omolab": flat(140.0), "ets": flat(160.0), "ucm": flat(300.0)}
    test = backtest(history(24), models, origins_for(calendar(24), 3, n=2), 3, 0)
    table = test.table().set_index("model")
    assert table.loc["ets", "over_best"] == pytest.approx(1.0)
    assert table.loc["ucm", "over_best"] > 1.0
    crps = test.scores.pivot(index="origin", columns="model", values="crps")
    ratio = np.exp(np.log(crps["omolab"] / crps["ets"]).mean())
    assert table.loc["omolab", "over_best"] == pytest.approx(ratio)


def test_nothing_forecast_is_an_empty_comparison() -> None:
    test = backtest(history(24), {"none": lambda *_: {}}, [dt.date(2021, 6, 30)], 3, 0)
    assert test.document()["scores"] == []
    assert test.table().empty


def test_baselines_forecast_every_series_that_is_scored() -> None:
    told: list[str] = []
    shop = history(16)
    models, origins = baseline_forecasters(shop), [dt.date(2021, 1, 31)]
    test = backtest(shop, models, origins, 3, 0, lambda done, of, name: told.append(name))
    assert test.series == ["online.revenue", "store.revenue", "online.share", "total.revenue"]
    assert set(test.scores["model"]) == {"seasonal_naive", "ets", "sarimax", "ucm"}
    assert len(test.scores) == 16
    assert not test.warnings
    assert len(told) == 5
    again = backtest(shop, models, origins, 3, 0)
    pd.testing.assert_frame_equal(test.forecasts, again.forecasts)


def test_a_single_channel_and_its_total_share_their_forecast() -> None:
    shop = history(16, channels=("online",))
    models = {"ets": baseline_forecasters(shop)["ets"]}
    rows = backtest(shop, models, [dt.date(2021, 1, 31)], 3, 0).scores.set_index("series")
    assert rows.loc["online.revenue", "crps"] == rows.loc["total.revenue", "crps"]


@pytest.mark.slow
def test_repeat_orders_of_a_real_cohort(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CDNOW, thirteen weeks ahead from three origins: the customer-base models beat the naive forecast."""
    pytest.importorskip("lifetimes")
    monkeypatch.setenv("OMOLAB_DATA", str(data_dir))
    log = load_history(Path(__file__).resolve().parents[2] / "examples" / "cdnow.yaml")
    origins = origins_for(log.calendar, 13, n=3)
    test = backtest(log, baseline_forecasters(log), origins, 13, 0)
    assert not test.warnings
    crps = test.table().query("series == 'repeat.orders'").set_index("model")["over_best"]
    assert crps["bg_nbd"] < crps["seasonal_naive"]
    assert crps["pareto_nbd"] < crps["seasonal_naive"]


def test_errors_are_held_against_the_baseline_chosen_beforehand() -> None:
    """Origin by origin, WAPE and CRPS alike: sqrt(1/2 x 1/4) at one, sqrt(2 x 2) at the other."""
    origins = [dt.date(2020, 6, 30), dt.date(2020, 12, 31)]
    rows = [("omolab", 0.1, 1.0), ("ets", 0.2, 4.0), ("ucm", 9.0, 9.0)]
    rows += [("omolab", 0.4, 2.0), ("ets", 9.0, 9.0), ("ucm", 0.2, 1.0)]
    scores = pd.DataFrame(rows, columns=["model", "wape", "crps"])
    scores = scores.assign(series="total.revenue", origin=[*origins[:1] * 3, *origins[1:] * 3])
    recipes = pd.DataFrame({"series": "total.revenue", "origin": origins, "chosen": ["ets", "ucm"]})
    found = over_chosen(scores, recipes).set_index("model")["over_chosen"]
    assert found["omolab"] == pytest.approx(np.sqrt(np.sqrt(0.5 * 0.25) * np.sqrt(2.0 * 2.0)))
    assert over_chosen(scores, recipes.assign(chosen="")).empty


def test_recipes_are_in_the_document() -> None:
    def pooled(_: History, cutoff: dt.date, horizon: int, seed: int) -> dict[str, Forecast]:
        recipe = {"market": 0.25, "statistics": 0.75, "spread": 1.2, "chosen": "ets"}
        return {"online.revenue": Forecast(np.ones(horizon), np.ones((5, horizon)), recipe)}

    models = {"omolab": pooled, "ets": flat(2.0)}
    document = backtest(history(), models, [dt.date(2021, 6, 30)], 3, 0).document()
    row = {"series": "online.revenue", "model": "omolab", "origin": "2021-06-30", "spread": 1.2}
    assert document["recipes"] == [row | {"chosen": "ets", "market": 0.25, "statistics": 0.75}]
    own = {row["model"]: row["over_chosen"] for row in document["summary"]}
    assert own["ets"] == pytest.approx(1.0) and own["omolab"] is not None
    json.dumps(document)
