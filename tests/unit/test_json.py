"""Every verb's JSON is of its schema, and what refuses or fails is of one shape, whichever verb it is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas/output"
Edit = Callable[[Path, str, str], None]
VERSION = "rendered/prod/east/greet/pipelineversion.yaml"
DEFINITION = "definitions/greet/4dbb8e3ec3.json"
GOOD = {
    "render": ["render"],
    "render, nothing written": ["render", "--check"],
    "findings": ["check"],
    "prune": ["prune"],
    "diff, of nothing": ["diff", "HEAD"],
    "diff": ["diff", "staging", "prod"],
    "explain": ["explain", "prod"],
    "explain a default": ["explain", "staging", "pipelines.greet.parameters.rate"],
    "run": ["run", "greet"],
    "status": ["status", "local"],
    "new": ["new", "component", "churn"],
    "set": ["set", "prod", "pipelines.greet.parameters.times=3"],
    "promote": ["promote", "staging", "prod"],
    "images": ["images"],
    "images, what is in them": ["images", "--sbom", "sbom"],
    "verify, what is written": ["verify", "--write", "provenance.json"],
    "report": ["report", "--out", "pages"],
    "convert": ["convert", VERSION],
    "convert, to a service": [
        "convert",
        DEFINITION,
        "--to",
        "vertex",
        "--root",
        "gs://bucket",
        "--run",
        "--set",
        "times=2",
    ],
}
BAD = {
    "an unknown key": (["explain", "prod", "nope.x"], 2),
    "an unknown parameter": (["run", "greet", "--set", "tims=2"], 2),
    "an unknown pipeline": (["run", "gret"], 2),
    "a step that fails": (["run", "greet", "--set", "people=[]"], 1),
    "an unreadable pipeline": (["convert", "environments/prod.yml"], 2),
    "a verb's argument that is missing": (["explain"], 2),
    "an option that there is not": (["render", "--bogus"], 2),
    "a number that is none": (["prune", "--keep", "x"], 2),
    "a kind that there is not": (["new", "pipelin", "x"], 2),
    "a state of an unknown environment": (["status", "nope"], 2),
    "a state that is watched as JSON": (["status", "--watch"], 2),
    "a cluster that there is not": (["run", "greet", "--cluster", "nope"], 2),
    "a key that is set to nothing": (["set", "prod", "registry="], 2),
    "a promotion to nowhere": (["promote", "staging", "prd"], 2),
    "a rollback to what never ran": (["rollback", "prod", "greet", "--to", "ffffffffff", "--reason", "x"], 2),
    "a missing file": (["convert", "nothing.yaml"], 2),
    "a revision that there is not": (["diff", "nope"], 2),
    "an environment beside none": (["diff", "prod", "nope"], 2),
    "an unknown parameter of a run": (["convert", VERSION, "--run", "--set", "tims=2"], 2),
    "a provenance that is none": (["verify", "environments/prod.yml"], 2),
    "nothing to verify": (["verify"], 2),
    "options that do not go together": (["convert", VERSION, "--timezone", "UTC"], 2),
}
REFUSED = {"render": ["render"], "check": ["check"], "prune": ["prune"], "run": ["run", "greet"]}


@pytest.mark.parametrize("name", GOOD)
def test_what_a_verb_prints_is_of_its_schema(tiny: Path, commit: Callable[[Path], None], name: str) -> None:
    commit(tiny)  # whose history `prune` asks for
    status, printed = _json(tiny, GOOD[name])

    assert status == 0
    assert _problems(name.split(",")[0].split(" a ")[0], printed) == []


@pytest.mark.parametrize("name", BAD)
def test_what_a_verb_refuses_is_of_one_shape(tiny: Path, name: str) -> None:
    arguments, expected = BAD[name]
    status, printed = _json(tiny, arguments)

    assert status == expected
    assert _problems("findings", printed) == [] and printed["findings"]


@pytest.mark.parametrize("verb", REFUSED)
def test_findings_of_the_sources_are_of_the_same_shape_in_every_verb(tiny: Path, edit: Edit, verb: str) -> None:
    edit(tiny / "environments/local.yml", "TONE: warm", "TONE: [warm]")

    status, printed = _json(tiny, REFUSED[verb])

    assert status == 1 and _problems("findings", printed) == []
    assert "environments/local.yml" in {finding["file"] for finding in printed["findings"]}


def test_a_stale_file_is_a_finding_of_its_own(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{times: 3}")

    status, printed = _json(tiny, ["render", "--check"])

    assert status == 1 and _problems("findings", printed) == []
    assert VERSION in {finding["file"] for finding in printed["findings"]}


def test_a_file_is_one_record_with_what_became_of_it(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{times: 3}")

    _, printed = _json(tiny, ["render"])

    assert {"file": VERSION, "what": "written"} in printed["files"]
    assert {"environment", "cluster", "engine", "files"} <= printed["clusters"][0].keys()


def _json(repository: Path, arguments: list[str]) -> tuple[int, Any]:
    where = [] if arguments[0] == "convert" else ["--repo", repository]
    command = [Path(sys.executable).with_name("graft"), *arguments, *where, "--output", "json"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def _problems(name: str, printed: Any) -> list[str]:
    contents = _schemas()
    registry = Registry().with_resources((each, Resource.from_contents(schema)) for each, schema in contents.items())
    validator = Draft202012Validator(contents[f"{name}.schema.json"], registry=registry)
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(printed)]


@cache
def _schemas() -> dict[str, Any]:
    return {file.name: json.loads(file.read_text("utf-8")) for file in SCHEMAS.glob("*.json")}
