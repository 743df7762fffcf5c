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
            said = language.say(key, names=language.some(names, NAMED), n=one["n"], of=one["of"])
            told.append((str(one["weight"]), said))
    return told


def recovered(document: Mapping[str, Any], language: Language) -> str | None:
    """Return one sentence on how synthetic twins were found again, or why none were; ``None``: not said."""
    told = document.get("recovery")
    if not isinstance(told, Mapping):
        key = f"diagnosis.without_{document.get('without_twins')}"
        return language.say(key) if language.has(key) else None
    share = language.amount(float(told["held_90"]), "share")
    return language.say("diagnosis.recovery", n=told["twins"], share=share)


def even(document: Mapping[str, Any], language: Language) -> list[str]:
    """Return sentences on how even the ranks of truths are, of the inference alone and with its emulator."""
    ranks, said = document.get("ranks"), []
    for kind, key in (("emulated", "diagnosis.ranks"), ("simulated", "diagnosis.ranks_simulated")):
        told = ranks.get(kind) if isinstance(ranks, Mapping) else None
        if isinstance(told, Mapping) and told.get("ks_p_holm"):
            chances = [float(p) for p in told["ks_p_holm"].values()]
            share = language.amount(float(told["held_90"]), "share")
            fields = {"n": told["twins"], "share": share, "of": len(chances)}
            said.append(language.say(key, p=language.number(min(chances)), **fields))
    return said


def _trust(document: Mapping[str, Any]) -> str:
    trust = document.get("trust")
    return str(trust) if trust in ("yes", "care", "no") else "care"


def _name(name: str, about: str, language: Language) -> str:
    return language.statistic(name) if about in OF_STATISTICS else clean(name, 60)
