"""Media: spend becomes visits (click) or a lift of needs (broadcast), through adstock and saturation.

Adstock is geometric and normalised, so a constant spend is its own adstock. Saturation is the Hill curve
relative to the reference spend, at which it is 1 (Jin et al. 2017, "Bayesian methods for media mix modeling
with carryover and shape effects"; half-saturation and shape as in Meridian and Robyn).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values, family
from sim.setup import SOURCES, Medium

PARAMETERS = (
    Parameter("hill_shape", "Hill exponent", 1.0, 0.5, 3.0, "O", "Robyn's example bounds", "log"),
    Parameter(
        "half_saturation",
        "relative to reference spend",
        1.0,
        0.1,
        10.0,
        "O",
        "Meridian TruncNormal(0.8, 0.8)",
        "log",
    ),
    *family(
        "cpc",
        "currency per click at reference spend",
        {
            "paid_search": (2.0, 0.5, 8.0),
            "feed_ads": (1.5, 0.4, 6.0),
            "live": (1.5, 0.4, 6.0),
            "other": (2.0, 0.4, 8.0),
        },
        "A",
        "-",
        "log",
    ),
    *family(
        "lift",
        "elasticity of needs to broadcast spend",
        {"other": (0.05, 0.005, 0.15)},
        "E",
        "0.12 short run: Sethuraman et al. 2011; .014 TV: Shapiro et al. 2021",
        "log",
    ),
    *family(
        "intent",
        "utility that a source's visitors bring",
        {
            "walk_in": (0.0, -0.5, 0.5),
            "direct": (0.4, -0.2, 1.0),
            "organic_search": (0.1, -0.4, 0.6),
            "content": (-0.4, -1.0, 0.2),
            "referral": (0.3, -0.2, 0.8),
            "private_domain": (0.4, -0.2, 1.0),
            "paid_search": (0.0, -0.5, 0.5),
            "feed_ads": (-0.6, -1.2, 0.0),
            "live": (-0.2, -0.8, 0.4),
            "qr_code": (0.2, -0.4, 0.8),
        },
        "A",
        "-",
    ),
)


def decay(half_life: float) -> float:
    """Return the share of adstock kept overnight for a half-life in days (0 forgets at once)."""
    return 0.5 ** (1.0 / half_life) if half_life > 0 else 0.0


def hill(relative: NDArray[np.float64], shape: float, half: float) -> NDArray[np.float64]:
    """Return saturated effect of adstock over reference spend; 0 at 0, 1 at 1."""
    powered = np.power(relative, shape)
    return np.asarray(powered * (1.0 + half**shape) / (powered + half**shape))


def contested(
    relative: NDArray[np.float64],
    quality: NDArray[np.float64],
    pressure: NDArray[np.float64],
    shape: float,
    half: float,
) -> NDArray[np.float64]:
    """Return the share of impressions won, over that at the reference: our effort against the rivals'.

    A Tullock contest (1980, "Efficient rent seeking"): the Hill curve where quality and pressure are 1.
    """
    ours = np.power(relative * quality, shape)
    return np.asarray(ours * (1.0 + half**shape) / (ours + np.power(half * pressure, shape)))


class MediaDesk:
    """Remembers the adstock of each medium and turns today's spend into clicks and lift.

    Adstock starts at ``custom`` [M], the customary spend a day.
    """

    def __init__(self, media: Sequence[Medium], values: Values, custom: NDArray[np.float64]) -> None:
        self.media = tuple(media)
        self.keep = np.array([decay(medium.half_life) for medium in media])
        self.reference = np.array([max(medium.reference, 1e-9) for medium in media])
        self.shape, self.half = values["hill_shape"], values["half_saturation"]
        self.cpc = np.array([values.of_member("cpc", medium.name) for medium in media])
        self.lift = np.array([values.of_member("lift", medium.name) for medium in media])
        self.click = np.array([medium.action == "click" for medium in media], bool)
        self.source = np.array(
            [SOURCES.index(medium.source) if medium.source else 0 for medium in media], int
        )
        self.raised = np.where(self.click, 0.0, self.lift)
        self.broadcasts = not self.click.all()
        self.spread = self.shape * self.half**self.shape / (1.0 + self.half**self.shape)
        self.adstock = np.asarray(custom, float).copy()
        self.effect = np.ones(len(self.media))

    def reach(
        self,
        spend: NDArray[np.float64],
        click_price: float,
        contest: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
    ) -> tuple[NDArray[np.float64], float]:
        """Return clicks a day by medium [M] (0 for broadcast) and the factor on needs from broadcast.

        ``click_price`` multiplies the cost per click: inflation, better targeting, whatever makes all clicks
        dearer. ``contest`` are the quality of our bids and the effort of rivals by medium, today's being 1.
        """
        if not self.media:
            return np.zeros(0), 1.0
        self.adstock = self.keep * self.adstock + (1.0 - self.keep) * spend
        relative = self.adstock / self.reference
        if contest is None:
            effect = hill(relative, self.shape, self.half)
        else:
            effect = contested(relative, *contest, self.shape, self.half)
        self.effect = effect
        clicks = effect * self.reference / (self.cpc * click_price)
        if not self.broadcasts:
            return clicks, 1.0
        clicks = np.where(self.click, clicks, 0.0)
        lifts = 1.0 + self.raised * (effect - 1.0) / self.spread
        return clicks, float(np.maximum(lifts, 0.05).prod())
