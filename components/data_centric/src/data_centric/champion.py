"""The champion on the same test images: by its recorded answers, or by running it where the test is another."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graft_steps import registry
from graft_steps.gate import ChampionComparison
from graft_steps.models import facts_of
from graft_steps.statistics import Paired, Proportion

from data_centric import evaluation

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

    from data_centric.evaluation import Evaluation

PROFILE = "profile"  # the folder of a record that holds statistics and schema


@dataclass(frozen=True)
class Compared:
    """A new model and the champion `version` on the same test images; or why they cannot be compared.

    `new` and `champion` are the accuracies, `paired` has the new model first; the champion learnt `data_version`.
    """

    version: str
    data_version: str = "unknown"
    new: Proportion | None = None
    champion: Proportion | None = None
    paired: Paired | None = None
    not_compared: str = ""

    def for_gate(self) -> ChampionComparison:
        """The same in the terms of the gate."""
        if self.paired is None:
            return ChampionComparison(self.version, not_compared=self.not_compared)
        return ChampionComparison(self.version, self.champion.estimate(), self.new.estimate())

    def metrics(self) -> dict[str, float]:
        """The numbers of a record."""
        if self.paired is None:
            return {}
        low, high = self.paired.interval()
        found = {"champion_accuracy": self.champion.value, "champion_difference": self.paired.difference}
        found |= {"champion_difference_low": low, "champion_difference_high": high}
        return found | {"champion_difference_p": self.paired.p_value()}


def run_of(mlflow: MlflowClient, name: str, version: str) -> str:
    """The id of the run that made a version of a model."""
    return mlflow.get_model_version(name, version).run_id


def compare(mlflow: MlflowClient, name: str, found: Evaluation, records: Path) -> Compared | None:
    """Hold an evaluation against the champion of `name`; None where there is no champion yet."""
    known = registry.champion(mlflow, name)
    if known is None:
        return None
    recorded = _recorded(mlflow, run_of(mlflow, name, known.version))
    if recorded and recorded.test_digest == found.test_digest and recorded.images == found.images:
        return _compared(known.version, _learnt(recorded), found, recorded.answers, range(len(found.images)))
    with registry.downloaded(known.uri) as folder:
        return _run_again(known.version, folder, found, records)


def _run_again(version: str, folder: Path, found: Evaluation, records: Path) -> Compared:
    from data_centric import exporting, tfrecords  # TensorFlow takes seconds, and is seldom needed here

    facts = facts_of(folder)
    if facts.get("classes") != found.classes:
        return Compared(version, not_compared="it was trained on other classes")
    seen = set(facts["seen"])
    names, images, _ = tfrecords.read(records, "test")
    prints = tfrecords.facts(records)["facts"]["fingerprints"]
    unseen = [position for position, name in enumerate(names) if prints[name] not in seen]
    if not unseen:
        return Compared(version, not_compared="it has learnt from all of these test images")
    answers, _ = exporting.answers(folder, images)
    return _compared(version, facts["used"]["data_version"], found, answers.tolist(), unseen)


def _compared(
    version: str, data_version: str, found: Evaluation, answers: list[int], positions: range | list[int]
) -> Compared:
    truth, new, old = ([each[i] for i in positions] for each in (found.truth, found.answers, answers))
    accuracies = [Proportion(sum(map(int.__eq__, truth, said)), len(truth)) for said in (new, old)]
    return Compared(version, data_version, *accuracies, evaluation.paired(truth, new, old))


def _recorded(mlflow: MlflowClient, run_id: str) -> Evaluation | None:
    """What a run recorded of its evaluation; None where somebody made that run by other means."""
    if not any(each.path == evaluation.FILE for each in mlflow.list_artifacts(run_id)):
        return None
    with tempfile.TemporaryDirectory() as scratch:
        return evaluation.read(Path(mlflow.download_artifacts(run_id, evaluation.FILE, scratch)).parent)


def _learnt(recorded: Evaluation) -> str:
    return str(recorded.used.get("data_version", "unknown"))
