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
    made: tuple[str, ...] = (),
    cache_key: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run the bootstrap, as a manifest holds it, around `program`; outputs come to lie in `folder`, `s3` mounted."""
    task = {
        "command": [sys.executable, "-c", program, "{{$}}"],
        "folder": str(folder),
        "cacheKey": cache_key,
        "inputs": {"parameters": inputs or {}, "artifacts": artifacts or {}},
        "outputs": {
            "parameters": {name: {"type": kind, "file": f"{folder}/{name}"} for name, kind in (outputs or {}).items()},
            "artifacts": {
                name: {"artifact": {"name": name, "type": {}, "metadata": {}}, "file": f"{folder}/{name}"}
                for name in made
            },
        },
    }
    file = folder / "task"
    file.write_text("\n".join([encoded(task), "folder s3://bucket/run/pod", *lines]), "utf-8")
    command = [sys.executable, "-c", python.source().replace('"/s3/"', f'"{folder}/s3/"'), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("STRING", AWKWARD),
        ("STRING", ""),
        pytest.param("STRING", "0123456789" * 40_000, id="STRING-400 kB"),
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
        ({"x": {"type": "LIST", "optional": False}}, {}, "parameter/x 3", "x is not of the type LIST: 3"),
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
    program = (
        "import json, sys; g = json.loads(sys.argv[1]);"
        "u = g['inputs']['artifacts']['data']['artifacts'][0]['uri'];"
        f"assert open(u.replace('s3://', '{tmp_path}/s3/')).read() == 'content'"
    )
    fetched = tmp_path / "fetched"
    fetched.write_text("content")
    companion = {"name": "data", "type": {}, "uri": "s3://bucket/a/data", "metadata": {}}
    artifacts = {"data": {"optional": False, "path": str(fetched)}}
    done = run(tmp_path, program, artifacts=artifacts, lines=(f"artifact/data {encoded(companion)}",))

    assert done.returncode == 0, done.stderr


# What a function does with its output `data`, where `root` is the folder that dsl.get_uri stands for.
PLACES = {
    "the path that it is given": ('write(root + "/data")', "{}"),
    "dsl.get_uri": ('write(root + "/kept")', '{"uri": "s3://bucket/run/pod/kept"}'),
    "a folder of its own": ('write(root + "/folder/kept")', '{"uri": "s3://bucket/run/pod/folder/kept"}'),
    "a path of its own": ('write(root + "/elsewhere")', '{"uri": root + "/elsewhere"}'),
    "a custom path": (
        'write(root + "/custom")',
        '{"custom_path": root + "/custom", "uri": "s3://bucket/run/pod/data"}',
    ),
}
WRITES = """
import json, os, sys
given = json.loads(sys.argv[1])
root = os.path.dirname(given["outputs"]["outputFile"])
def write(path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "w").write("content")
"""


@pytest.mark.parametrize("way", PLACES)
def test_an_artifact_comes_to_the_key_that_argo_takes_wherever_its_function_puts_it(tmp_path, way):
    writes, said = PLACES[way]
    ends = (
        f'json.dump({{"artifacts": {{"data": {{"artifacts": [{said}]}}}}}}, open(given["outputs"]["outputFile"], "w"))'
    )

    done = run(tmp_path, f"{WRITES}\n{writes}\n{ends}", made=("data",))

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "s3/bucket/run/pod/data").read_text() == "content"
    assert json.loads((tmp_path / "data").read_text())["uri"] == "s3://bucket/run/pod/data"


def test_an_artifact_that_is_the_root_of_its_task_is_refused(tmp_path):
    said = '{"uri": "s3://bucket/run/pod"}'
    ends = (
        f'json.dump({{"artifacts": {{"data": {{"artifacts": [{said}]}}}}}}, open(given["outputs"]["outputFile"], "w"))'
    )

    done = run(tmp_path, f"{WRITES}\n{ends}", made=("data",))

    assert done.returncode == 1 and "write to one of them" in done.stderr


def test_more_artifacts_than_places_are_refused_by_number(tmp_path):
    listed = [{"name": "d", "type": {}, "uri": f"s3://b/{index}", "metadata": {}} for index in range(2)]
    spec = {"data": {"optional": False, "path": str(tmp_path / "listed"), "places": 1}}
    done = run(tmp_path, artifacts=spec, lines=(f"artifact/data {encoded(listed)}",))

    assert done.returncode == 1
    assert "the input data has 2 artifacts; no more than 1 can be fetched here" in done.stderr


def test_what_only_its_user_could_read_is_made_readable(tmp_path):
    writes = "os.umask(0o077); write(root + '/data/inner/file')"
    ends = 'json.dump({"parameterValues": {"p": 1}}, open(given["outputs"]["outputFile"], "w"))'

    done = run(tmp_path, f"{WRITES}\n{writes}\n{ends}", outputs={"p": "NUMBER_INTEGER"}, made=("data",))

    assert done.returncode == 0, done.stderr
    root = tmp_path / "s3/bucket/run/pod/data"
    assert (root / "inner/file").stat().st_mode & 0o044 == 0o044
    assert all(folder.stat().st_mode & 0o055 == 0o055 for folder in (root, root / "inner"))
    assert (tmp_path / "p").stat().st_mode & 0o044 == 0o044


def _key_of_what_was_made(folder: Path, fixed: str, *lines: str) -> str:
    folder.mkdir()
    taken = {"x": {"type": "STRING", "optional": True}}
    artifacts = {"data": {"path": str(folder / "data"), "optional": True}}
    done = run(folder, inputs=taken, artifacts=artifacts, lines=lines, made=("model",), cache_key=fixed)

    assert done.returncode == 0, done.stderr
    return json.loads((folder / "model").read_text("utf-8")).get("cacheKey", "")


def _artifact(uri: str, **more: str) -> str:
    return "artifact/data " + encoded({"name": "data", "uri": uri, "type": {}, "metadata": {}, **more})


def test_an_artifact_carries_the_key_of_all_that_it_was_made_from(tmp_path):
    made = {
        _key_of_what_was_made(tmp_path / "1", "a", 'parameter/x "1"'),
        _key_of_what_was_made(tmp_path / "2", "b", 'parameter/x "1"'),
        _key_of_what_was_made(tmp_path / "3", "a", 'parameter/x "2"'),
        _key_of_what_was_made(tmp_path / "4", "a", 'parameter/x "1"', 'pod/graft-platform-1 "image"'),
        _key_of_what_was_made(tmp_path / "5", "a", 'parameter/x "1"', _artifact("s3://bucket/1")),
        _key_of_what_was_made(tmp_path / "6", "a", 'parameter/x "1"', _artifact("s3://bucket/2")),
        _key_of_what_was_made(tmp_path / "7", "a", 'parameter/x "1"', _artifact("s3://bucket/1", cacheKey="k")),
    }

    assert len(made) == 7 and all(len(key) == 64 for key in made)


def test_it_does_not_depend_on_where_a_cached_artifact_lies_nor_on_the_pod(tmp_path):
    first = _key_of_what_was_made(tmp_path / "1", "a", _artifact("s3://bucket/1", cacheKey="k"))
    second = _key_of_what_was_made(tmp_path / "2", "a", _artifact("s3://bucket/2", cacheKey="k"))

    assert first == second


def test_what_is_not_cached_has_no_key(tmp_path):
    assert _key_of_what_was_made(tmp_path / "1", "", 'parameter/x "1"') == ""
