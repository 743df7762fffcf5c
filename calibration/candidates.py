"""What is pooled into a forecast of one series: the market, its customers, statistics of the series alone.

Three voices. The **market** is its own path times the gap to history. **Statistics** are the equal mean of
the quantiles of ETS, SARIMAX and UCM: near relatives, among which a few folds choose by luck, while one
weight a voice can be learnt from few. Where there is a customer log, **customers** are what a model of repeat
buying expects of those who are known (:mod:`calibration.repeat_buying`), times its own gap to history.

The same voices speak at the end of the history and at inner origins within it (`calibration.pooling`).
Statistics and customers are fitted anew at each; of the market only the gap is projected anew, from what was
known there, since one more fit an origin would double the work. Its parameters thus know of what they
forecast and it is judged too kindly: of a customer log by a fifth of its CRPS where that was measured
(decision 35). Of shares, which they are fitted to, its members are led to what was known at each origin
(:mod:`calibration.conditioning`), and to no more.

Where zeros are usual (:mod:`calibration.intermittent`) a model of them speaks alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from calibration import intermittent, year_ago
from calibration.baselines import BASELINES
from calibration.closures import known_ahead
from calibration.conditioning import conditioned
from calibration.pooling import PATHS, Fold, Recipe, choose, inner_origins, learn
from calibration.residuals import combine, log_ratio, project

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import Calendar
    from scenarios.executor import Pool

Array = NDArray[np.float64]
MARKET, STATISTICS, CUSTOMERS = "market", "statistics", "customers"
LUMPS, YEAR_AGO = "intermittent", "year_ago"
LEANT_ON = ("ets", "sarimax", "ucm")
"""Statistical models a forecast can lean on, of `BASELINES`."""
COMBINED = ("ets", "sarimax", "ucm")
"""What carries a gap on where only statistics know of growth."""


@dataclass(frozen=True)
class Subject:
    """One series to forecast.

    Attributes
    ----------
    name : str
        Names the random streams.
    seen : ndarray of shape (known,)
        Past values; NaN where not known.
    lived : ndarray of shape (members, known + horizon)
        The same series of each member of the ensemble, past and future.
    calendar : Calendar
        Of the past.
    season : int
        Periods in a season.
    share : bool
        Whether values are shares, 0-1.
    trend : bool
        Whether the gap between history and market may go on with a trend of its own.
    seed : int
    expected : mapping of int to ndarray of shape (known + horizon,), optional
        What a model of repeat buying expects of past and future, by the number of periods known to it.
    """

    name: str
    seen: Array
    lived: Array
    calendar: Calendar
    season: int
    share: bool
    trend: bool
    seed: int
    expected: Mapping[int, Array] | None = None

    def at(self, known: int, horizon: int) -> Subject:
        """Return the subject as it stood when ``known`` periods were, with ``horizon`` periods ahead."""
        last = (self.calendar.start(known) - 1).item()
        return replace(
            self,
            seen=self.seen[:known],
            lived=self.lived[:, : known + horizon],
            calendar=replace(self.calendar, last=last),
        )


def pooled(subject: Subject, pool: Pool, usual: Array | None = None) -> tuple[Array, Recipe]:
    """Return forecast paths [400, horizon] of a subject, and the recipe by which candidates were pooled.

    Parameters
    ----------
    subject : Subject
    pool : Pool
        Where candidates are made.
    usual : ndarray of shape (members, known + horizon), optional
        The members' paths had nothing special lain ahead. Statistical models cannot know of what is to come
        (a closure announced): the market's answer to it is laid on their paths.
    """
    known = subject.seen.size
    horizon = subject.lived.shape[1] - known
    ahead, origins = inner_origins(known, horizon)
    places = [*((origin, ahead) for origin in origins), (known, horizon)]
    judged = _judged()
    lumpy = not subject.share and intermittent.is_intermittent(subject.seen, subject.season)
    voices = [
        *([] if _says_nothing(subject) else [MARKET]),
        *([CUSTOMERS] if _all_expect(subject, places) else []),
    ]
    names = (*([LUMPS] if lumpy else voices), *judged, *([YEAR_AGO] if subject.trend and not lumpy else []))
    jobs = [(name, subject.at(*place)) for place in places for name in names]
    made: list[dict[str, Array]] = [{} for _ in places]
    for position, paths in pool.run(draw, jobs):
        if paths is not None:
            made[position // len(names)][names[position % len(names)]] = paths
    came = [subject.seen[origin : origin + ahead] for origin in origins]
    inner = list(zip(origins, came, made[:-1], strict=True))
    folds = [Fold(origin, actual, _voices(said, subject.at(origin, ahead))) for origin, actual, said in inner]
    alone = [
        Fold(origin, actual, {k: said[k] for k in judged if k in said}) for origin, actual, said in inner
    ]
    last = _voices(made[-1], subject)
    recipe = replace(learn(folds, tuple(last), subject.share), chosen=choose(alone))
    if usual is not None:
        recipe = led_by_market(recipe, last, subject, usual)
        last = _told(last, subject, usual)
    return recipe.join(last), recipe


def chosen_beforehand(subject: Subject, pool: Pool) -> str:
    """Return the baseline that inner folds would choose for a subject that is not forecast by itself."""
    known = subject.seen.size
    ahead, origins = inner_origins(known, subject.lived.shape[1] - known)
    jobs = [(name, subject.at(origin, ahead)) for origin in origins for name in _judged()]
    said: dict[int, dict[str, Array]] = {origin: {} for origin in origins}
    for position, paths in pool.run(draw, jobs):
        if paths is not None:
            said[origins[position // len(_judged())]][jobs[position][0]] = paths
    return choose([Fold(origin, subject.seen[origin : origin + ahead], said[origin]) for origin in origins])


def _judged() -> tuple[str, ...]:
    """Return the baselines among which one is chosen beforehand."""
    return tuple(dict.fromkeys(("seasonal_naive", *LEANT_ON)))


def _says_nothing(subject: Subject) -> bool:
    """Tell whether the market knows of no force that moved a subject: it would repeat statistics."""
    return subject.trend and not subject.share and bool(np.ptp(subject.lived) < 1e-12)


def _all_expect(subject: Subject, places: Sequence[tuple[int, int]]) -> bool:
    """Return whether a model of repeat buying speaks at every origin; a voice at some cannot be weighed."""
    expected = subject.expected or {}
    return all(known in expected and len(expected[known]) >= known + ahead for known, ahead in places)


def _voices(paths: Mapping[str, Array], subject: Subject) -> dict[str, Array]:
    """Return the market's paths, the customers', and those of the statistical models' equal mean.

    In a second year the last one speaks among them, as far as it is to be believed.
    Where zeros are usual a model of them speaks alone: products and means with the others' are never zero.
    """
    if LUMPS in paths:
        return {STATISTICS: paths[LUMPS]}
    models = [name for name in LEANT_ON if name in paths]
    voices = {name: paths[name] for name in (MARKET, CUSTOMERS) if name in paths}
    if models:
        told = year_ago.weight(subject.seen, subject.season, subject.share) if YEAR_AGO in paths else 0.0
        weights = dict.fromkeys(models, (1.0 - told) / len(models)) | ({YEAR_AGO: told} if told else {})
        voices[STATISTICS] = Recipe(weights, 1.0, subject.share).join(paths)
    return voices


def draw(job: tuple[str, Subject]) -> Array | None:
    """Return a candidate's paths [n, horizon] of a subject; nothing where it has no value to start from."""
    name, subject = job
    if not np.isfinite(subject.seen).any() and name != MARKET:
        return None
    if name == CUSTOMERS:
        return customer_paths(subject)
    if name == LUMPS:
        return _lumpy(subject)
    if name == YEAR_AGO:
        return _year_ago(subject)
    return market_paths(subject) if name == MARKET else _statistical(name, subject)


def customer_paths(subject: Subject) -> Array:
    """Return the repeat-buying model's forecast paths [400, horizon]: one member, its gap projected."""
    known, end = subject.seen.size, subject.lived.shape[1]
    path = (subject.expected or {})[known][None, :end]
    return market_paths(replace(subject, name=f"{subject.name} of customers", lived=path))


def market_paths(subject: Subject) -> Array:
    """Return the market's forecast paths [400, horizon]: its own path times the gap to history, projected.

    Of shares, members are led to what was seen first. The gap is projected without a trend of its own, or
    carried on where the subject says so. Closures that the calendar repeats (:mod:`calibration.closures`) are
    neither gap nor sales.
    """
    import pandas as pd

    known, share, season = subject.seen.size, subject.share, subject.season
    horizon = subject.lived.shape[1] - known
    periods = subject.calendar.periods()
    days = periods if subject.calendar.period == "day" else None
    seen, fixed = known_ahead(subject.seen, season, horizon, share, days)
    lived = _led(subject, seen) if share else subject.lived
    levels = _levels(lived, known, share)
    market = levels.mean(axis=0)  # before logarithms: a member that sold nothing for once is no collapse
    scaled, middle = _to_line(levels, share), _to_line(market, share)
    gap = pd.Series(log_ratio(seen, market[:known], share), index=periods)
    key = (subject.seed, subject.name)
    trend = subject.trend and bool(gap.notna().any())
    paths = carried_on(gap, horizon, season, key) if trend else project(gap, horizon, season, key, PATHS)
    paths = paths + _member_trends(scaled - middle, known, season)[np.arange(PATHS) % len(lived)]
    return np.where(np.isnan(fixed), combine(market[known:], paths, share), fixed)


def _led(subject: Subject, seen: Array) -> Array:
    """Return members' shares [members, known + horizon], led to what was ``seen`` [known]."""
    from scipy.special import expit

    generator = np.random.default_rng([subject.seed, crc32(f"{subject.name} led".encode()), seen.size])
    inside = np.where((seen > 0.0) & (seen < 1.0), seen, np.nan)
    led = conditioned(_to_line(subject.lived, True), _to_line(inside, True), generator)
    return np.asarray(expit(led))


def carried_on(gap: pd.Series, horizon: int, season: int, key: tuple[int, str]) -> Array:
    """Carry the gap on with its trend [400, horizon]: paths of three statistical models in equal parts.

    Equal weights are hard to beat (Timmermann 2006, "Forecast combinations"), and where the market explains
    nothing the forecast is then the combination itself. In a second year the last one is among them.
    """
    ratio = np.exp(gap)

    def luck(name: str) -> np.random.Generator:
        return np.random.default_rng([key[0], crc32(f"{key[1]} {name}".encode())])

    drawn = {name: BASELINES[name](ratio, horizon, season, luck(name)).samples for name in COMBINED}
    told = 0.0
    if year_ago.speaks(ratio.to_numpy(), season):
        told = year_ago.weight(ratio.to_numpy(), season)
        drawn[YEAR_AGO] = year_ago.paths(ratio.to_numpy(), horizon, season, luck(YEAR_AGO))
    counts = np.diff(np.round(np.linspace(0.0, (1.0 - told) * PATHS, len(COMBINED) + 1)).astype(int))
    parts = [drawn[name][:count] for name, count in zip(COMBINED, counts.tolist(), strict=True)]
    rest = PATHS - int(counts.sum())
    paths = np.concatenate([*parts, drawn[YEAR_AGO][:rest]] if rest else parts)
    return np.asarray(np.log(np.maximum(paths, 1e-9)))


def _statistical(name: str, subject: Subject) -> Array:
    """Return the paths of one of `BASELINES`, of the series alone."""
    import pandas as pd

    told = "a.share" if subject.share else subject.name.replace(".share", "")
    series = pd.Series(subject.seen, index=subject.calendar.periods(), name=told)
    key = [subject.seed, crc32(subject.name.encode()), crc32(name.encode())]
    horizon = subject.lived.shape[1] - subject.seen.size
    return BASELINES[name](series, horizon, subject.season, np.random.default_rng(key)).samples


def _lumpy(subject: Subject) -> Array | None:
    """Return paths of an intermittent series; nothing before its first sale."""
    if not intermittent.since_first_sale(subject.seen).size:
        return None
    key = [subject.seed, crc32(subject.name.encode()), crc32(LUMPS.encode())]
    horizon = subject.lived.shape[1] - subject.seen.size
    return intermittent.paths(subject.seen, horizon, np.random.default_rng(key))


def _year_ago(subject: Subject) -> Array | None:
    """Return paths of the last year again; nothing unless a second year has begun."""
    seen, season, share = subject.seen, subject.season, subject.share
    if not year_ago.speaks(seen, season, share):
        return None
    key = [subject.seed, crc32(subject.name.encode()), crc32(YEAR_AGO.encode())]
    horizon = subject.lived.shape[1] - seen.size
    return year_ago.paths(seen, horizon, season, np.random.default_rng(key), share)


def led_by_market(recipe: Recipe, paths: Mapping[str, Array], subject: Subject, usual: Array) -> Recipe:
    """Return the recipe for days of news: the more of it, the less those who cannot know of it say.

    Inner folds judged all voices in usual days. A statistical trend with the market's answer on it counts
    some things twice: who was driven online by a closure would have come later. Weights of the other voices
    are divided by 1 + e^2 / s^2, with e the answer's size and s their own spread, so that news within what
    they leave open changes little; and the width is not narrowed by what usual days taught.
    """
    if MARKET not in paths or not subject.share:
        return recipe
    size = float(np.mean(_answer(subject, usual) ** 2))
    weights = dict(recipe.weights)
    for name in weights.keys() & paths.keys() - {MARKET}:
        own = float(_to_line(paths[name], subject.share).var(axis=0).mean())
        weights[name] /= 1.0 + size / max(own, 1e-12)
    whole = sum(weights.values())
    return replace(
        recipe,
        weights={name: weight / whole for name, weight in weights.items()},
        spread=max(recipe.spread, 1.0),
    )


def _told(paths: Mapping[str, Array], subject: Subject, usual: Array) -> dict[str, Array]:
    """Lay what the market makes of the special things ahead on the paths of those who cannot know of them."""
    effect = _answer(subject, usual)
    return {
        name: found if name == MARKET else combine(found, effect, subject.share)
        for name, found in paths.items()
    }


def _answer(subject: Subject, usual: Array) -> Array:
    """Return the market's answer to the news ahead [horizon]: log odds of shares, logs of amounts."""
    known, share = subject.seen.size, subject.share
    told, plain = (_levels(lived, known, share).mean(axis=0)[known:] for lived in (subject.lived, usual))
    return _to_line(told, share) - _to_line(plain, share)


def _levels(lived: Array, known: int, share: bool) -> Array:
    """Return shares as they are, and amounts over each member's mean in the past."""
    return lived if share else lived / np.maximum(lived[:, :known].mean(axis=1, keepdims=True), 1e-12)


def _to_line(values: Array, share: bool) -> Array:
    """Return values where gaps add: log odds of shares, logs of amounts relative to their past mean."""
    if share:
        inside = np.clip(values, 1e-4, 1.0 - 1e-4)
        return np.asarray(np.log(inside / (1.0 - inside)))
    return np.asarray(np.log(np.maximum(values, 1e-3)))


def _member_trends(apart: Array, known: int, season: int) -> Array:
    """Return how members part from the ensemble's mean beyond the past [members, horizon], as straight lines.

    A line through nothing at the end of the past: single periods of one member are mostly luck.
    """
    horizon = apart.shape[1] - known
    recent = max(min(season, known), min(known, 4))
    steps = np.arange(1, horizon + 1, dtype=float)
    moved = apart[:, known:] - apart[:, known - recent : known].mean(axis=1, keepdims=True)
    slopes = moved @ steps / float(steps @ steps)
    return np.outer(slopes, steps)
