"""The platform's configuration documents as checked values: whole documents, in which no field is left to chance."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from graft_steps.checks import StepError, fraction, integer, one_of, positive
from graft_steps.training import LARGEST_SEED

LARGEST_PART = 0.4  # the share of the rows that validation and test may each take


@dataclass(frozen=True)
class Hyperparameters:
    """How the network learns; what it is made of is fixed.

    Training passes `epochs` times over every `stride`-th window in batches of `batch_size`, by Adam at `learning_rate`,
    and ends early once `patience` epochs have brought no better validation loss; the best epoch's weights are kept.
    `validation_share` and `test_share` of the rows are held out, the last rows for the test.
    """

    learning_rate: float
    epochs: int
    batch_size: int
    stride: int
    patience: int
    validation_share: float
    test_share: float
    seed: int

    def facts(self) -> dict[str, Any]:
        """Its values by the names of the document's fields."""
        return asdict(self)

    @classmethod
    def checked(cls, document: Any) -> Hyperparameters:
        """The document's fields; StepError names one that is missing, unknown or out of range."""
        given = _whole("configuration", document, cls)
        return cls(
            positive("configuration.learning_rate", given["learning_rate"]),
            integer("configuration.epochs", given["epochs"], 1),
            integer("configuration.batch_size", given["batch_size"], 1),
            integer("configuration.stride", given["stride"], 1),
            integer("configuration.patience", given["patience"], 1),
            _share("configuration.validation_share", given["validation_share"]),
            _share("configuration.test_share", given["test_share"]),
            integer("configuration.seed", given["seed"], 0, LARGEST_SEED),
        )


@dataclass(frozen=True)
class Cleaning:
    """What makes a usable series of a logger's CSV.

    `time_column` and the three `channels` are taken; a cell farther than `spike_limit` robust standard deviations from
    its neighbours' median counts as missing; gaps of at most `longest_gap` rows are filled by straight lines.
    """

    time_column: str
    channels: tuple[str, ...]
    spike_limit: float
    longest_gap: int

    def facts(self) -> dict[str, Any]:
        """Its values by the names of the document's fields."""
        return {**asdict(self), "channels": ", ".join(self.channels)}

    @classmethod
    def checked(cls, document: Any) -> Cleaning:
        """The document's fields; StepError names one that is missing, unknown or out of range."""
        given = _whole("configuration", document, cls)
        channels = given["channels"]
        if not isinstance(channels, list) or len({*channels}) != 3 or len(channels) != 3:
            raise StepError(f"configuration.channels: {channels!r} must be the names of three different columns")
        return cls(
            str(given["time_column"]),
            tuple(map(str, channels)),
            positive("configuration.spike_limit", given["spike_limit"]),
            integer("configuration.longest_gap", given["longest_gap"], 0),
        )


def _whole(what: str, document: Any, form: type) -> dict[str, Any]:
    names = [field.name for field in fields(form)]
    if not isinstance(document, dict):
        raise StepError(f"{what}: {document!r} is not a document with the fields {', '.join(names)}")
    for name in document:
        one_of(what, name, names)
    if missing := [name for name in names if name not in document]:
        raise StepError(
            f"{what}: {', '.join(missing)} missing; the document must give every field, so that it says it all"
        )
    return document


def _share(what: str, value: Any) -> float:
    share = fraction(what, value, LARGEST_PART)
    if share == 0:
        raise StepError(f"{what}: 0 would leave nothing to measure with; it must be above 0 and below {LARGEST_PART}")
    return share
