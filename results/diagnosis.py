"""A fit's diagnosis in words, the same on the console and in the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from results.language import Language, clean

NAMED = 6  # names in a sentence; the rest is counted
OF_STATISTICS = ("misfit", "narrow", "undefined")


def verdict(document: Mapping[str, Any], language: Language) -> str:
    """Return one sentence: whether the fit is to be trusted."""
    return language.say(f"diagnosis.{_trust(document)}")


def findings(document: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """Return each finding's weight (``no``, ``care``, ``note``) and sentence, worst first."""
    told = []
    for one in document.get("findings") or []:
        key = f"diagnosis.{one.get('about')}"
        if language.has(key):
            names = [_name(str(name), str(one["about"]), language) for name in one.get("names", [])]
            more = len(names) - NAMED
            shown = language.listed(names[:NAMED]) + (language.say("fit.more", n=more) if more > 0 else "")
            told.append((str(one["weight"]), language.say(key, names=shown, n=one["n"], of=one["of"])))
    return told


def recovered(document: Mapping[str, Any], language: Language) -> str | None:
    """Return one sentence on how synthetic twins of the fit were found again; ``None`` where none were."""
    told = document.get("recovery")
    if not isinstance(told, Mapping):
        return None
    share = language.amount(float(told["held_90"]), "share")
    return language.say("diagnosis.recovery", n=told["twins"], share=share)


def _trust(document: Mapping[str, Any]) -> str:
    trust = document.get("trust")
    return str(trust) if trust in ("yes", "care", "no") else "care"


def _name(name: str, about: str, language: Language) -> str:
    return language.statistic(name) if about in OF_STATISTICS else clean(name, 60)
