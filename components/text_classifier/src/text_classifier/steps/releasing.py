"""The steps that record: the gate, and the metadata of the registered model."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from graft_steps import records, releasing, reports, say
from graft_steps.checks import StepError
from graft_steps.gate import Baseline, ChampionComparison
from graft_steps.models import facts_of
from graft_steps.releasing import Gated, Measured
from graft_steps.run_context import RunContext

from text_classifier import dataset, evaluation, report

if TYPE_CHECKING:
    from pathlib import Path

METADATA = "metadata.json"
DIGESTS = ("train_digest", "test_digest", "data_digest", "embeddings_digest")
URIS = ("train_path", "test_path", "word2vec_path", "tokenizer_path")


def gate(data: Path, model: Path, evaluated: Path, threshold: float, owner: str, summary: Path) -> Gated:
    """Compare with the most frequent class, threshold and champion, decide, and record the run whatever comes of it."""
    results = evaluation.read(evaluated)
    if isinstance(threshold, bool) or not 0 <= threshold <= 1:
        raise StepError(f"accuracy_threshold: {threshold!r} must be a number from 0 to 1")
    if not owner.strip():
        raise StepError("owner: it is empty; name the team or person that answers for the model")
    facts = facts_of(model)

    def run_again(version: str, champion: Path) -> ChampionComparison:
        from text_classifier.champion import compare_with_champion  # TensorFlow takes seconds, seldom needed here

        loaded, _ = dataset.read(data)
        return compare_with_champion(version, champion, loaded, results["answers"])

    used = results["used"]
    measured = Measured(
        estimate=evaluation.estimate(results),
        baseline=Baseline(evaluation.MAJORITY, results["majority"]),
        threshold=float(threshold),
        test_digest=results["test_digest"],
        data_digest=used["data_digest"],
        used=used,
        metrics=evaluation.metrics(results),
        curves={f"{name}_loss": values for name, values in results["curves"].items()}
        | {"validation_accuracy": facts["validation_accuracy"]},
        tags={"owner": owner, "started": used["started"], "finished": used["finished"]},
        folders={"": evaluated, "model": model},
        name=used["train_path"],
    )
    gated = releasing.gate(measured, run_again=run_again)
    summary.write_text(report.summary(results, gated.decision, gated.places), "utf-8")
    return gated


def record(
    model: Path, uris: dict[str, str], owner: str, version: str, model_uri: str, run_id: str, out: Path, summary: Path
) -> dict[str, Any]:
    """Write owner, version, settings, times, URIs and digests of the registered model into its MLflow run and `out`.

    `uris` are those of the artifacts of this run: of the data and of the model before it was registered.
    """
    context = RunContext.from_variables(os.environ)
    used = facts_of(model)["used"]
    metadata = {
        "owner": owner,
        "version": version,
        "hyperparameters": {
            name: value for name, value in used.items() if name not in {*DIGESTS, *URIS, "started", "finished"}
        },
        "started": used["started"],
        "finished": used["finished"],
        "uris": {name: used[name] for name in URIS} | uris | {"registered_model": model_uri},
        "digests": {name: used[name] for name in DIGESTS} | {"model": _digest(model)},
        "mlflow_run": run_id,
        **context.tags(),
    }
    out.write_text(json.dumps(metadata, indent=2, ensure_ascii=False), "utf-8")
    mlflow = records.client(context)
    mlflow.log_dict(run_id, metadata, METADATA)
    for name in ("version", "model_uri"):
        mlflow.set_tag(run_id, name, {"version": version, "model_uri": model_uri}[name])
    mlflow.set_tag(run_id, "model_digest", metadata["digests"]["model"])
    rows = [(name, str(metadata[name])) for name in ("owner", "version", "started", "finished")]
    rows += [(name, digest[:16]) for name, digest in metadata["digests"].items()]
    summary.write_text(reports.markdown(f"Metadata of version {version}", [reports.markdown_table(("", ""), rows)]))
    say(f"metadata of version {version} are in the MLflow run {run_id}, {METADATA}")
    return metadata


def _digest(folder: Path) -> str:
    """A hash of every file of a model."""
    found = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(file.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()
