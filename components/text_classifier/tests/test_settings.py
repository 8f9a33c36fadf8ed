"""Every parameter of the pipeline changes what comes out, or what is sent; each is checked.

`EFFECTS` has a line for each: another value, and the function whose result must differ. A test holds the lines against
the pipeline's own list of parameters.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from google.protobuf.json_format import MessageToDict
from graft_steps import records
from graft_steps.checks import StepError
from graft_steps.run_context import RunContext
from text_classifier import dataset, endpoint, language, network, tfjob
from text_classifier.settings import Network, Training
from text_classifier.steps import checking, deploying, embedding, planning, preparing
from text_classifier.steps import releasing as steps
from text_classifier.tokenizer import Tokenizer
from text_classifier_small import NETWORK, PREPARE, TRAINING, Small, Trained, eagerly, job, task

REPOSITORY = Path(__file__).resolve().parents[3]
SEARCH = {"trials": 3, "filters": [80, 150], "conv_layers": [2, 3], "dropout": [0.45, 0.55]}
ROWS = np.random.default_rng(1).normal(size=(50, 8)).astype(np.float32)
NUMBERS = np.random.default_rng(2).integers(0, 50, (6, 12)).astype(np.int32)


class Worlds:
    """What the effects need: the small data, a trained model, a folder, and MLflow's variables."""

    def __init__(self, small: Small, trained: Trained, folder: Path) -> None:
        self.small, self.trained, self.folder, self.count = small, trained, folder, 0

    def place(self) -> Path:
        """A new path."""
        self.count += 1
        return self.folder / str(self.count)


def prepared(worlds: Worlds, **changed: Any) -> str:
    """The digest of what is learnt from."""
    if changed.keys() & {"text_column", "label_column"}:
        changed |= {f"{name}_path": str(_four_columns(worlds, name)) for name in ("train", "test")}
    if changed.get("tokenizer_path") == "a file":
        changed["tokenizer_path"] = str(worlds.place())
        Path(changed["tokenizer_path"]).write_text(Tokenizer(("bingo", "zango"), 9).as_text())
    used, _ = preparing.prepare(**{**PREPARE, **changed}, out=worlds.place())
    return used["data_digest"]


def _four_columns(worlds: Worlds, name: str) -> Path:
    """A file with two columns of texts and two of labels."""
    rows = language.training_texts(7)[:200] if name == "train" else language.test_texts(7)[:50]
    lines = [f"{text},{text} too,{label},{label[:1]}" for text, label in rows]
    file = worlds.place()
    file.write_text("\n".join(["text,words,label,topic", *lines]))
    return file


def embedded(worlds: Worlds, word2vec_path: str = "none", embedding_dimension: int = 6) -> str:
    used, _ = embedding.embed(worlds.small.data, word2vec_path, embedding_dimension, 7, worlds.place())
    return used["embeddings_digest"]


def answered(worlds: Worlds, **changed: Any) -> list[float]:
    """What the new network answers while it learns, which dropout changes too."""
    made = network.network(Network.checked({**NETWORK, **changed}), ROWS, 12, 3, 7)
    return made(NUMBERS, training=True).numpy().ravel().tolist()


def fitted(worlds: Worlds, **changed: Any) -> list[float]:
    """The losses of a short training; with `patience`, of one that gets worse."""
    plain = {**TRAINING, "learning_rate": 0.01, "epochs": 2, "batch_size": 32, "patience": 1}
    how = {**plain, "learning_rate": 0.9, "epochs": 6} if "patience" in changed else plain
    return _losses(worlds, json.dumps({**how, **changed}))


@cache
def _losses(worlds: Worlds, how: str) -> list[float]:
    checked, (data, _) = Training.checked(json.loads(how)), dataset.read(worlds.small.data)
    few = dataset.Part(data.training.texts[:60], data.training.labels[:60])
    cut = dataset.Data(few, few, data.test, data.classes, data.tokenizer)
    rows = np.random.default_rng(1).normal(size=(len(data.tokenizer.words) + 2, 4)).astype(np.float32)
    form = Network.checked({**NETWORK, "filters": 2, "conv_layers": 1})
    made = network.network(form, rows, data.tokenizer.length, 4, checked.seed)
    with eagerly():
        return network.fit(made, cut, checked, lambda line: None).training_loss


def planned(worlds: Worlds, **changed: Any) -> list[Any]:
    return planning.plan(NETWORK, TRAINING, changed.get("search", SEARCH), job()).trials


def checked(worlds: Worlds, limits: dict[str, float]) -> str:
    try:
        checking.check(worlds.small.data, limits, worlds.place())
    except StepError as problem:
        return str(problem)
    return "fine"


def sent(worlds: Worlds, **changed: Any) -> dict[str, Any]:
    """The TFJob."""
    work = tfjob.Work(changed.get("workdir", "claim"), "/workdir", "/workdir/one")
    return tfjob.manifest(changed.get("tfjob", job()), work, changed.get("tfjob_secrets", {}))


def gated(worlds: Worlds, accuracy_threshold: float = 0.5, owner: str = "a") -> tuple[bool, str]:
    trained = worlds.trained
    found = steps.gate(trained.data, trained.model, trained.evaluation, accuracy_threshold, owner, worlds.place())

    run = records.client(RunContext.from_variables(os.environ)).get_run(found.run_id)
    return found.accepted, run.data.tags["owner"]


def waited(worlds: Worlds, wait_seconds: int) -> str:
    """What is said of a server that does not become ready."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(endpoint.sys, "executable", "sleep-for-ever")
        patch.setattr(endpoint.subprocess, "Popen", _Sleeper)
        patch.setattr(endpoint, "urlopen", _no_answer)
        patch.setenv(deploying.NAME, "text-classifier")
        with pytest.raises(StepError) as error:
            trained = worlds.trained
            deploying.deploy(trained.data, trained.evaluation, "m", "1", wait_seconds, worlds.place())
    return str(error.value)


class _Sleeper:
    def __init__(self, *_: Any, **__: Any) -> None:
        """A server that starts and never answers."""

    def poll(self) -> None:
        return None

    def terminate(self) -> None:
        """End."""

    def wait(self, timeout: float = 0) -> int:
        return 0


def _no_answer(*_: Any, **__: Any) -> None:
    raise ConnectionRefusedError


def condition(worlds: Worlds, **changed: Any) -> bool:
    """Whether a branch of the pipeline depends on it; the branches themselves run in `test_jobs` and `test_judging`."""
    (name,) = changed
    spec = _pipeline()
    triggers = [
        (task.get("triggerPolicy", {}).get("condition", ""), task.get("inputs", {}))
        for component in [*spec["components"].values(), {"dag": spec["root"]["dag"]}]
        for task in component.get("dag", {}).get("tasks", {}).values()
    ]
    return changed[name] and any(f"pipelinechannel--{name}'] == true" in trigger for trigger, _ in triggers)


def _pipeline() -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(REPOSITORY), *sys.path])
        return MessageToDict(import_module("generators.pipelines.text_classifier").text_classifier.pipeline_spec)


LIMITS = {"skew": 0.2, "drift": 0.2, "noise": 0.2}
EFFECTS: dict[str, tuple[Any, Any, Callable[..., Any]]] = {  # name to one value, another one, and what differs
    "train_path": ("fixture-7", "fixture-8", prepared),
    "test_path": ("fixture-7", "fixture-8", prepared),
    "text_column": ("text", "words", prepared),
    "label_column": ("label", "topic", prepared),
    "validation_share": (0.2, 0.3, prepared),
    "split_seed": (200, 201, prepared),
    "words": (20000, 50, prepared),
    "tokenizer_path": ("none", "a file", prepared),
    "word2vec_path": ("none", "fixture-7", embedded),
    "embedding_dimension": (6, 5, embedded),
    "conv_layers": (2, 3, answered),
    "filter_sizes": ([2, 3, 4], [3, 4, 5], answered),
    "filters": (16, 12, answered),
    "pool_strides": ([1, 1], [2, 1], answered),
    "dropout": (0.4, 0.6, answered),
    "learning_rate": (0.01, 0.02, fitted),
    "epochs": (2, 3, fitted),
    "batch_size": (32, 20, fitted),
    "patience": (1, 5, fitted),
    "seed": (7, 8, fitted),
    "search": (SEARCH, {**SEARCH, "trials": 2}, planned),
    "limits": (LIMITS, {**LIMITS, "skew": 0.001}, checked),
    "distributed": (False, True, condition),
    "gpu": (False, True, condition),
    "deploy": (False, True, condition),
    "workdir": ("claim", "other", sent),
    "tfjob": (job(), job(workers=3), sent),
    "tfjob_secrets": ({}, {"KEY": {"secret": "s", "key": "k"}}, sent),
    "accuracy_threshold": (0.5, 0.99, gated),
    "owner": ("a", "b", gated),
    "wait_seconds": (1, 2, waited),
}


@pytest.fixture(scope="module")
def shared(small: Small, trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return Worlds(small, trained, tmp_path_factory.mktemp("worlds"))


def test_every_parameter_of_the_pipeline_is_walked() -> None:
    assert set(_pipeline()["root"]["inputDefinitions"]["parameters"]) == set(EFFECTS)


@pytest.mark.parametrize("name", EFFECTS)
def test_it_changes_the_result_or_the_manifest(name: str, shared: Worlds, variables: dict[str, str]) -> None:
    first, second, effect = EFFECTS[name]
    one = effect(shared, **{name: first})
    if name == "split_seed" or effect is embedded or effect is sent:  # and the same value gives the same
        assert json.dumps(effect(shared, **{name: first})) == json.dumps(one)
    assert json.dumps(effect(shared, **{name: second})) != json.dumps(one)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"conv_layers": 4}, "conv_layers: 4 layers need as many filter_sizes, and 3 are given"),
        ({"conv_layers": 2.5}, "conv_layers: 2.5 is not a whole number"),
        ({"filter_sizes": []}, "filter_sizes: .* is not a list of numbers"),
        ({"filter_sizes": [3, 0, 5]}, "filter_sizes: 0 must be from 1 to 50"),
        ({"pool_strides": [1]}, "pool_strides: .* must be two numbers: over time, over filters"),
        ({"dropout": 1}, "dropout: 1 must be a number from 0 to below 1"),
        ({"filters": 0}, "filters: 0 must be from 1 to 1000"),
        ({"more": 0}, "network: 'more' is not known"),
    ],
)
def test_a_network_out_of_range_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(StepError, match=said):
        Network.checked({**NETWORK, **changed})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"learning_rate": 0}, "learning_rate: 0 must be a number above 0"),
        ({"epochs": 0}, "epochs: 0 must be at least 1"),
        ({"seed": -1}, "seed: -1 must be from 0 to"),
        ({"patience": "3"}, "patience: '3' is not a whole number"),
    ],
)
def test_a_training_out_of_range_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(StepError, match=said):
        Training.checked({**TRAINING, **changed})
    with pytest.raises(StepError, match="training: epochs, batch_size, patience, seed missing"):
        Training.checked({"learning_rate": 0.1})


def test_numbers_that_kfp_hands_over_as_doubles_are_whole(small: Small) -> None:
    found = task(small, conv_layers=2.0, epochs=8.0, filter_sizes=[2.0, 3.0, 4.0])
    assert (found.network.conv_layers, found.network.sizes, found.training.epochs) == (2, (2, 3), 8)
    assert isinstance(found.network.filter_sizes[0], int)
