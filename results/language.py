"""How results are said: numbers in their units, names made harmless, phrases in English and Chinese."""

from __future__ import annotations

import importlib
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from results.phrases import PHRASES, READY_MADE
from results.phrases.bundled import TITLES
from results.phrases.statistics import STATISTICS
from results.ready_made import recognised

LANGUAGES = ("en", "zh")
SPACE = "\u00a0"  # keeps a number and its unit on one line
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_SCALES = {"en": ((1e9, "bn"), (1e6, "M")), "zh": ((1e8, "亿"), (1e4, "万"))}
_WHOLE = {"count", "number", "visits", "orders", "customers", "people", "page views", "views", "units"}
_COUNTS = {"", "ratio", "index", "score", "factor"} | _WHOLE
_ACRONYMS = (
    *("ABC", "ACoS", "CAC", "CPC", "CRM", "KOL", "LTV", "NPS", "OMO", "POS", "QR", "RFM", "ROAS", "ROI"),
    *("SEO", "SKU", "TV"),
)


def moment(stamp: object) -> str:
    """Return when something was done as people write it: ``2027-01-31 09:05 UTC`` for an ISO time."""
    text = str(stamp)
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(\+00:00|Z)?", text)
    return f"{found[1]} {found[2]}{' UTC' if found[3] else ''}" if found else text


def clean(name: object, limit: int | None = None) -> str:
    """Return a name as it can be shown anywhere: one line, at most ``limit`` long, no control characters.

    Direction overrides (U+202E and its kin) would turn around the text that follows them.
    """
    text = "".join(
        letter
        for letter in re.sub(rf"[^\S{SPACE}]+", " ", str(name))
        if letter == SPACE or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    text = text.strip() or "–"
    return text if limit is None or len(text) <= limit else text[: limit - 1].rstrip() + "…"


@cache
def better_sides() -> dict[str, str]:
    """Return which side is better (``higher``, ``lower``, ``none``) by indicator."""
    return {key: indicator.better for key, indicator in _indicators().items()}


def units(key: str) -> str:
    """Return an indicator's unit; empty where it is not known."""
    return str(getattr(_indicators().get(key), "unit", ""))


@cache
def _indicators() -> dict[str, Any]:
    try:
        return dict(importlib.import_module("sim.indicators").INDICATORS)
    except ImportError:  # a stripped installation still reads old runs
        return {}


@dataclass(frozen=True)
class Language:
    """The tongue and the currency of a report.

    Parameters
    ----------
    lang
        ``"en"`` or ``"zh"``; others fall back to English.
    currency
        Code shown with money whose unit is written ``currency``.
    """

    lang: str = "en"
    currency: str = ""

    def say(self, key: str, **fields: object) -> str:
        """Return a phrase with its fields filled in; fields are shown as they are."""
        entry = PHRASES[key]
        text = (entry.get(self.lang) or entry["en"]).replace(" %", f"{SPACE}%")
        return text.format(**fields)

    def tell(self, fact: Any) -> str:
        """Return a fact that a run keeps as ``{"say": key, field: ...}``, in this language.

        Fields may be facts themselves, ``{"kpi": key}`` for an indicator, or lists of these; a plain text
        (a name, a condition, a sentence of an older run) stands as it is.
        """
        if isinstance(fact, list | tuple):
            return self.say("comma").join(self.tell(one) for one in fact)
        if isinstance(fact, Mapping):
            if "kpi" in fact and "say" not in fact:
                return self.kpi_inline(str(fact["kpi"]))
            fields = {name: self.tell(value) for name, value in fact.items() if name != "say"}
            if "plan" in fields:
                fields["plan"] = self.titled(fields["plan"])
            return self.say(str(fact["say"]), **fields)
        return str(fact)

    def translated(self, text: object, keys: tuple[str, ...] = READY_MADE) -> str:
        """Return a sentence that comes ready made in English; as it is where ``keys`` have none like it."""
        said = str(text)
        if self.lang == "en" or (found := recognised(said, keys)) is None:
            return said
        key, fields = found
        return self.say(key, **{name: self._part(name, one, keys) for name, one in fields.items()})

    def _part(self, name: str, text: str, keys: tuple[str, ...]) -> str:
        """Return what stands in a recognised field: a reason is a sentence itself, a period has its word."""
        if name == "why":
            return self.translated(text, keys)
        return self.say(f"span.{text}") if name == "period" and self.has(f"span.{text}") else text

    def titled(self, title: object) -> str:
        """Return the title of a plan or a risk; other than the bundled ones stand as they are."""
        return self.translated(title, tuple(TITLES))

    def statistic(self, name: object) -> str:
        """Return a statistic that a fit is held against, in words."""
        text = clean(name)
        if self.lang == "en":
            return self.kpi_inline(text) if text in _indicators() else text.replace("_", " ")
        if (found := recognised(text, tuple(STATISTICS))) is None:
            return self.kpi(text) if text in _indicators() else text
        key, fields = found
        return self.say(key, **{field: self._label(field, value) for field, value in fields.items()})

    def _label(self, field: str, value: str) -> str:
        """Return what stands in a statistic's field: an indicator, a source, a place."""
        if field == "kpi":
            return self.kpi(value) if value in _indicators() else value
        return {"source": self.source, "place": self.spelt}.get(field, clean)(value)

    def has(self, key: str) -> bool:
        """Tell whether there is such a phrase."""
        return key in PHRASES

    def kpi(self, key: str) -> str:
        """Return an indicator's label, or its key spelt out."""
        indicator = _indicators().get(key)
        label = getattr(indicator, "zh" if self.lang == "zh" else "en", "") if indicator else ""
        return clean(label) if label else self.spelt(key)

    def kpi_inline(self, key: str) -> str:
        """Return an indicator's label as it stands inside a sentence."""
        label = self.kpi(key)
        return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == "-" else label

    def scenario(self, name: object) -> str:
        """Return a scenario's label; across runs only its last part is spelt out."""
        text = str(name)
        if f"scenario.{text}" in PHRASES:
            return self.say(f"scenario.{text}")
        run, slash, last = text.rpartition("/")
        known = self.lang != "en" and f"scenario.{last}" in PHRASES
        last = self.say(f"scenario.{last}") if known else last.replace("_", " ")
        return clean(f"{run}{slash}{last}" if slash else last[:1].upper() + last[1:])

    def the(self, name: object, first: bool = False) -> str:
        """Return a scenario as a sentence names it (*the plan*), ``first`` at its beginning (*The plan*)."""
        text = str(name)
        label = self.say(f"the.{text}") if f"the.{text}" in PHRASES else clean(self.scenario(name), 48)
        return label[:1].upper() + label[1:] if first else label

    def spelt(self, key: object) -> str:
        """Return a key as words: ``cac_new`` is ``CAC new``."""
        if self.has(f"name.{key}"):
            return self.say(f"name.{key}")
        words = clean(str(key).replace("_", " ")).split(" ")
        known = {acronym.lower(): acronym for acronym in _ACRONYMS}
        words = [known.get(word.lower(), word) for word in words]
        return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])

    def source(self, name: object) -> str:
        """Return the label of a source of visits."""
        return self.say(f"source.{name}") if self.has(f"source.{name}") else self.spelt(name)

    def model(self, name: object) -> str:
        """Return the name of a forecasting model; most are the same in every language."""
        return self.say(f"model.{name}") if self.has(f"model.{name}") else clean(name, 30)

    def number(
        self, value: float | None, signed: bool = False, full: bool = False, whole: bool = False
    ) -> str:
        """Return three significant digits with thousand separators; millions and above in short.

        Parameters
        ----------
        value
            What is estimated; counts that are exact are written in full by who knows them.
        signed
            Whether a plus stands before what is above zero.
        full
            Whether zeros at the end are kept, as a column of estimates or an interval's ends want them.
        whole
            Whether it counts things, which have no zeros behind a point.

        Examples
        --------
        >>> Language().number(12345.6), Language().number(0.02816)
        ('12,300', '0.0282')
        >>> Language().number(1.5), Language().number(1.5, full=True)
        ('1.5', '1.50')
        """
        if value is None or not math.isfinite(value):
            return "–"
        sign = "+" if signed and value > 0 else "−" if value < 0 else ""
        size = abs(value)
        for scale, suffix in _SCALES.get(self.lang, _SCALES["en"]):
            if size >= scale * 0.9995:
                return f"{sign}{_digits(size / scale, full)}{self._gap}{suffix}"
        return sign + _digits(size, full and not whole)

    def amount(self, value: float | None, unit: str = "", signed: bool = False, full: bool = False) -> str:
        r"""Return a number in its unit: shares in per cent, their differences in points, money with code.

        Examples
        --------
        >>> Language().amount(0.028, "share"), Language().amount(12.34e6, "CNY")
        ('2.8\xa0%', 'CNY\xa012.3\xa0M')
        """
        if value is None or not math.isfinite(value):
            return "–"
        if unit == "share":
            return self._percent(value, signed, self.say("points") if signed else "%", full)
        code, _, per = unit.partition("/")
        if code == "currency" or re.fullmatch("[A-Z]{3}", code):
            code = self.currency if code == "currency" else code
            tail = f"{self._gap}/{self._gap}{self.unit(per)}" if per else ""
            number = self.number(value, signed, full)
            if self.lang == "zh" and code == "CNY":
                return f"{number}元{tail}"
            sign = number[0] if number[0] in "+−" else ""
            return f"{sign}{clean(code)}{SPACE}{number[len(sign) :]}{tail}" if code else number
        if unit in ("customers", "people"):
            value = round(value)  # a mean over futures is no part of a person
        if unit in _COUNTS:
            return self.number(value, signed, full, unit in _WHOLE)
        return f"{self.number(value, signed, full)}{self._gap}{self.unit(unit)}"

    def estimate(self, value: float | None, unit: str = "", signed: bool = False) -> str:
        r"""Return what was simulated or measured, with as many digits as its neighbours have.

        Examples
        --------
        >>> Language().estimate(0.58, "share"), Language().estimate(18.0e6, "CNY")
        ('58.0\xa0%', 'CNY\xa018.0\xa0M')
        """
        return self.amount(value, unit, signed, full=True)

    def unit(self, name: str) -> str:
        """Return a unit's name."""
        return self.say(f"unit.{name}") if self.has(f"unit.{name}") else clean(name, 24)

    @property
    def _gap(self) -> str:
        """What stands between a number and its unit: Chinese writes them together."""
        return "" if self.lang == "zh" else SPACE

    def band(self, low: float, high: float, unit: str = "", signed: bool = False, full: bool = True) -> str:
        """Return a range; per cent and points are said once, in Chinese per cent twice.

        What is simulated keeps the zeros at its end (``full``), limits that somebody set do not.
        """
        first, last = (self.amount(end, unit, signed, full) for end in (low, high))
        if unit == "share" and math.isfinite(low) and (signed or self.lang != "zh"):
            first = first.removesuffix(self.say("points") if signed else "%").rstrip(SPACE)
        elif self.lang != "zh" and self.has(f"unit.{unit}"):
            first = first.removesuffix(self.unit(unit)).rstrip(SPACE)
        return self.say("band", low=first, high=last)

    def change_band(self, low: float, high: float) -> str:
        """Return a range of relative changes."""
        first = self.change(low) if self.lang == "zh" else self.change(low).removesuffix("%").rstrip(SPACE)
        return self.say("band", low=first, high=self.change(high))

    def change(self, value: float | None, full: bool = True) -> str:
        """Return a relative change in per cent with its sign; one that was set is said without ``full``."""
        return "–" if value is None or not math.isfinite(value) else self._percent(value, True, "%", full)

    def measured(self, value: float | None, measure: str) -> str:
        """Return a finding's figure: changes and shares in per cent, elasticities and returns as numbers."""
        if measure == "relative":
            return self.change(value)
        return self.amount(value, "share") if measure in ("level", "borrowed") else self.number(value)

    def odds(self, share: float | None) -> str:
        """Return a share of futures as a count out of a hundred; rounding never claims certainty."""
        if share is None or not math.isfinite(share):
            return "–"
        if 0 < share < 0.005:
            return "<1"
        return ">99" if 0.995 <= share < 1 else f"{round(100 * share)}"

    def month(self, day: Any) -> str:
        """Return a date as a month."""
        import pandas as pd

        stamp = pd.Timestamp(day)
        if stamp is pd.NaT:
            return "–"
        short = self.short_month(stamp.month)
        return f"{stamp.year}年{short}" if self.lang == "zh" else f"{short} {stamp.year}"

    def short_month(self, month: int) -> str:
        """Return a month of the year, 1 to 12, in short."""
        return f"{month}月" if self.lang == "zh" else _MONTHS[3 * month - 3 : 3 * month]

    def listed(self, names: list[str]) -> str:
        """Return names as one phrase: ``a, b and c``."""
        if len(names) < 2:
            return "".join(names)
        comma, last = ("、", "和") if self.lang == "zh" else (", ", " and ")
        return comma.join(names[:-1]) + last + names[-1]

    def some(self, names: list[str], most: int) -> str:
        """Return at most so many names and how many there are more: ``a, b and 3 more``."""
        if len(names) <= most:
            return self.listed(names)
        known = ("、" if self.lang == "zh" else ", ").join(names[:most])
        return self.say("list.more", names=known, n=len(names) - (0 if self.lang == "zh" else most))

    def sentences(self, *said: str) -> str:
        """Return sentences one after another."""
        return ("" if self.lang == "zh" else " ").join(one for one in said if one)

    def _percent(self, value: float, signed: bool, unit: str, full: bool = False) -> str:
        percent = 100 * value
        sign = "+" if signed and percent > 0 else "−" if percent < 0 else ""
        size = abs(percent)
        places = 0 if size >= 99.95 else 1 if size >= 9.95 else 2
        digits = (
            f"{size:,.{places}f}" if size >= 0.095 else f"{size:.2g}" if size >= 0.0095 else f"{size:.3f}"
        )
        if float(digits.replace(",", "")) == 0:  # less than anybody acts upon
            sign, digits = "", "0"
        return f"{sign}{digits if full else _short(digits)}{self._gap}{unit}"


def _digits(size: float, full: bool) -> str:
    size = float(f"{size:.3g}")
    if size == 0 or size >= 1000:
        return f"{size:,.0f}"
    if size < 1e-6:
        return f"{size:.1e}"
    places = 2 - math.floor(math.log10(size) + 1e-12)
    digits = f"{size:,.{max(0, min(places, 8))}f}"
    return digits if full else _short(digits)


def _short(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
