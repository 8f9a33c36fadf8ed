"""The steps that learn: the network with its embeddings on one of three branches, distributed, GPU or CPU."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import StepError

from text_classifier import dataset, embeddings, features, jobs, objects, processes, tfjob, workfolder
from text_classifier.settings import Network, Training

if TYPE_CHECKING:
    from collections.abc import Callable

    from graft_steps.tensorflow_runtime import keras

    from text_classifier.network import Fitted

CPU, GPU, DISTRIBUTED = "cpu", "gpu", "distributed"
WORKDIR = "WORKDIR"  # the variable that names the shared work folder


@dataclass(frozen=True)
class Task:
    """What one training is given: folders of data and embeddings, settings, and what is known of their origin."""

    data: Path
    embeddings: Path
    network: Network
    training: Training
    origin: dict[str, Any]

    @classmethod
    def checked(
        cls, data: Path, rows: Path, network: dict[str, Any], training: dict[str, Any], origin: dict[str, Any]
    ) -> Task:
        """A task of checked settings."""
        return cls(data, rows, Network.checked(network), Training.checked(training), origin)


def train(task: Task, device: str, model: Path) -> dict[str, Any]:
    """Train in this process, on its CPU or on its GPU; return what was used."""
    from graft_steps.tensorflow_runtime import tf

    if device == GPU and not tf.config.list_physical_devices("GPU"):
        raise StepError(
            "gpu: this step has no GPU: run it where accelerators are listed under the cluster, with accelerator: "
            "required at the step gpu/train-gpu and an image whose TensorFlow has CUDA; or set gpu to false"
        )
    with tf.device("/GPU:0" if device == GPU else "/CPU:0"):
        return _learn(task, device, _alone, model)


def train_distributed(
    task: Task, job: dict[str, Any], secrets: dict[str, Any], claim: str, model: Path
) -> dict[str, Any]:
    """Train in several processes: a TFJob where this runs in a cluster, processes of this machine otherwise."""
    counts, longest, work = tfjob.replicas(job), tfjob.deadline(job), _workdir()
    if objects.in_cluster():
        objects.require_image("distributed", "run the pipeline text-classifier")
    folder = work / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}"
    try:
        workfolder.write(task.data, task.embeddings, task.network, task.training, folder)

        def together(_: Any, task: Task) -> tuple[keras.Model, Fitted, int]:
            if objects.in_cluster():
                sent = tfjob.manifest(job, tfjob.Work(claim, str(work), str(folder)), secrets)
                say(f"TFJob to be made: {json.dumps(sent)}")
                jobs.run(objects.Kind.of(sent, tfjob.PLURAL), sent, longest, say)
            else:
                processes.run(folder, counts, longest, say)
            return _collected(task, folder)

        return _learn(task, DISTRIBUTED, together, model)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _learn(task: Task, branch: str, fit: Callable[..., tuple[keras.Model, Fitted, int]], model: Path) -> dict[str, Any]:
    """Fit and export; the time of start and finish is that of the fitting itself."""
    loaded, facts = dataset.read(task.data)
    started = datetime.now(UTC)
    made, fitted, processes_used = fit(loaded, task)
    finished = datetime.now(UTC)
    from text_classifier import exporting

    used = {
        **facts["used"],
        **task.origin,
        **task.network.facts(),
        **task.training.facts(),
        "branch": branch,
        "processes": processes_used,
        "network_parameters": made.count_params(),
        "best_epoch": fitted.best_epoch,
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
    }
    described = {
        "used": used,
        "curves": fitted.curves(),
        "validation_accuracy": fitted.validation_accuracy,
        "features": features.learnt(loaded),
    }
    exporting.export(made, loaded, described, model)
    return used


def made_of(loaded: dataset.Data, task: Task) -> keras.Model:
    """The network with new weights and the embeddings."""
    from text_classifier import network

    rows = embeddings.matrix(task.embeddings, loaded.tokenizer)
    return network.network(task.network, rows, loaded.tokenizer.length, len(loaded.classes), task.training.seed)


def _alone(loaded: dataset.Data, task: Task) -> tuple[keras.Model, Fitted, int]:
    from text_classifier import network

    made = made_of(loaded, task)
    return made, network.fit(made, loaded, task.training, say), 1


def _collected(task: Task, folder: Path) -> tuple[keras.Model, Fitted, int]:
    """The network with the weights that one of the processes wrote."""
    from text_classifier.network import Fitted

    loaded, _ = dataset.read(task.data)
    weights, written = workfolder.result(folder)
    count = written.pop("replicas")
    made = made_of(loaded, task)
    made.load_weights(str(weights))
    return made, Fitted(**written), count


def _workdir() -> Path:
    if not (place := os.environ.get(WORKDIR)):
        raise StepError(f"{WORKDIR} is not set: it names the folder that all processes of a distributed training share")
    Path(place).mkdir(parents=True, exist_ok=True)
    return Path(place).resolve()
