"""The budget: totals by year, their split, and how the media, technology and team money is spent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from scenarios.plan.control import Control, Finance, Income, Line
from scenarios.plan.fields import Amount, Name, Part, Share, Shares, Text, check_sum, refusal
from scenarios.plan.vocabulary import MEDIA, Bid, MediumName

YEARS = 5  # years that may be budgeted one by one; the last one given repeats


class Split(Shares):
    """Shares of a year's budget; they sum to 1."""

    technology: Share = Field(default=0.0, description="Site, data and automation")
    marketing: Share = Field(default=0.0, description="Media")
    team: Share = Field(default=0.0, description="Service desk, training and incentives")
    reserve: Share = Field(default=0.0, description="Held back for shocks")


class TechnologySplit(Shares):
    """How technology money is invested; the shares sum to 1."""

    site: Share = Field(default=0.0, description="Site and app: speed, search, checkout")
    data: Share = Field(default=0.0, description="Data platform: identity, segments, targeting")
    automation: Share = Field(default=0.0, description="Order handling, service bots, marketing automation")


class TeamSplit(Shares):
    """How team money is invested; the shares sum to 1."""

    service: Share = Field(default=0.0, description="Service desk")
    skill: Share = Field(default=0.0, description="Training and incentives")


def _whole(media: Mapping[str, float]) -> Mapping[str, float]:
    check_sum(dict(media))
    return media


def _possible(bidding: Mapping[str, str]) -> Mapping[str, str]:
    """Refuse bids on what is not bid for, and payment by results where results cannot be told apart."""
    for name, bid in bidding.items():
        if MEDIA[name].action != "click":
            raise refusal(f"{name} is not bought by the click", "a medium that buys clicks", bid)
        if bid != "cpc" and MEDIA[name].source == "content":
            said = f"orders from {name} cannot be told from those of unpaid content"
            raise refusal(said, "cpc", bid)
    return bidding


Bidding = Annotated[Mapping[MediumName, Bid], AfterValidator(_possible)]
Media = Annotated[Mapping[MediumName, Share], AfterValidator(_whole)]


class Year(Part):
    """One year's money."""

    total: Amount = Field(description="The year's budget, currency")
    split: Split | None = Field(default=None, description="Shares by purpose; the year before's unless given")
    media: Media | None = Field(
        default=None, description="Shares of marketing by medium; budget.media unless given"
    )


class Today(Part):
    """What is spent today, which `status_quo` keeps spending."""

    total: Amount = Field(description="Spending a year today, currency")
    split: Split | None = Field(default=None, description="Shares by purpose; year_1's unless given")
    media: Media | None = Field(
        default=None, description="Shares of marketing by medium; budget.media unless given"
    )
    note: Text | None = Field(default=None, description="Where the figure comes from")
    bidding: Bidding = Field(default={}, description="How media bid today; see budget.bidding")


class Budget(Part):
    """Money by year; where a year is absent the last year given is repeated."""

    today: Today | None = Field(default=None, description="Spending before the plan; `status_quo` keeps it")
    year_1: Year = Field(description="First year")
    year_2: Year | None = Field(default=None, description="Second year; the first is repeated unless given")
    year_3: Year | None = Field(default=None, description="Third year; the last one given is repeated")
    year_4: Year | None = Field(default=None, description="Fourth year; the last one given is repeated")
    year_5: Year | None = Field(default=None, description="Fifth year and every later one")
    media: Media = Field(
        default={"paid_search": 0.5, "feed_ads": 0.5},
        description="Shares of marketing money by medium; they sum to 1",
    )
    technology: TechnologySplit = Field(
        default=TechnologySplit(site=0.4, data=0.3, automation=0.3),
        description="How technology money is invested",
    )
    team: TeamSplit = Field(
        default=TeamSplit(service=0.5, skill=0.5), description="How team money is invested"
    )
    expected_income: Mapping[Name, Income] = Field(
        default={}, description="Income the plan expects, by name; shown beside what came"
    )
    lines: Mapping[Name, Line] = Field(default={}, description="Lines booked one by one, by name")
    control: Control = Field(default=Control(), description="How the budget is watched and moved")
    bidding: Bidding = Field(
        default={},
        description="How media bid in auctions: cpc pays per click, cpa per order, ocpm per impression aimed "
        "at who orders; media left out keep buying clicks as today",
    )
    finance: Finance | None = Field(default=None, description="How money is booked and when it flows")

    @model_validator(mode="after")
    def _first_split(self) -> Budget:
        if self.year_1.split is None:
            raise refusal("the first year has no split", "year_1.split: technology, marketing, team, reserve")
        return self

    def year(self, number: int) -> Year:
        """Return year ``number`` (1 is the first) with its split and media filled in."""
        if number < 1:
            raise ValueError(f"number: expected 1 or more, got {number}")
        given = [getattr(self, f"year_{n}") for n in range(1, min(number, YEARS) + 1)]
        years = [year for year in given if year is not None]
        split = next(year.split for year in reversed(years) if year.split is not None)
        media = next((year.media for year in reversed(years) if year.media), self.media)
        return Year(total=years[-1].total, split=split, media=media)

    def spending_today(self) -> Year:
        """Return what is spent today as a year; nothing where the plan does not say."""
        first = self.year(1)
        if self.today is None:
            return Year(total=0.0, split=first.split, media=self.media)
        return Year(
            total=self.today.total,
            split=self.today.split or first.split,
            media=self.today.media or self.media,
        )
