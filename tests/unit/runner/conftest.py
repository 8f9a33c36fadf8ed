"""A kit of small components, most of them a shell command, and a way to run pipelines made of them.

kfp reads the annotations of components as objects: no postponed annotations here, nor in tests that define some.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from google.protobuf import json_format
from kfp import dsl

from generators.errors import RunFailed
from generators.runner import Event, RunResult, Settings, run

SHELL = ["sh", "-ec"]


@dsl.container_component
def say(text: str, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec("kit", [*SHELL, 'printf %s "$0" > "$1"'], [text, out])


@dsl.container_component
def number(value: int, out: dsl.OutputPath(int)):
    return dsl.ContainerSpec("kit", [*SHELL, 'printf %s "$0" > "$1"'], [value, out])


@dsl.container_component
def items(json_text: str, out: dsl.OutputPath(list[dict])):
    return dsl.ContainerSpec("kit", [*SHELL, 'printf %s "$0" > "$1"'], [json_text, out])


@dsl.container_component
def make(text: str, data: dsl.Output[dsl.Dataset]):
    return dsl.ContainerSpec("kit", [*SHELL, 'printf %s "$0" > "$1"'], [text, data.path])


@dsl.container_component
def read(data: dsl.Input[dsl.Dataset], out: dsl.OutputPath(str)):
    return dsl.ContainerSpec("kit", [*SHELL, 'cat "$0" > "$1"'], [data.path, out])


@dsl.container_component
def listed(values: list, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec("kit", [*SHELL, 'printf %s "$0" > "$1"'], [values, out])


@dsl.container_component
def fail():
    return dsl.ContainerSpec("kit", [*SHELL, "echo broken >&2; exit 3"])


@dsl.container_component
def nap(seconds: str):
    return dsl.ContainerSpec("kit", [*SHELL, 'sleep "$0"'], [seconds])


@pytest.fixture(scope="session")
def kit() -> SimpleNamespace:
    """The components by name."""
    parts = (say, number, items, make, read, listed, fail, nap)
    return SimpleNamespace(**{part.name: part for part in parts})


@dataclass
class Outcome:
    """What a run gave: its result or its failure, its events, its record."""

    folder: Path
    result: RunResult | None = None
    failure: RunFailed | None = None
    events: list[Event] = field(default_factory=list)

    @property
    def outputs(self) -> Any:
        assert self.result, self.failure
        return self.result.outputs

    @property
    def record(self) -> dict[str, Any]:
        [file] = (self.folder / ".graft" / "runs").glob("*/*/run.json")
        return json.loads(file.read_text("utf-8"))

    @property
    def states(self) -> dict[str, str]:
        return {step["path"]: step["state"] for step in self.record["steps"]}

    def output(self, path: str, name: str = "out") -> Any:
        [step] = [step for step in self.record["steps"] if step["path"] == path]
        return step["outputs"]["parameters"][name]

    def lines(self, path: str) -> list[str]:
        return [event.text for event in self.events if event.kind == "output" and event.path == path]


def compiled(pipeline: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The PipelineSpec and the PlatformSpec of a pipeline, from the compiled messages."""
    return json_format.MessageToDict(pipeline.pipeline_spec), json_format.MessageToDict(pipeline.platform_spec)


@pytest.fixture
def execute(tmp_path: Path) -> Callable[..., Outcome]:
    """Run a pipeline in a folder of its own; keywords that are fields of Settings go there."""

    def executed(pipeline: Any, parameters: dict[str, Any] | None = None, **settings: Any) -> Outcome:
        spec, platform_spec = pipeline if isinstance(pipeline, tuple) else compiled(pipeline)
        outcome = Outcome(tmp_path)
        surroundings = Settings(tmp_path, on_event=outcome.events.append, **{"workers": 4, **settings})
        try:
            outcome.result = run(spec, platform_spec, parameters or {}, settings=surroundings)
        except RunFailed as failure:
            outcome.failure = failure
        return outcome

    return executed
