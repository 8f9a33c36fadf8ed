"""The settings of a run as checked values; a StepError names the first that is out of range, and what is allowed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from graft_steps.checks import StepError, fraction, integer, one_of, positive
from graft_steps.training import LARGEST_SEED

MOST_LAYERS, LARGEST_FILTER = 8, 50


@dataclass(frozen=True)
class Network:
    """What the network is made of.

    The first `conv_layers` of `filter_sizes` (words that a filter spans) stand side by side, `filters` of each.
    `pool_strides`: the maximum over time looks at every n-th place, and keeps every m-th filter.
    """

    conv_layers: int
    filter_sizes: tuple[int, ...]
    filters: int
    pool_strides: tuple[int, int]
    dropout: float

    @property
    def sizes(self) -> tuple[int, ...]:
        """The filter sizes that are used."""
        return self.filter_sizes[: self.conv_layers]

    def facts(self) -> dict[str, Any]:
        """Its values by the names of the pipeline's parameters, as JSON has them."""
        return {**asdict(self), "filter_sizes": list(self.filter_sizes), "pool_strides": list(self.pool_strides)}

    @classmethod
    def checked(cls, document: Any) -> Network:
        """The fields of a document."""
        given = whole("network", document, cls)
        sizes = tuple(integer("filter_sizes", each, 1, LARGEST_FILTER) for each in _list("filter_sizes", given))
        layers = integer("conv_layers", given["conv_layers"], 1, MOST_LAYERS)
        if layers > len(sizes):
            raise StepError(f"conv_layers: {layers} layers need as many filter_sizes, and {len(sizes)} are given")
        strides = tuple(integer("pool_strides", each, 1, 10) for each in _list("pool_strides", given))
        if len(strides) != 2:
            raise StepError(f"pool_strides: {list(strides)} must be two numbers: over time, over filters")
        filters = integer("filters", given["filters"], 1, 1000)
        return cls(layers, sizes, filters, strides, fraction("dropout", given["dropout"]))


@dataclass(frozen=True)
class Training:
    """How the network is fitted: by Adam, until `patience` epochs have brought no better validation loss."""

    learning_rate: float
    epochs: int
    batch_size: int
    patience: int
    seed: int

    def facts(self) -> dict[str, Any]:
        """Its values by the names of the pipeline's parameters."""
        return asdict(self)

    @classmethod
    def checked(cls, document: Any) -> Training:
        """The fields of a document."""
        given = whole("training", document, cls)
        return cls(
            positive("learning_rate", given["learning_rate"]),
            integer("epochs", given["epochs"], 1),
            integer("batch_size", given["batch_size"], 1),
            integer("patience", given["patience"], 1),
            integer("seed", given["seed"], 0, LARGEST_SEED),
        )


@dataclass(frozen=True)
class Search:
    """What is tried: `trials` networks, the given one and others drawn from these ranges, both ends included."""

    trials: int
    filters: tuple[int, int]
    conv_layers: tuple[int, int]
    dropout: tuple[float, float]

    @classmethod
    def checked(cls, document: Any) -> Search:
        """The fields of a document; `trials` is 0 for no search, or 2 to 4."""
        given = whole("search", document, cls)
        trials = integer("search.trials", given["trials"], 0, 4)
        if trials == 1:
            raise StepError("search.trials: 1 would choose among one; 0 is no search, 2 to 4 are one")
        return cls(
            trials,
            tuple(integer("search.filters", each, 1, 1000) for each in _range("search.filters", given["filters"])),
            tuple(
                integer("search.conv_layers", each, 1, MOST_LAYERS)
                for each in _range("search.conv_layers", given["conv_layers"])
            ),
            tuple(fraction("search.dropout", each) for each in _range("search.dropout", given["dropout"])),
        )


@dataclass(frozen=True)
class Limits:
    """What stops a run before it trains.

    `skew` between training and test, and `drift` from what the champion was trained on, are of the greatest difference
    of two shares (L-infinity); `noise` is of the share of labels that other texts speak against.
    """

    skew: float
    drift: float
    noise: float

    @classmethod
    def checked(cls, document: Any) -> Limits:
        """The fields of a document, each from 0 to 1; at 1 nothing is refused."""
        given = whole("limits", document, cls)
        return cls(*(_share(f"limits.{each.name}", given[each.name]) for each in fields(cls)))


def whole(what: str, document: Any, form: type) -> dict[str, Any]:
    """A document with exactly the fields of `form`."""
    names = [field.name for field in fields(form)]
    if not isinstance(document, dict):
        raise StepError(f"{what}: {document!r} is not a document with the fields {', '.join(names)}")
    for name in document:
        one_of(what, name, names)
    if missing := [name for name in names if name not in document]:
        raise StepError(f"{what}: {', '.join(missing)} missing; every field must be given")
    return document


def _list(name: str, given: dict[str, Any]) -> list[Any]:
    if not isinstance(given[name], list) or not given[name]:
        raise StepError(f"{name}: {given[name]!r} is not a list of numbers")
    return given[name]


def _range(what: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(each, int | float) for each in value):
        raise StepError(f"{what}: {value!r} must be two numbers, the least and the greatest")
    if value[0] > value[1]:
        raise StepError(f"{what}: {value!r} begins above its end")
    return value


def _share(what: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise StepError(f"{what}: {value!r} must be a number from 0 to 1")
    return float(value)
