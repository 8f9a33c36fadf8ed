"""Data and a training small enough for tests, and the documents of a job and a service."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCES = [str(Path(__file__).resolve().parents[at] / where / "src") for at, where in ((1, "."), (2, "shared"))]
NETWORK = {"conv_layers": 2, "filter_sizes": [2, 3, 4], "filters": 16, "pool_strides": [1, 1], "dropout": 0.4}
TRAINING = {"learning_rate": 0.006, "epochs": 8, "batch_size": 32, "patience": 3, "seed": 7}
DIGEST = "registry.test/text-classifier@sha256:" + "1" * 64
DIMENSION = 40
PREPARE = {
    "train_path": "fixture-7",
    "test_path": "fixture-7",
    "text_column": "text",
    "label_column": "label",
    "validation_share": 0.2,
    "split_seed": 200,
    "words": 20000,
    "tokenizer_path": "none",
}


@dataclass(frozen=True)
class Small:
    """The folders of the prepared data and of their embeddings, and what was used."""

    data: Path
    embeddings: Path
    used: dict[str, Any]
    embedded: dict[str, Any]


@dataclass(frozen=True)
class Trained:
    """The folders that the steps wrote."""

    data: Path
    model: Path
    evaluation: Path
    page: Path
    used: dict[str, Any]


def prepared(root: Path) -> Small:
    from text_classifier.steps import embedding, preparing

    used, _ = preparing.prepare(**PREPARE, out=root / "data")
    embedded, _ = embedding.embed(root / "data", "fixture-7", DIMENSION, 7, root / "embeddings")
    return Small(root / "data", root / "embeddings", used, embedded)


def task(small: Small, **changed: Any) -> Any:
    """A training of the small data with other settings."""
    from text_classifier.steps.learning import Task

    network = {name: changed.get(name, value) for name, value in NETWORK.items()}
    training = {name: changed.get(name, value) for name, value in TRAINING.items()}
    return Task.checked(small.data, small.embeddings, network, training, small.embedded)


def trained_on(small: Small, root: Path) -> Trained:
    from text_classifier.steps import judging, learning

    used = learning.train(task(small), learning.CPU, root / "model")
    judging.evaluate(small.data, root / "model", root / "evaluation", root / "page.html")
    return Trained(small.data, root / "model", root / "evaluation", root / "page.html", used)


def job(namespace: str = "ml-test", workers: int = 1, deadline: int = 100) -> dict[str, Any]:
    """The document of a TFJob, as an environment gives it."""
    resources = {"cpu": "2", "memory": "4Gi"}
    container = {"name": "tensorflow", "image": DIGEST, "resources": {"requests": resources, "limits": resources}}
    kind = {"restartPolicy": "OnFailure", "template": {"spec": {"containers": [container]}}}
    policy = {
        "cleanPodPolicy": "Running",
        "activeDeadlineSeconds": deadline,
        "backoffLimit": 2,
        "ttlSecondsAfterFinished": 60,
    }
    counts = {"Chief": 1, "Worker": workers, "PS": 0, "Evaluator": 0}
    return {
        "apiVersion": "kubeflow.org/v1",
        "kind": "TFJob",
        "metadata": {"name": "text-classifier", "namespace": namespace},
        "spec": {
            "runPolicy": policy,
            "tfReplicaSpecs": {name: {"replicas": count, **kind} for name, count in counts.items()},
        },
    }


def service(canary: int = 100, pinned: str = "") -> dict[str, Any]:
    """The InferenceService as an environment declares it, and as the API server has it."""
    metadata = {"name": "text-classifier", "namespace": "ml-test", "resourceVersion": "1", "generation": 1}
    model = {"modelFormat": {"name": "mlflow"}, "protocolVersion": "v2", "image": DIGEST}
    model |= {"storageUri": f"s3://ml-test/models/text-classifier/{pinned}"} if pinned else {}
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": metadata | {"annotations": {"graft.dev/pinned-version": pinned} if pinned else {}},
        "spec": {"predictor": {"canaryTrafficPercent": canary, "model": model}},
    }


@contextmanager
def eagerly() -> Iterator[None]:
    """Have TensorFlow run a few small steps at once, where tracing them first takes seconds."""
    from graft_steps.tensorflow_runtime import tf

    tf.config.run_functions_eagerly(True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the input pipeline is traced all the same
            yield
    finally:
        tf.config.run_functions_eagerly(False)


def run_python(program: str, folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A program in a process of its own that has nothing but what it is given."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3", **variables}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=folder)
