"""What runs cost at most, by the prices that an environment declares (`prices`); without any nothing is said.

A price is that of an hour of one core, of one GiB of memory, or of one accelerator, as long as a step may hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from generators.diff.model import Cost, PipelineChange

UNBOUNDED = "no bound"
_CENT = Decimal("0.01")


def cost(hours: Iterable[Mapping[str, Decimal | None]], prices: Iterable[Mapping[str, Any] | None]) -> Cost | None:
    """The cost of a run before and after, by the prices of each side; None where it is the same, or not known."""
    before, after = prices
    known = after or before
    if not known:
        return None
    was, is_ = (_text(each, own or known) for each, own in zip(hours, (before, after), strict=True))
    currencies = {own["currency"] for own in (before, after) if own}
    if len(currencies) > 1:  # no number is a difference of two currencies
        return Cost("", f"{was} {before['currency']}", f"{is_} {after['currency']}")
    return None if was == is_ else Cost(known["currency"], was, is_)


def total(pipelines: Iterable[PipelineChange]) -> tuple[Cost, ...]:
    """The cost of one run of each pipeline on each of its clusters, as far as it changes, by currency."""
    found: dict[str, list[tuple[Cost, int]]] = {}
    for each in pipelines:
        if each.cost and each.cost.currency:
            found.setdefault(each.cost.currency, []).append((each.cost, len(each.places)))
    return tuple(Cost(currency, *_sums(costs)) for currency, costs in found.items())


def _sums(costs: list[tuple[Cost, int]]) -> Iterator[str]:
    for side in ("before", "after"):
        texts = [(getattr(each, side), count) for each, count in costs]
        unbounded = any(text == UNBOUNDED for text, _ in texts)
        yield UNBOUNDED if unbounded else str(sum(Decimal(text) * count for text, count in texts))


def _text(hours: Mapping[str, Decimal | None], prices: Mapping[str, Any]) -> str:
    """The cost with two decimals, or UNBOUNDED where something that has a price may take as long as it likes."""
    parts = [(hours[kind], Decimal(str(price))) for kind, price in prices["hour"].items() if kind in hours]
    if any(amount is None for amount, price in parts if price):
        return UNBOUNDED
    return str(sum((amount * price for amount, price in parts if amount), Decimal(0)).quantize(_CENT))
