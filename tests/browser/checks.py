"""What every page must pass: readable by everybody, and no wider than its window."""

from __future__ import annotations

from typing import Any

# Colours are judged as they stay: a page still loading or fading in is fainter for half a second.
SETTLED = """() => !document.querySelector('.solara-page-loading') && document.getAnimations().every(
    one => one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)"""
HOSTILE = '<script>document.title="struck"</script>=1+1 "\'& \u202egnp.exe\u202c ' + "Umsatz" * 40
PHONE = 390


def faults(page: Any) -> list[str]:
    """Return what axe-core finds serious or critical, each with the first place it is found at."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_function(SETTLED)
    found = Axe().run(page).response["violations"]
    return [
        f"{one['impact']} {one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def sideways(page: Any) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
