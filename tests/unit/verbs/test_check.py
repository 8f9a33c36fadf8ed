"""`graft check` finds every mistake in one pass, at its line, with what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.output import report
from generators.verbs import check, render

Edit = Callable[[Path, str, str], None]
PROD = "environments/prod.yml"


@dataclass(frozen=True)
class Mistake:
    """An edit of prod.yml, a piece of the line that the finding must stand at, and words that its text must hold."""

    old: str
    new: str
    at: str
    words: tuple[str, ...]


DIGEST = f'"sha256:{"1" * 64}"'
IMAGE = f'"723f2352": {DIGEST}'
STEP = "people/greet: {accelerator: optional}"
LABELS = "labels: {team: greeters}"
NAMESPACE = "  namespace: greet-prod\n"

MISTAKES = {
    "unknown key": Mistake("  namespace:", "  namspace:", "namspace", ("unknown key", "did you mean namespace?")),
    "missing key": Mistake(
        NAMESPACE, "", "parameters:\n", ("'namespace' is missing", "add namespace: ml-<environment>")
    ),
    "wrong type": Mistake("https://east.prod.test", "443", "server: 443", ("expected text, found a whole number",)),
    "number as text": Mistake("{times: 2}", '{times: "2"}', "times", ("a whole number", "write 2, without quotes")),
    "no digest": Mistake(IMAGE, '"723f2352": ""', "723f2352", ("sha256: and 64 hex", "for example sha256:")),
    "a source of other code": Mistake("723f2352", "723f2353", "greeter: {", ("source 723f2352", "docker build --file")),
    "a reference for a component": Mistake(
        f"{{{IMAGE}}}", f"greeter@{DIGEST[1:-1]}", "greeter@", ("listed by source",)
    ),
    "an unknown image": Mistake(STEP, "people/greet: {image: greter}", "greter", ("'greter' is not", "(greeter)")),
    "an image by its tag": Mistake(STEP, "people/greet: {image: python:3.12}", "3.12", ("python:3.12@sha256:...",)),
    "tag for a digest": Mistake(DIGEST, "latest", "latest", ("never a tag", "for example sha256:")),
    "unknown parameter": Mistake("{times: 2}", "{tims: 2}", "tims", ("unknown parameter", "did you mean times?")),
    "unknown step": Mistake(STEP, "people/great: {}", "great:", ("unknown step", "did you mean people/greet?")),
    "group for a step": Mistake(STEP, "people: {}", "people: {}", ("a group of steps",)),
    "unknown class": Mistake("pipelines.greet]", "pipelines.great]", "great]", ("did you mean pipelines.greet?",)),
    "bad reference": Mistake(STEP, 'people/greet: {resources: "${resources:smal}"}', "smal}", ("${resources:small}?",)),
    "duplicate key": Mistake(LABELS, f"{LABELS}\n  registry: x", "registry: x", ("written twice", "in line 14")),
    "bare list over a list": Mistake("{times: 2}", "{people: [{name: Al}]}", "people: [", ("~people",)),
    "credentials in a URL": Mistake("mlflow@db", "mlflow:hunter2@db", "hunter2", ("password", "by reference")),
    "tab indentation": Mistake(f"  {LABELS}", f"\t{LABELS}", "team", ("does not allow tabs", "spaces")),
    "ambiguous number": Mistake("{times: 2}", "{rate: 1e-4}", "1e-4", ("write 0.0001",)),
    "engine misspelt": Mistake("engine: kubeflow\n", "engine: kubeflw\n", "kubeflw", ("did you mean kubeflow?",)),
    "more than there is": Mistake(STEP, "people/greet: {resources: {cpu: '64'}}", "'64'", ("at most 16", "at most 32")),
    "no accelerator": Mistake("optional", "required", "required", ("west has no accelerator",)),
    "unknown definition": Mistake("4dbb8e3ec3", "4dbb8e3ec4", "4dbb8e3ec4", ("did you mean 4dbb8e3ec3?",)),
    "another's name": Mistake("environment: prod", "environment: prd", "prd", ("not its file's name", "write prod")),
    "a number for text": Mistake(LABELS, "env: {PORT: 80}", "PORT", ("expected text", 'write "80", with quotes')),
    "a variable's name": Mistake(LABELS, 'env: {my-port: "80"}', "my-port", ("the name of an environment variable",)),
    "an unused fact": Mistake("west: {", "west: {instance_id: ml, ", "west:", ("nothing uses this",)),
    "a misspelt image": Mistake("    greeter: {", "    greter: {", "greter:", ("no step", "did you mean greeter?")),
    "an unused image": Mistake("  images:", f"  images:\n    other: o@{DIGEST[1:-1]}", "other:", ("no step",)),
    "bytes for memory": Mistake(STEP, "people/greet: {resources: {memory: '8'}}", "'8'", ("a unit from M", "4Gi")),
    "thousandths of bytes": Mistake(STEP, "people/greet: {resources: {memory: 8m}}", "8m", ("a unit from M", "4Gi")),
    "no cores": Mistake(STEP, "people/greet: {resources: {cpu: '0'}}", "'0'", ("more than 0", "for example 1")),
    "gigabytes for cores": Mistake(STEP, "people/greet: {resources: {cpu: 2Gi}}", "cpu: 2Gi", ("a number of cores",)),
    "bytes for a capacity": Mistake("memory: 32Gi", 'memory: "32"', 'memory: "32"', ("a unit from M",)),
    "half an accelerator": Mistake('gpu: "4"', 'gpu: "0.5"', '"0.5"', ("a whole number",)),
    "a value of every value": Mistake("operator: Exists,", "operator: Exists, value: a,", "value: a", ("Equal",)),
    "a taint without a key": Mistake("{key: nvidia.com/gpu, operator: Exists,", "{", "effect:", ("'key' is missing",)),
    "seconds of no eviction": Mistake(
        "effect: NoSchedule", "effect: NoSchedule, tolerationSeconds: 5", "Seconds", ("NoExecute",)
    ),
    "Kubernetes' namespace": Mistake("greet-prod\n  database", "kube-x\n  database", "kube-x", ("Kubernetes' own",)),
    "the default namespace": Mistake(
        "greet-prod\n  database", "default\n  database", ": default", ("a namespace of their",)
    ),
    "a folder for a bucket": Mistake("s3://greet-prod", "greet-prod", "uri: greet-prod", ("an object store", "gs://")),
    "neither pin nor head": Mistake('      definition: "4dbb8e3ec3"\n', "", "    greet:\n", ("which definition",)),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_at_its_line_with_what_to_do(tiny: Path, edit: Edit, name: str) -> None:
    mistake = MISTAKES[name]
    edit(tiny / PROD, mistake.old, mistake.new)

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    lines = (tiny / PROD).read_text().splitlines(keepends=True)
    (line,) = [number for number, text in enumerate(lines, start=1) if mistake.at in text]
    at_its_line = [finding for finding in findings if (finding.place.file, finding.place.line) == (PROD, line)]
    text = "\n".join(map(report.one, at_its_line))
    assert all(word in text for word in mistake.words), report.to_text(findings)


def test_a_cluster_belongs_to_one_environment(tiny: Path, edit: Edit) -> None:
    edit(tiny / PROD, NAMESPACE, "  namespace: greet-staging\n")
    edit(tiny / PROD, "https://west.prod.test", "https://one.staging.test")

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    assert [(finding.place.file, finding.path) for finding in findings] == [
        (PROD, "clusters.west"),
        ("environments/staging.yml", "clusters.one"),
    ]


def test_an_image_that_is_no_component_stands_at_the_line_that_runs_it(tiny: Path, edit: Edit) -> None:
    edit(tiny / "components/greeter/component.py", 'ContainerSpec(image="greeter"', 'ContainerSpec(image="greter"')
    (tiny / PROD).unlink()

    (finding,) = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    code = (tiny / finding.place.file).read_text().splitlines()
    assert "praise(text" in code[finding.place.line - 1]
    assert (finding.place.file, finding.fix) == ("generators/pipelines/greet.py", "did you mean greeter?")


def test_a_file_with_a_name_that_no_environment_can_have_is_to_be_renamed(tiny: Path) -> None:
    shutil.move(tiny / PROD, tiny / "environments/Prod.yml")

    (finding,) = [each for each in check.check(Repository(tiny)) if each.rule == "name"]

    assert (finding.allowed, finding.fix) == ("", "rename the file to environments/prod.yml")


def test_a_pipeline_that_an_environment_no_longer_runs_is_refused_where_its_class_is_listed(tiny: Path) -> None:
    text = (tiny / PROD).read_text()
    (tiny / PROD).write_text(text[: text.index("  pipelines:")])

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    (finding,) = [finding for finding in findings if finding.rule == "not-deployed"]
    assert (finding.place.file, finding.place.line) == (PROD, 2)
    assert finding.message.startswith("prod lists the class pipelines.greet")
    assert finding.fix.startswith("remove pipelines.greet from classes, or add")


def test_a_value_that_repeats_what_it_overrides_is_a_warning(tiny: Path, edit: Edit) -> None:
    edit(tiny / PROD, "{times: 2}", "{times: 2, word: Good morning}")

    (finding,) = [finding for finding in check.check(Repository(tiny)) if finding.rule == "redundant"]

    assert (finding.path, finding.verdict) == ("pipelines.greet.parameters.word", "warning")
    assert "base/pipelines/greet.yml:6" in finding.message


def test_a_size_that_no_step_uses_is_refused(tiny: Path, edit: Edit) -> None:
    edit(tiny / PROD, LABELS, "resources: {large: {cpu: '8'}, small: {cpu: '2'}}")

    (finding,) = [finding for finding in check.check(Repository(tiny)) if finding.rule == "unused"]

    assert finding.path == "resources.large"


SECRETS = {
    "in a URL": ("mlflow@db.prod.test", "mlflow:hunter2@db.prod.test"),
    "in a URL with a slash": ("mlflow@db.prod.test", "mlflow:hun/hunter2@db.prod.test"),
    "in a URL of another scheme": ("postgresql://mlflow@", "PostgreSQL+psycopg2://mlflow:hunter2@"),
    "in a URL's query": ("5432/mlflow", "5432/mlflow?password=hunter2"),
    "in a storage URI": ("s3://greet-prod", "s3://key:hunter2@greet-prod"),
    "in a server's URL": ("https://west.prod.test", "https://admin:hunter2@west.prod.test"),
    "in place of a reference": ("{secret: mlflow-database, key: password}", "hunter2"),
    "under an unknown key": (LABELS, "db_password: hunter2"),
}


@pytest.mark.parametrize("where", SECRETS)
def test_a_secret_is_refused_and_never_repeated(tiny: Path, edit: Edit, where: str) -> None:
    edit(tiny / PROD, *SECRETS[where])

    findings = check.check(Repository(tiny))

    assert any(finding.failing for finding in findings)
    assert "hunter2" not in report.to_json(findings)


def test_a_form_that_only_one_validator_refuses_is_refused(tiny: Path, edit: Edit) -> None:
    edit(tiny / PROD, "namespace: greet-prod", 'namespace: "greet-prod\\n"')

    found = {finding.path for finding in check.check(Repository(tiny)) if finding.failing}

    assert found == {"namespace"}


def test_what_a_class_says_of_the_head_does_not_break_a_pinned_environment(tiny: Path, edit: Edit) -> None:
    edit(tiny / "generators/pipelines/greet.py", 'name="if-polite"', 'name="when-polite"')
    edit(tiny / "base/pipelines/greet.yml", "if-polite/praise", "when-polite/praise")
    pinned = '        if-polite/praise: {resources: "${resources:small}"}'  # what its policies ask for
    edit(tiny / PROD, STEP, f"{STEP}\n{pinned}")

    render.render(Repository(tiny))

    assert [finding for finding in check.check(Repository(tiny)) if finding.failing] == []


def test_what_a_pinned_environment_itself_says_must_fit_what_it_runs(tiny: Path, edit: Edit) -> None:
    edit(tiny / "generators/pipelines/greet.py", 'name="if-polite"', 'name="when-polite"')
    edit(tiny / "base/pipelines/greet.yml", "if-polite/praise", "when-polite/praise")
    edit(tiny / PROD, STEP, f"{STEP}\n        when-polite/praise: {{cache: true}}")

    (finding,) = [finding for finding in check.check(Repository(tiny)) if finding.rule == "unknown-step"]

    assert finding.place.file == PROD


ALONE = {
    "a pipeline without its class": ("[defaults, pipelines.greet]", "[defaults]", "its class is not"),
    "SQLite on a cluster": ("postgresql://mlflow@db.prod.test:5432/mlflow", "sqlite:///x.db", "would be lost"),
    "a variable that a secret gives": (STEP, "people/greet: {env: {PGPASSWORD: x}}", "also comes from the Secret"),
    "a variable of graft's own": (STEP, "people/greet: {env: {GRAFT_IMAGE: x}}", "graft sets this variable itself"),
    "a variable of a service": (STEP, "people/greet: {env: {STORAGE_URI: x}}", "graft sets this variable itself"),
    "an unknown resource": ('nvidia.com/gpu: "4"', 'gpuu: "4"', "a Kubernetes resource name"),
    "an endless timeout": (STEP, "people/greet: {timeout: 90000000000000000000s}", "such as 90s"),
    "a timeout that Kubernetes refuses": (STEP, "people/greet: {timeout: 99999d}", "at most 9999d"),
    "a bucket that there cannot be": ("s3://greet-prod", "s3://Greet_Prod", "s3://<bucket>"),
    "an accelerator that there is no capacity of": (
        "        nvidia.com/gpu:\n",
        "        nvidia.com/gpus:\n",
        "did you mean nvidia.com/gpu?",
    ),
}


@pytest.mark.parametrize("what", ALONE)
def test_a_value_that_would_be_lost_or_refused_later_is_refused_now(tiny: Path, edit: Edit, what: str) -> None:
    old, new, words = ALONE[what]
    edit(tiny / PROD, old, new)

    text = report.to_text(finding for finding in check.check(Repository(tiny)) if finding.failing)

    assert words in text


def test_a_number_too_long_to_read_is_refused_at_its_line(tiny: Path, edit: Edit) -> None:
    edit(tiny / PROD, "{times: 2}", "{times: " + "9" * 5000 + "}")

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    assert any(finding.rule == "number-range" for finding in findings)


def test_errors_of_the_definition_and_of_the_schema_of_parameters_name_their_file(tiny: Path, edit: Edit) -> None:
    schema = (
        '{"type": "object", "additionalProperties": false, "properties": {"times": {"type": "integer", "maximum": 1}}}'
    )
    (tiny / "schemas/parameters/greet.schema.json").write_text(schema)
    edit(tiny / PROD, "{times: 2}", "{times: 2, rate: 1.5, speed: 1}")

    found = {
        finding.path.split(".")[-1]: finding for finding in check.check(Repository(tiny)) if finding.place.file == PROD
    }

    file = "schemas/parameters/greet.schema.json"
    assert found["times"].allowed == f"1 or less (from {file})"
    assert (found["rate"].rule, found["rate"].fix) == ("unlisted-parameter", f"add rate to the properties of {file}")
    assert (found["speed"].rule, "definition 4dbb8e3ec3" in found["speed"].allowed) == ("unknown-parameter", True)


def test_a_parameter_without_a_value_is_found_where_nobody_is_there_to_give_one(tiny: Path, edit: Edit) -> None:
    pipeline = tiny / "generators/pipelines/greet.py"
    edit(pipeline, "    rate: float = 0.5,\n", "")
    edit(pipeline, "    people: list", "    rate: float,\n    people: list")

    (finding,) = [each for each in check.check(Repository(tiny)) if each.rule == "required-parameter"]

    assert finding.place.file == "environments/staging.yml"  # in local.yml a person starts the runs
    assert finding.path == "pipelines.greet.schedule"
    assert finding.message == (
        "the runs that schedule starts would fail: the parameter rate has no default and no value here"
    )
    assert finding.fix == "add rate to parameters"


def test_a_schema_that_cannot_be_read_is_a_finding_that_names_it(tiny: Path, edit: Edit) -> None:
    (tiny / "schemas/parameters/greet.schema.json").write_text("[")
    edit(tiny / PROD, "  namespace:", "  namspace:")

    text = report.to_text(check.check(Repository(tiny)))

    assert "schemas/parameters/greet.schema.json is not JSON" in text and "did you mean namespace?" in text


def test_every_mistake_of_every_environment_is_found_in_one_pass(tiny: Path, edit: Edit) -> None:
    together = [
        "unknown key",
        "wrong type",
        "no digest",
        "unknown step",
        "unknown parameter",
        "unknown class",
        "duplicate key",
        "credentials in a URL",
        "tab indentation",
    ]
    for name in together:
        edit(tiny / PROD, MISTAKES[name].old, MISTAKES[name].new)
    edit(tiny / "environments/staging.yml", "track: head", "parameters: {word: 3}\n      track: head")

    findings = check.check(Repository(tiny))
    text = report.to_text(findings)

    missed = [name for name in together if not all(word in text for word in MISTAKES[name].words)]
    assert missed == [], text
    assert "environments/staging.yml:21:" in text
