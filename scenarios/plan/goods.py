"""What a plan says of products, prices and dealers against itself or its channels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from results.problems import nearest
from scenarios.plan.business import Channel, Product
from scenarios.plan.fields import TOLERANCE
from scenarios.plan.model import Fault, Path, Plan
from scenarios.plan.vocabulary import PRODUCT_LEVERS

_GOODS = ("products", "channels")


def goods_faults(plan: Plan) -> Iterator[Fault]:
    """Yield everything about products, prices and dealers that cannot be."""
    for name, product in plan.products.items():
        yield from _places(plan, ("products", name), product)
        yield from _sold(plan, ("products", name), product)
    pricing = plan.policies.pricing
    if pricing.policy == "online_only" and not any(p.online_only for p in plan.products.values()):
        said = "no product of the plan is marked online_only"
        yield Fault(
            ("policies", "pricing", "policy"),
            "online_only",
            "a product with online_only: true, or another policy",
            said,
            ("products",),
        )
    for action, initiative in plan.initiatives.items():
        for effect in initiative.effects if not plan.products else ():
            if effect in PRODUCT_LEVERS:
                said = f"{effect!r} acts on product groups, and the plan has none"
                where: Path = ("initiatives", action, "effects", effect)
                yield Fault(where, effect, "products, or another lever", said, ("products",))
    yield from _dealers(plan)


def _places(plan: Plan, path: Path, product: Product) -> Iterator[Fault]:
    """Yield channels of a product that the plan does not have, and stores where it is sold online only."""
    known = tuple(plan.channels)
    for i, name in enumerate(product.channels):
        where = (*path, "channels", i)
        if name not in known:
            said = f"{name!r} is not known here{nearest(name, known)}"
            yield Fault(where, name, "one of " + ", ".join(known), said, ("channels",))
        elif product.online_only and plan.channels[name].kind == "store":
            said = f"the product is sold online only and in the store {name!r} as well"
            yield Fault(where, name, "online channels, or online_only: false", said, ("channels",))
    kinds = get_args(Channel.model_fields["kind"].annotation)
    for name in product.fit:
        if name not in (*known, *kinds):
            said = f"{name!r} is not known here{nearest(name, (*known, *kinds))}"
            expected = "a channel or a kind of channel: " + ", ".join((*known, *kinds))
            yield Fault((*path, "fit", name), name, expected, said, ("channels",))


def _sold(plan: Plan, path: Path, product: Product) -> Iterator[Fault]:
    """Yield a product that no open channel sells."""
    apart = product.online_only and plan.policies.pricing.policy == "online_only"
    places = [
        name
        for name, channel in plan.open_channels().items()
        if (not product.channels or name in product.channels) and not (apart and channel.kind == "store")
    ]
    unknown = set(product.channels) - set(plan.channels)
    if product.share > 0 and not places and not unknown:
        said = "no open channel sells the product"
        found = ", ".join(product.channels) or "online_only"
        yield Fault(path, found, "at least one open channel that sells it", said, _GOODS)


def _dealers(plan: Plan) -> Iterator[Fault]:
    """Yield dealers whose channel is unknown, online, or sells another share than they do."""
    dealers = plan.policies.dealers
    if dealers is None or dealers.channel is None:
        return
    path, known = ("policies", "dealers"), tuple(plan.open_channels())
    if dealers.channel not in known:
        said = f"no open channel is called {dealers.channel!r}{nearest(dealers.channel, known)}"
        expected = "one of " + ", ".join(known)
        yield Fault((*path, "channel"), dealers.channel, expected, said, ("channels",))
        return
    channel = plan.channels[dealers.channel]
    if channel.kind != "store":
        said = f"dealers sell in stores, and {dealers.channel!r} is online"
        yield Fault((*path, "channel"), dealers.channel, "a channel of kind store", said, ("channels",))
    if channel.share is not None and abs(channel.share - dealers.share) > TOLERANCE:
        said = f"dealers have {dealers.share:g} of sales and their channel {channel.share:g}"
        yield Fault((*path, "share"), f"{dealers.share:g}", f"{channel.share:g}", said, ("channels",))
