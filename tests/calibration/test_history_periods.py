"""Calendars: every day lies in one period, and periods follow each other without a hole."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.history import Calendar, season_length
from calibration.history.periods import PERIODS

days = st.dates(date(1950, 1, 1), date(2080, 1, 1))


def calendar(period: str, first: date) -> Calendar:
    first = first.replace(day=1) if period in ("month", "quarter", "year") else first
    made = Calendar(period, first, first)  # type: ignore[arg-type]
    return Calendar(made.period, first, made.bounds(first)[1][0].item())


@given(period=st.sampled_from(PERIODS), first=days, day=days)
def test_a_day_lies_inside_its_period(period: str, first: date, day: date) -> None:
    made = calendar(period, first)
    start, end = made.bounds(day)
    assert start[0].item() <= day <= end[0].item()
    assert made.floor(day)[0].date() == start[0].item()


@given(period=st.sampled_from(PERIODS), first=days, n=st.integers(1, 60))
def test_periods_follow_each_other(period: str, first: date, n: int) -> None:
    made = calendar(period, first)
    starts = made.periods(made.first, n)
    start, end = made.bounds(starts)
    assert starts.name == "date"
    assert (start == starts.to_numpy().astype("datetime64[D]")).all()
    assert (start[1:] == end[:-1] + np.timedelta64(1, "D")).all()
    whole = Calendar(made.period, made.first, end[-1].item())
    assert len(whole) == n
    assert (whole.periods() == starts).all()
    assert whole.after(1)[0].date() == whole.last + timedelta(days=1)


@given(period=st.sampled_from(PERIODS), first=days, n=st.integers(1, 40), until=days)
def test_until_keeps_whole_periods(period: str, first: date, n: int, until: date) -> None:
    made = calendar(period, first)
    whole = Calendar(made.period, made.first, made.bounds(made.periods(made.first, n)[-1])[1][0].item())
    cut = whole.until(until)
    _, ends = whole.bounds(whole.periods())
    assert len(cut) == int((ends <= np.datetime64(until)).sum())
    if len(cut):
        assert cut.last <= max(until, cut.last if until >= whole.last else until)


def test_fiscal_quarters_and_retail_weeks() -> None:
    quarters = Calendar("quarter", date(2020, 2, 1), date(2021, 1, 31))
    assert len(quarters) == 4
    assert quarters.floor("2020-04-30")[0] == pd.Timestamp("2020-02-01")
    weeks = Calendar("week", date(2020, 1, 5), date(2020, 1, 18))
    assert [str(day.date()) for day in weeks.after(2)] == ["2020-01-19", "2020-01-26"]


@pytest.mark.parametrize(("period", "length"), zip(PERIODS, (7, 52, 12, 4, 1), strict=True))
def test_season_length(period: str, length: int) -> None:
    assert season_length(period) == length
