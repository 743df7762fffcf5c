"""The shop's pages: how fast they are, whether search finds, what detail pages are worth.

Where :class:`FunnelSteps` are declared, visits are followed through search, detail pages and favourites, and the
speed of pages acts on who stays and who completes. A page a tenth slower costs 2 % of conversion (Gallino,
Karacaoglu & Moreno 2023), an elasticity of ``log 0.98 / log 1.1 = -0.21``, which is split between the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.customers.browsing import FOUND
from sim.parameters import Parameter, Values
from sim.retailer.page_tests import PageLab
from sim.setup import SOURCES

if TYPE_CHECKING:
    from sim.customers.exchange import Offer
    from sim.setup import Setup

PARAMETERS = (
    Parameter("speed_stay", "share of visits that stay: elasticity to the time a page takes, negative", 0.14, 0.07, 0.28, "O", "page 10 % slower, conversion -2 %: Gallino et al. 2023; two thirds of it", "log"),
    Parameter("speed_completion", "share of checkouts completed: the same elasticity", 0.07, 0.035, 0.14, "O", "Gallino et al. 2023; a third of it", "log"),
    Parameter("search_room", "share of failed searches that full site capability saves", 0.3, 0.05, 0.6, "A", "below the plans' cases (search conversion +22 to +30 %), which are claims", "logit"),
)  # fmt: skip


@dataclass(frozen=True)
class FunnelSteps:
    """Visits are followed over the pages; how, the parameters beside ``sim/customers/funnel.py`` say."""


class Pages:
    """The pages, day by day; ``lab`` tests new ones where that is declared.

    Parameters
    ----------
    setup, values, seed
        The market, its parameters, and the luck of page tests.
    """

    def __init__(self, setup: Setup, values: Values, seed: int) -> None:
        self.channels = setup.channels
        self.online = np.array([float(channel.online) for channel in setup.channels])
        self.followed = setup.funnel is not None
        tests = setup.page_tests
        self.lab = None if tests is None else PageLab(tests, values, seed, setup.weight)
        self.site, self.steps = 0.0, np.zeros(FOUND + len(setup.channels))
        self.better, self.boost = False, np.zeros(len(setup.channels))
        self.seen = np.zeros((len(SOURCES), len(setup.channels)), np.int64)
        self.bought, self.days = np.zeros(len(setup.channels), np.int64), 0
        self.adopt(values)

    @classmethod
    def of(cls, setup: Setup, values: Values, seed: int) -> Pages | None:
        """Return the pages of a setup that declares steps or tests, or ``None``."""
        return None if setup.funnel is None and setup.page_tests is None else cls(setup, values, seed)

    def adopt(self, values: Values) -> None:
        """Work with ``values`` from now on."""
        time = np.array([values.of_channel("page_time", channel) for channel in self.channels])
        self.slow = self.followed and bool((time != 1.0).any())
        time = np.maximum(time, 1e-3)
        self.stay, self.complete = time ** -values["speed_stay"], time ** -values["speed_completion"]
        self.gone = 1.0 - self.stay
        found = [values.of_channel("search_success", channel) for channel in self.channels]
        self.failing, self.room = 1.0 - np.minimum(found, 1.0), values["search_room"]
        names = ("search_use", "search_exit", "detail_pages", "favourite_margin", "favourite_habit")
        self.today = [values[name] for name in names]
        self.worth, self.stale = values["page_worth"] if self.followed else 0.0, True

    def join(self, offer: Offer, site: float) -> Offer:
        """Return the day's offer with its pages; ``site`` is the level of site capability, 0-1."""
        if self.stale or site != self.site:
            self._renew(site)
        if not self.followed:
            return offer._replace(worth=offer.worth + self.boost) if self.better else offer
        worth = offer.worth + self.boost if self.better else offer.worth
        if not self.slow:
            return offer._replace(steps=self.steps, worth=worth)
        return offer._replace(
            steps=self.steps,
            worth=worth,
            bounce=offer.bounce * self.stay + self.gone,  # a chance below 0 never happens, one above 1 always
            mobile_completion=offer.mobile_completion * self.complete,
            desktop_completion=offer.desktop_completion * self.complete,
        )

    def _renew(self, site: float) -> None:
        """Lay out what has changed since the last day."""
        self.site, self.stale = site, False
        self.steps = np.array([*self.today, *(1.0 - self.failing * (1.0 - self.room * site))])
        gain = self.worth + (0.0 if self.lab is None else self.lab.gain)
        self.better, self.boost = gain != 0.0, gain * self.online

    def close(
        self, day: int, visits: NDArray[np.int64], orders: NDArray[np.int64]
    ) -> tuple[float, dict[str, float]]:
        """Let tests be read in the evening; ``visits`` [S, C] and ``orders`` [C] are the day's, in agents.

        Returns what they cost, and what the books should keep.
        """
        lab, cost = self.lab, 0.0
        if lab is None:
            return cost, {}
        self.seen += visits
        self.bought += orders
        self.days += 1
        if lab.due_on(day):
            cost = lab.run(
                day, float((self.seen @ self.online).sum()), float(self.bought @ self.online), self.days
            )
            self.seen[:], self.bought[:], self.days, self.stale = 0, 0, 0, True
        return cost, {"page_gain": lab.gain, "page_claimed": lab.claimed, "page_tests": lab.done}
