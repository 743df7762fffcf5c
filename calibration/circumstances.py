"""What a history says of the days lived through: its channels, media, spend, closures and other forces."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.history import words
from calibration.series import observed
from results.problems import BadInput, Problem
from scenarios.drivers import DIGITAL_HALF_LIFE, HALF_LIFE
from scenarios.plan.vocabulary import MEDIA
from sim.setup import FLAT_DRIVERS, MAX_CHANNELS, Channel, Drivers, Kind, Medium

if TYPE_CHECKING:
    from calibration.history import Calendar, History

ASIAN = ("天猫", "天貓", "京东", "京東", "淘宝", "淘寶", "拼多多", "楽天", "アマゾン", "쿠팡", "네이버")
WORDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("store", ("store", "shop_floor", "offline", "branch", "retail", "outlet", "physical")),
    ("marketplace", ("market", "mall", "amazon", "ebay", "tmall", "taobao", "jd", "pdd", *ASIAN)),
    ("social", ("social", "live", "douyin", "tiktok", "wechat", "instagram", "抖音", "小红书")),
)
# Drivers that a factor can act on: 1 is normal. Prices cannot be multiplied by nothing.
FACTORS = ("price", "delivery_days", "service", "access", "demand", "organic", "private", "click_price")
PRICES = ("price", "click_price")


def kind_of(name: str) -> Kind:
    """Guess a channel's kind from its name; what sounds like nothing else is an own online shop."""
    lowered = name.lower().replace("deliver", "")  # nothing live
    told = words.channel(name)
    if told in ("online", "store"):  # in any language; an online store is no store
        return "own" if told == "online" else "store"
    return next((kind for kind, words in WORDS if any(word in lowered for word in words)), "own")


def channels_of(history: History) -> tuple[Channel, ...]:
    """Return the history's channels; a lone ``total`` is a store chain.

    Raises
    ------
    BadInput
        If there are more than the market has room for.
    """
    names = history.channels or ("store",)
    if len(names) > MAX_CHANNELS:
        expected = f"at most {MAX_CHANNELS} channels: rename: in the mapping adds stores up to one"
        message = "has more channels than the market knows"
        raise BadInput(Problem(str(history.file), None, "channel", str(len(names)), expected, message))
    return tuple(Channel(name, kind_of(name)) for name in names)


def last_day(calendar: Calendar, horizon: int) -> date:
    """Return the last day of the period ``horizon`` periods after the calendar's last."""
    after: date = calendar.start(len(calendar) + horizon).item()
    return after - timedelta(days=1)


def media_of(history: History, online: bool, pace: int = 1) -> tuple[Medium, ...]:
    """Return the history's media with spend; where nothing is sold online, clicks act like broadcast.

    Half-lives and the spend around which saturation is measured are made good for steps of ``pace`` days.
    """
    if history.media is None or "spend" not in history.media:
        return ()
    spend = history.media.groupby("source")["spend"].sum()
    span = history.media_span
    assert span is not None
    days = max((span.last - span.first).days + 1, 1)
    made = []
    for name in sorted(str(source) for source in spend.index[spend > 0]):
        kind = MEDIA.get(name)
        click = online and kind is not None and kind.action == "click"
        made.append(
            Medium(
                name,
                "click" if click else "broadcast",
                kind.source if click and kind else None,
                HALF_LIFE.get(name, DIGITAL_HALF_LIFE) / pace,
                float(spend[name]) / days * pace,
            )
        )
    return tuple(made)


def drivers_of(
    history: History, channels: tuple[Channel, ...], media: tuple[Medium, ...], steps: int, pace: int
) -> Drivers:
    """Return normal days with the history's media spend and known outside forces laid over them."""
    drivers = Drivers.constant(steps, len(channels), len(media))
    days = np.datetime64(history.calendar.first, "D") + np.arange(steps) * pace
    if history.media is not None and history.media_span is not None:
        drivers.spend[:] = daily_spend(history, media, days) * pace
    _keep_shut(drivers, history, channels, days)
    if history.drivers is not None and history.drivers_span is not None:
        _lay_over(drivers, history, channels, days)
    return drivers


def daily_spend(
    history: History, media: tuple[Medium, ...], days: NDArray[np.datetime64]
) -> NDArray[np.float64]:
    """Return spend a day by medium [steps, M]; after the last known period, last year's again."""
    table, span = history.media, history.media_span
    assert table is not None and span is not None
    first, last = span.bounds(span.periods())
    lengths = (last - first).astype(int) + 1
    wide = table.pivot_table(index="date", columns="source", values="spend", aggfunc="sum")
    wide = wide.reindex(index=span.periods(), columns=[m.name for m in media]).fillna(0.0)
    daily = wide.to_numpy() / lengths[:, None]
    year = max(1, round(365 / lengths.mean()))  # twelve months, not eleven and a bit
    number = np.atleast_1d(np.asarray(span.number(days)))
    known = (number >= 0) & (number < len(daily))
    rows = daily[np.clip(number, 0, len(daily) - 1)]
    recent = daily[-year:]
    again = recent[(number - len(daily)) % len(recent)]
    return np.where(known[:, None], rows, np.where((number < 0)[:, None], 0.0, again))


def _lay_over(
    drivers: Drivers, history: History, channels: tuple[Channel, ...], days: NDArray[np.datetime64]
) -> None:
    """Lay ``<channel>.<driver>`` (or a driver of all channels) of the history over the normal days.

    Raises
    ------
    BadInput
        If a price is multiplied by 0, or anything by less.
    """
    table, span = history.drivers, history.drivers_span
    assert table is not None and span is not None
    number = np.atleast_1d(np.asarray(span.number(days)))
    for name, rows in table.groupby("driver"):
        if not _acts(str(name), history.channels or tuple(channel.name for channel in channels)):
            continue
        head, _, tail = str(name).rpartition(".")
        lowest = float(rows["value"].min())
        if lowest < 0.0 or (tail in PRICES and lowest == 0.0):
            where, expected = (
                f"tables.drivers.{name}",
                "factors above 0" if tail in PRICES else "factors >= 0",
            )
            said = "holds a factor that cannot be"
            raise BadInput(Problem(str(history.file), None, where, f"{lowest:g}", expected, said))
        values = dict(zip(np.atleast_1d(np.asarray(span.number(rows["date"]))), rows["value"], strict=True))
        course = np.array([float(values.get(n, 1.0)) for n in number])
        target = getattr(drivers, tail)
        if target.ndim == 1:
            target *= course
        else:
            columns = [c for c, channel in enumerate(channels) if head in ("", channel.name)]
            target[:, columns] *= course[:, None]


def _keep_shut(
    drivers: Drivers, history: History, channels: tuple[Channel, ...], days: NDArray[np.datetime64]
) -> None:
    """Keep a channel shut until the period of its first sale."""
    series, number = observed(history), np.atleast_1d(np.asarray(history.calendar.number(days)))
    for c, channel in enumerate(channels):
        names = [name for name in series if name in (f"{channel.name}.revenue", f"{channel.name}.orders")]
        sold = (series[names] != 0.0).any(axis=1).to_numpy()  # what is not known counts as open
        if names and sold.any():
            drivers.access[number < int(np.argmax(sold)), c] = 0.0


def unknown_drivers(history: History) -> list[str]:
    """Return the names of the history's drivers that act on nothing in the market."""
    if history.drivers is None:
        return []
    names = [str(name) for name in history.drivers["driver"].unique()]
    return [name for name in names if not _acts(name, history.channels)]


def _acts(name: str, channels: tuple[str, ...]) -> bool:
    """Tell whether a driver is one of the market's, of all channels or of one that the history has."""
    head, _, tail = name.rpartition(".")
    return tail in FACTORS and (not head or (head in channels and tail not in FLAT_DRIVERS))
