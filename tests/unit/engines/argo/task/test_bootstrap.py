"""The program that stands in front of the KFP executor in a pod, run as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generators.engines.argo.task import python
from generators.engines.argo.text.expressions import encoded

AWKWARD = 'it\'s "x" {{workflow.name}} {{=1+1}} {{ $(HOME) \\ ünïcode \x7f\n'
COPY = """
import json, sys
given = json.loads(sys.argv[1])
values = dict(given["inputs"]["parameterValues"])
out = {"parameterValues": values, "artifacts": {}}
for name, found in given["outputs"]["artifacts"].items():
    made = found["artifacts"][0]
    out["artifacts"][name] = {"artifacts": [{"name": made["name"], "uri": made["uri"], "metadata": {"n": 1}}]}
json.dump(out, open(given["outputs"]["outputFile"], "w"))
"""


def run(
    folder: Path,
    program: str = COPY,
    inputs: dict[str, Any] | None = None,
    outputs: dict[str, str] | None = None,
    artifacts: dict[str, Any] | None = None,
    lines: tuple[str, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """Run the bootstrap, as a manifest holds it, around `program`; outputs come to lie in `folder`."""
    task = {
        "command": [sys.executable, "-c", program, "{{$}}"],
        "folder": str(folder),
        "cacheKey": False,
        "inputs": {"parameters": inputs or {}, "artifacts": artifacts or {}},
        "outputs": {
            "parameters": {name: {"type": kind, "file": f"{folder}/{name}"} for name, kind in (outputs or {}).items()},
            "artifacts": {},
        },
    }
    file = folder / "task"
    file.write_text("\n".join([encoded(task), "folder s3://bucket/run/pod", *lines]), "utf-8")
    command = [sys.executable, "-c", python.source(), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("STRING", AWKWARD),
        ("STRING", ""),
        ("STRING", "0123456789" * 40_000),
        ("NUMBER_INTEGER", 2**60),
        ("NUMBER_DOUBLE", 1e-7),
        ("NUMBER_DOUBLE", 64.0),
        ("BOOLEAN", False),
        ("LIST", [1, "{{x}}", [{"a": {"b": None}}]]),
        ("STRUCT", {"a": {"b": {"c": "$(HOME)"}}}),
    ],
)
def test_a_value_comes_out_as_it_went_in_and_holds_no_tag(tmp_path, kind, value):
    spec = {"type": kind, "optional": False}
    done = run(tmp_path, inputs={"x": spec}, outputs={"x": kind}, lines=(f"parameter/x {encoded(value, kind)}",))

    assert done.returncode == 0, done.stderr
    text = (tmp_path / "x").read_text("utf-8")
    assert json.loads(text) == value
    assert "{{" not in text and "$" not in text and "\n" not in text


def test_the_manifest_s_source_runs_and_holds_nothing_that_argo_or_kubelet_reads():
    source = python.source()

    compile(source, "bootstrap", "exec")
    assert "{{" not in source and "$(" not in source and "$$" not in source


def test_an_absent_value_is_its_default_or_nothing(tmp_path):
    inputs = {
        "a": {"type": "STRING", "optional": False, "default": "by default"},
        "b": {"type": "STRING", "optional": True},
    }
    done = run(tmp_path, inputs=inputs, outputs={"a": "STRING"}, lines=("parameter/a ", "parameter/b "))

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a").read_text() == '"by default"'


@pytest.mark.parametrize(
    ("inputs", "outputs", "line", "message"),
    [
        ({"x": {"type": "STRING", "optional": False}}, {}, "parameter/x ", "the input parameter x has no value"),
        ({"x": {"type": "LIST", "optional": False}}, {}, "parameter/x 3", "x is no LIST: 3"),
        ({"x": {"type": "STRING", "literals": ["a"]}}, {}, 'parameter/x "b"', "x is 'b', which is none of ['a']"),
        ({}, {"x": "STRING"}, "", "did not write its output parameter x"),
    ],
)
def test_what_is_missing_or_wrong_fails_the_step_with_its_name(tmp_path, inputs, outputs, line, message):
    done = run(tmp_path, inputs=inputs, outputs=outputs, lines=(line,))

    assert done.returncode == 1
    assert message in done.stderr


def test_an_output_that_is_no_finite_number_fails_the_step(tmp_path):
    program = "import json, sys; open(json.loads(sys.argv[1])['outputs']['outputFile'], 'w').write('{\"x\": NaN}')"
    done = run(tmp_path, program)

    assert done.returncode == 1
    assert "an output is NaN" in done.stderr


def test_the_command_s_exit_status_is_the_step_s(tmp_path):
    assert run(tmp_path, "raise SystemExit(7)").returncode == 7


def test_an_artifact_is_found_at_the_path_of_its_uri(tmp_path):
    store = tmp_path / "s3"
    program = (
        "import json, sys; g = json.loads(sys.argv[1]);"
        "u = g['inputs']['artifacts']['data']['artifacts'][0]['uri'];"
        f"assert open(u.replace('s3://', '{store}/')).read() == 'content'"
    )
    fetched = tmp_path / "fetched"
    fetched.write_text("content")
    companion = {"name": "data", "type": {}, "uri": "s3://bucket/a/data", "metadata": {}}
    source = python.source().replace('"/s3/"', f'"{store}/"')
    task = {
        "command": [sys.executable, "-c", program, "{{$}}"],
        "folder": str(tmp_path),
        "cacheKey": False,
        "inputs": {"parameters": {}, "artifacts": {"data": {"optional": False, "paths": [str(fetched)]}}},
        "outputs": {"parameters": {}, "artifacts": {}},
    }
    file = tmp_path / "task"
    file.write_text("\n".join([encoded(task), "folder s3://bucket/run/pod", f"artifact/data {encoded(companion)}"]))
    done = subprocess.run([sys.executable, "-c", source, str(file)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_more_artifacts_than_places_are_refused_by_number(tmp_path):
    listed = [{"name": "d", "type": {}, "uri": f"s3://b/{index}", "metadata": {}} for index in range(2)]
    spec = {"data": {"optional": False, "paths": [str(tmp_path / "only")]}}
    done = run(tmp_path, artifacts=spec, lines=(f"artifact/data {encoded(listed)}",))

    assert done.returncode == 1
    assert "the input data has 2 artifacts; no more than 1 can be fetched here" in done.stderr
