"""One phrase in both languages."""

from __future__ import annotations


def pair(en: str, zh: str) -> dict[str, str]:
    """Return a phrase by language."""
    return {"en": en, "zh": zh}
