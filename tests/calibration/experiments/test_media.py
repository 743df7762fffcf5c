"""Media's law beside the market's desk; contributions recovered where truth is known; a geo experiment."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.experiments import evaluate, evaluations, media
from calibration.experiments.media import made_up, ordinary, series_of
from calibration.experiments.media_law import DAYS, MOST, Law, Series, base, kind_of, posterior
from calibration.history import History, load_history
from sim.parameters import Values
from sim.retailer.media import MediaDesk
from sim.setup import Medium

WEEKS = 120
TRUTH = np.log([0.08, 0.01, 10.0, 2.0, 1.2, 0.8])  # lifts, half-lives, shape, half-saturation


@pytest.fixture(scope="module")
def series() -> Series:
    luck = np.random.default_rng(5)
    tv = 100.0 * (luck.random(WEEKS) < 0.4) * luck.gamma(3.0, 1.0, WEEKS)
    search = 50.0 * luck.gamma(4.0, 0.25, WEEKS)
    calm = Series(("tv", "search"), np.ones(WEEKS), np.column_stack([tv, search]), base(WEEKS))
    logs = 10.0 + 0.2 * calm.base[:, 3] + np.log(Law(calm).effects(TRUTH)).sum(axis=1)
    return replace(calm, sales=np.exp(logs + 0.02 * luck.standard_normal(WEEKS)))


def test_the_law_is_the_market_s(series: Series) -> None:
    media = [
        Medium(n, "broadcast", None, float(np.exp(h)), 1.0) for n, h in zip("ab", TRUTH[2:4], strict=True)
    ]
    lifts = {f"lift.{m.name}": float(np.exp(v)) for m, v in zip(media, TRUTH[:2], strict=True)}
    curve = {"hill_shape": float(np.exp(TRUTH[4])), "half_saturation": float(np.exp(TRUTH[5]))}
    desk = MediaDesk(media, Values(lifts | curve), np.ones(2))
    daily = np.repeat(series.media / DAYS, DAYS, axis=0) / series.reference
    told = np.array([desk.reach(day, 1.0)[1] for day in daily])
    law = Law(series).effects(TRUTH)
    apart = np.abs(told.reshape(-1, DAYS).mean(axis=1) / law.prod(axis=1) - 1.0)
    assert apart.max() < 2e-3  # a week's mean of products is not quite the product of the means


def test_many_parameters_at_once_say_what_each_says_alone(series: Series) -> None:
    law, luck = Law(series), np.random.default_rng(2)
    mean, spread = law.prior()
    vectors = mean + 0.5 * spread * luck.standard_normal((5, len(mean)))
    alone = [np.log(law.effects(vector)).sum(axis=1) for vector in vectors]
    assert np.allclose(law.logs(vectors), alone, atol=1e-10)


def test_contributions_are_recovered(series: Series) -> None:
    found = posterior(series, 1, steps=80, families=1)
    true = Law(series).contributions(TRUTH)
    low, high = np.quantile(found.contributions, (0.03, 0.97), axis=0)
    assert ((true >= low) & (true <= high)).all()
    assert true[0] > true[1]
    assert found.contributions.mean(axis=0)[0] > found.contributions.mean(axis=0)[1]
    assert found.draws[:, 0].std() < 0.5 * found.law.prior()[1][0]  # television's strength is learnt
    assert max(found.law.together(draw) for draw in found.draws) <= MOST
    plain, error = ordinary(series)
    assert (np.isfinite(plain) & (error > 0)).all()


def test_made_up_sales_have_the_truth_beside(series: Series) -> None:
    found = posterior(series, 2, steps=8, families=1)
    trials = made_up(found, 1, trials=1)
    assert list(trials["medium"]) == ["tv", "search"]
    assert trials["truth"].between(0.0, 1.0).all()
    assert (trials["omolab_low"] <= trials["omolab_high"]).all()


def test_a_medium_s_kind_is_read_off_its_name() -> None:
    assert [kind_of(n) for n in ("tv", "print", "facebook", "channel_0")] == [
        "tv",
        "print",
        "digital",
        "unknown",
    ]


def test_weeks_of_a_history_are_read_for_media(
    tmp_path: Path, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    dates = pd.date_range("2021-01-04", periods=WEEKS, freq="W-MON").strftime("%Y-%m-%d")
    table = pd.DataFrame({"week": dates, "sold": series.sales, "tv": series.media[:, 0]})
    table["seen"], table["rival"] = 1_000.0 * series.media[:, 1], np.linspace(-1.0, 1.0, WEEKS)
    table.to_csv(tmp_path / "weeks.csv", index=False)
    text = """name: mix
currency: EUR
synthetic: true
tables:
  sales: {file: weeks.csv, period: week, columns: {date: week}, channels: {total: {revenue: sold}}}
  media:
    file: weeks.csv
    period: week
    columns: {date: week}
    sources: {tv: {spend: tv}, mail: {impressions: seen}}
  controls: {file: weeks.csv, columns: {date: week}, controls: {rival: rival}}
"""
    (tmp_path / "history.yaml").write_text(text, encoding="utf-8")
    history = load_history(tmp_path / "history.yaml")
    assert evaluations(history) == ("media",)
    assert history.evidence.synthetic
    made = series_of(history)
    assert made.names == ("mail", "tv")
    assert made.sales == pytest.approx(series.sales)
    assert made.media[:, 1] == pytest.approx(series.media[:, 0])
    assert made.base.shape == (WEEKS, series.base.shape[1] + 1)

    short = functools.partial(posterior, steps=6, families=1)
    monkeypatch.setattr(media, "posterior", lambda series, seed, *rest: short(series, seed))
    monkeypatch.setattr(media, "made_up", functools.partial(made_up, trials=1))
    monkeypatch.setattr(media, "lived", functools.partial(media.lived, agents=100))
    found = evaluate(history, "media").document()
    assert {row["medium"] for row in found["details"]} == {"tv", "mail"}
    assert [row["model"] for row in found["summary"]] == ["omolab", "regression"]
    assert found["figures"]["truth"] == "not published"


def regions(folder: Path, treated: str = "test") -> History:
    luck, days = np.random.default_rng(7), 90
    rows = []
    season = 1.0 + 0.2 * np.sin(np.arange(days) / 5.0)
    for region in range(30):
        size, arm = luck.gamma(2.0, 500.0), region % 2 == 0
        cost = np.where((np.arange(days) >= 60) & (np.arange(days) < 80) & arm, 0.1 * size, 0.0)
        sales = size * season * (1.0 + 0.02 * luck.standard_normal(days)) + 2.0 * cost
        for day in range(days):
            rows.append((f"2023-{1 + day // 28:02d}-{1 + day % 28:02d}", region, sales[day], cost[day]))
    pd.DataFrame(rows, columns=["date", "region", "sales", "cost"]).to_csv(folder / "geo.csv", index=False)
    who = pd.DataFrame({"region": range(30), "group": ["test" if r % 2 == 0 else "rest" for r in range(30)]})
    who.to_csv(folder / "who.csv", index=False)
    text = f"""name: regions
currency: EUR
tables:
  geo:
    file: geo.csv
    columns: {{date: date, region: region, sales: sales, cost: cost}}
    assignment: {{file: who.csv, columns: {{region: region, group: group}}, treated: {treated}}}
"""
    (folder / "history.yaml").write_text(text, encoding="utf-8")
    return load_history(folder / "history.yaml")


def test_a_geo_experiment_s_return_is_recovered(tmp_path: Path) -> None:
    found = evaluate(regions(tmp_path), "geo")
    assert found.figures["treated"] == 15
    for row in found.summary.to_dict("records"):
        assert abs(row["iroas"] - 2.0) < 3.0 * row["se"], row
        assert row["placebo_coverage_90"] > 0.5
