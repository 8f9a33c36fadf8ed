"""Each reader of graft with files that it takes: what it makes of any bytes is a value or words, and never a crash."""

# ruff: noqa: E501 (a sample is a line)
from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from generators.catalogue import locks, metadata
from generators.checks import approvals, dockerfiles, schemas, secrets
from generators.checks.definitions import folder as definitions_of
from generators.checks.given import check as given
from generators.checks.given.contents import contents
from generators.errors import GraftError
from generators.fleet import objects, provenance
from generators.fleet.cache import Cache
from generators.fleet.fleet import load
from generators.inventory.read import Repository, plain, read_document
from generators.inventory.schema import json_schema, validator
from generators.ir.definitions import from_text
from generators.live import kubeconfig
from generators.output import report
from generators.output.emit import to_yaml
from generators.output.github import to_commands
from generators.output.limited import MOST
from generators.output.sarif import to_sarif
from generators.pages import outcomes
from generators.runner import reuse, running
from generators.runner import secrets as local_secrets
from generators.runner.results import Values
from generators.verbs._check_files import check_files
from generators.verbs.convert import Wanted, converted

ROOT = Path(__file__).resolve().parents[2]
KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: a
clusters: [{name: a, cluster: {server: "https://a.test", certificate-authority: ca.crt}}]
users: [{name: a, user: {token: abc}}]
contexts: [{name: a, context: {cluster: a, user: a}}]
"""
APPROVAL = (
    "reason: the old one is moved\ndestroys: [PersistentVolumeClaim/prod/data]\nweakens: [schemas/base.schema.json]\n"
)
DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.a.test}
spec:
  group: a.test
  names: {kind: Thing, plural: things}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object}}}}}]
"""
RECORD = '{"pipeline": "a", "steps": [{"path": "b", "state": "SUCCEEDED", "inputs": {}, "outputs": {"parameters": {}, "artifacts": {}}}]}'
RUNNING = '{"pipeline": "a", "run": "b", "started": "2026-01-01T00:00:00+00:00"}\n{"path": "c", "state": "RUNNING"}\n'
STATUS = '{"taken": "2026-01-01T00:00:00+00:00", "rows": []}'
SECRETS = "# a comment\nexport TOKEN='abc'\nPASSWORD=\"x\"\n"
_ENGINES = ("argo", "kubeflow", "vertex")


@dataclass(frozen=True)
class Reader:
    """Files that a reader takes, and the reader."""

    name: str
    samples: tuple[str, ...]
    read: Callable[[bytes], Any]


def readers(tiny: Path, scratch: Path) -> list[Reader]:
    """Every reader, over a rendered copy of tests/tiny, with a folder for what it reads from the disk."""
    repository, cache = Repository(tiny), Cache(scratch / "cache")
    known = schemas.Schemas(schemas.load(Repository(ROOT), cache), {})
    inputs = tuple(_texts(tiny, "environments/*.yml", "base/**/*.yml"))
    compiled = tuple(_texts(tiny, "rendered/local/*/*/pipeline.yaml", "definitions/*/*.json"))
    rendered = tuple(_texts(tiny, "rendered/staging/*/*/*.yaml", "rendered/*/argocd/*.yaml"))
    environment = validator(json_schema(repository, "schemas/environment.schema.json"))

    def of_input(content: bytes) -> None:
        document = read_document("environments/a.yml", content)
        _printed(
            [*document.findings, *(problem.at(document.root.place) for problem in environment(plain(document.root)))]
        )

    def of_given(content: bytes) -> None:
        read = contents(_text(content), "a.yaml")
        _printed(list(given.findings([read], known)))

    def of_convert(content: bytes) -> None:
        for engine in _ENGINES:
            _converted(_text(content), engine)

    def of_fleet(content: bytes) -> None:
        file = f"environments/{'prod' if len(content) % 2 else 'staging'}.yml"
        _printed(load(repository.edited({file: _text(content)}), cache).findings)

    def of_component(name: str) -> Callable[[bytes], None]:
        def read(content: bytes) -> None:
            folder = "components/greeter"
            metadata.read(repository.edited({f"{folder}/{name}": _text(content)}), folder)

        return read

    def of_file(name: str, then: Callable[[Path], Any]) -> Callable[[bytes], None]:
        def read(content: bytes) -> None:
            file = scratch / "read" / name
            shutil.rmtree(scratch / "read", ignore_errors=True)
            file.parent.mkdir(parents=True)
            file.write_bytes(content)
            then(file)

        return read

    def of_cache(file: Path) -> None:
        mine = Cache(file.parents[2])
        assert mine.get("kind", "aa") is None or mine.get("kind", "aa") == {"a": 1}

    def of_runs(file: Path) -> None:
        running.settle(scratch / "read", lambda event: None)
        assert not file.exists()

    scratch.mkdir(exist_ok=True)
    asked = scratch / "asked.yaml"
    asked.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n")
    whole = Cache(scratch / "whole")
    whole.put("kind", "aa", {"a": 1})
    entry = (scratch / "whole/kind/aa/aa").read_text()
    return [
        Reader("input", inputs, of_input),
        Reader("fleet", tuple(_texts(tiny, "environments/*.yml")), of_fleet),
        Reader("approval", (APPROVAL,), lambda content: approvals.read(repository, "approvals/a.yml", content)),
        Reader("schema", tuple(_texts(ROOT, "schemas/approvals.schema.json")),
               lambda content: json_schema(repository.edited({"schemas/a.json": _text(content)}), "schemas/a.json")),
        Reader("given", (*rendered, *compiled, DEFINITION), of_given),
        Reader("convert", compiled, of_convert),
        Reader("definition", tuple(_texts(tiny, "definitions/*/*.json")), lambda content: from_text("a", _text(content))),
        Reader("rendered", rendered, lambda content: objects.read(cache, "rendered/a.yaml", _text(content))),
        Reader("definitions", (DEFINITION,), of_file("a.yaml", lambda file: [
            list(definitions_of.schemas(each)) for each in definitions_of.definitions(file, definitions_of.text_of(file))])),
        Reader("policies", tuple(_texts(tiny, "rendered/*/*/platform/policies.yaml")),
               of_file("a.yaml", lambda file: check_files([str(asked)], tiny, policies=file.parent))),
        Reader("Dockerfile", tuple(_texts(ROOT, "components/*/Dockerfile")),
               lambda content: _printed(list(dockerfiles.problems("Dockerfile", _text(content))))),
        Reader("lock", (*_texts(ROOT, "components/*/requirements.txt", "components/*/requirements.lock"),), _lock),
        Reader("metadata", tuple(_texts(tiny, "components/*/metadata.yaml")), of_component("metadata.yaml")),
        Reader("owners", tuple(_texts(tiny, "components/*/OWNERS")), of_component("OWNERS")),
        Reader("kubeconfig", (KUBECONFIG,), of_file("config", lambda file: kubeconfig.load({"KUBECONFIG": str(file)}))),
        Reader("cache", (entry,), of_file("kind/aa/aa", of_cache)),
        Reader("record", (RECORD,), of_file("b/run.json", lambda file: reuse.last(file.parents[1], "a").outputs("b", Values(), ""))),
        Reader("running", (RUNNING,), of_file("a/b/running", of_runs)),
        Reader("status", (STATUS,), lambda content: outcomes.read(_text(content))),
        Reader("provenance", ('{"_type": "a"}',), lambda content: provenance.read(_text(content), "a")),
        Reader("local secrets", (SECRETS,), of_file(".secrets.env", lambda file: local_secrets.lookup(file.parent, {})("A"))),
        Reader("credentials", (*inputs, *_texts(ROOT, "components/*/Dockerfile", "components/*/component.py")), _secrets),
    ]  # fmt: skip


def outcome(reader: Reader, content: bytes) -> str:
    """What a reader makes of a content: "read", or the first line of why it does not; anything else is raised."""
    try:
        reader.read(content)
    except GraftError as error:
        return str(error).partition("\n")[0]
    except ValueError as error:
        if reader.name in ("definition",):  # whose caller makes a finding of it
            return str(error)
        raise
    return "read"


def _texts(root: Path, *patterns: str) -> Iterator[str]:
    for pattern in patterns:
        yield from (file.read_text() for file in sorted(root.glob(pattern)))


def _text(content: bytes) -> str:
    """As `options.text_of` and `Repository.text` have it."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise GraftError(f"not UTF-8: {error}") from None


def _printed(findings: list[Any]) -> None:
    """The findings in every form: none is without words, and each form is bounded."""
    assert all(finding.message for finding in findings)
    for form in (report.to_text, report.to_json, to_sarif, to_commands):
        assert len(form(findings)) < (1 + len({each.place.file for each in findings})) * MOST * 20_000


def _converted(text: str, engine: str) -> None:
    """What is converted is what its YAML says; that it means the same `convert` looks at itself."""
    try:
        made = converted(text, "a.yaml", Wanted(engine))
    except GraftError as error:
        _printed(list(getattr(error, "findings", ())))
        assert "mistake of graft's own" not in str(error)
        return
    assert list(yaml.load_all(to_yaml(made.objects), yaml.CSafeLoader)) == made.objects


def _lock(content: bytes) -> None:
    listed = locks.lines(_text(content))
    list(locks.locked(listed))
    locks.python_of(_text(content))


def _secrets(content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    for name in ("a.yml", "a.py"):
        for each, finding in secrets.problems(name, text):
            assert text[each.start : each.end] not in finding.message
