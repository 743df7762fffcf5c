"""Sentences and names that come ready made in English, recognised so that they can be said otherwise."""

from __future__ import annotations

import re
import string
from functools import cache

from results.phrases import PHRASES


def recognised(text: str, keys: tuple[str, ...]) -> tuple[str, dict[str, str]] | None:
    """Return which of the phrases ``keys`` a text is in English, and its fields; ``None`` if none."""
    for pattern, key in _templates(keys):
        if (found := pattern.fullmatch(text)) is not None:
            return key, found.groupdict()
    return None


@cache
def _templates(keys: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what recognises these phrases, those with most fixed text first."""
    found = []
    for key in keys:
        parts = list(string.Formatter().parse(PHRASES[key]["en"]))
        text = "".join(re.escape(fixed) + (f"(?P<{name}>.+?)" if name else "") for fixed, name, _, _ in parts)
        found.append((sum(len(fixed) for fixed, *_ in parts), re.compile(text, re.DOTALL), key))
    return tuple((pattern, key) for _, pattern, key in sorted(found, key=lambda one: -one[0]))
