"""`graft check` finds every mistake in one pass, at its line, with what to do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from generators.errors import GraftError
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
    "an unused fact": Mistake("west: {", "west: {pod_security: restricted, ", "west:", ("nothing uses this",)),
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


@pytest.mark.parametrize("key", ["uri", "url", "namespace"])
def test_a_number_where_text_is_wanted_is_one_mistake(tiny: Path, key: str) -> None:
    text = (tiny / PROD).read_text()
    (tiny / PROD).write_text(re.sub(rf"^( +){key}: .*$", rf"\1{key}: 5", text, flags=re.MULTILINE))

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing and finding.check != "stale"]

    assert [finding.message for finding in findings if finding.place.file == PROD] == [
        "expected text, found a whole number"
    ], report.to_text(findings)


def test_a_cluster_belongs_to_one_environment(tiny: Path, edit: Edit) -> None:
    edit(tiny / PROD, NAMESPACE, "  namespace: greet-staging\n")
    edit(tiny / PROD, "https://west.prod.test", "https://one.staging.test")

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    assert [(finding.place.file, finding.path) for finding in findings] == [
        (PROD, "clusters.west"),
        ("environments/staging.yml", "clusters.one"),
    ]


def test_a_mistake_brings_no_findings_that_are_not_about_it(tiny: Path, edit: Edit) -> None:
    edit(tiny / PROD, IMAGE, '"723f2352": ""')

    assert len([finding for finding in check.check(Repository(tiny)) if finding.failing]) == 1


GUESSED = {
    "a word for a hash": ('definition: "4dbb8e3ec3"', "definition: head"),
    "a word for head": ('definition: "4dbb8e3ec3"', "track: main"),
    "a number for a quantity": (LABELS, "resources: {small: {cpu: 8}}"),
    "nothing for a password": ("password: {secret: mlflow-database, key: password}", "password: {key: password}"),
    "a number for images": (f"\n    greeter: {{{IMAGE}}}", " 3"),
    "a unit that is none for a capacity": ("memory: 32Gi", "memory: 32GB"),
    "a word for an accelerator's capacity": ('gpu: "4"', "gpu: four"),
    "no such class": ("[defaults, pipelines.greet]", "[defaults]"),
    "a misspelt class": ("[defaults, pipelines.greet]", "[defaults, pipelines.gret]"),
    "a misspelt key for the classes": ("classes: [", "clases: ["),
    "a misspelt key for the pipelines": ("  pipelines:", "  pipelnes:"),
    "a misspelt key for the namespace": ("  namespace:", "  namspace:"),
    "a misspelt key for a definition": ("      definition:", "      defintion:"),
}


@pytest.mark.parametrize("what", GUESSED)
def test_what_follows_from_a_guess_is_not_said(tiny: Path, edit: Edit, what: str) -> None:
    edit(tiny / PROD, *GUESSED[what])

    findings = [found for found in check.check(Repository(tiny)) if found.failing or found.rule == "parallelism"]

    assert len(findings) == 1, report.to_text(findings)


@pytest.mark.parametrize("key", ["parameters", "pipelines", "steps"])
def test_what_follows_from_a_misspelt_key_of_a_class_is_not_said(tiny: Path, edit: Edit, key: str) -> None:
    edit(
        tiny / "base/pipelines/greet.yml",
        f" {key}:\n" if key != "parameters" else "\nparameters:",
        f" {key}s:\n" if key != "parameters" else "\nparametrs:",
    )

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing and finding.check != "stale"]

    assert len(findings) == 1, report.to_text(findings)


ONCE = {  # a mistake, the one line that is found, and what to do
    "a number with a zero at its end": (LABELS, "env: {V: 1.10}", "1.10", 'write "1.10", with quotes'),
    "a number in hexadecimal": (LABELS, "env: {V: 0x1F}", "0x1F", 'write "0x1F", with quotes'),
    "a number to some readers, for text": (LABELS, "env: {V: 1e3}", "1e3", 'write "1e3", with quotes'),
    "a word for false": (STEP, "people/greet: {cache: no}", "no", 'write false, or "no" if it is text'),
    "a number with underscores": ("{times: 2}", "{times: 1_000}", "1_000", "write 1000"),
    "a number in base 8": (STEP, "people/greet: {retry: {count: 010}}", "010", "write 10, or 8 if octal was meant"),
    "no number": ("{times: 2}", "{rate: .nan}", ".nan", "write a finite number"),
    "a word for true": ("{times: 2}", "{word: on}", "on", 'write true, or "on" if it is text'),
    "a hash without quotes": ('"4dbb8e3ec3"', "064e719", "064e719", 'write "064e719" in quotes'),
    "a class for classes": ("classes: [defaults, pipelines.greet]", "classes: defaults", "", "write `classes: ["),
    "a hash cut short": ('"4dbb8e3ec3"', "4dbb8e3e", "4dbb8e3e", 'write "4dbb8e3ec3"'),
    "a hash in capitals": ('"4dbb8e3ec3"', "4DBB8E3EC3", "4DBB8E3EC3", 'write "4dbb8e3ec3"'),
    "a step by its last name": (STEP, "greet: {accelerator: optional}", "greet", "did you mean people/greet?"),
    "a list for a mapping": (f"\n        {STEP}", " [x]", '["x"]', "write a mapping"),
    "an alias": ("{times: 2}", "*a", "*a", 'use a reference, "${a:b}"'),
    "a size by its bare name": (STEP, "people/greet: {resources: small}", "small", 'write "${resources:small}"'),
    "another's size": (STEP, "people/greet: {~resources: small}", "small", 'write "${resources:small}"'),
    "a device for a resource": (STEP, 'people/greet: {resources: {gpu: "1"}}', "gpu: 1", "write accelerator: optional"),
    "a number for a duration": (STEP, "people/greet: {timeout: 3}", "3", "for example 2h"),
    "a number for memory": (LABELS, "resources: {small: {memory: 32}}", "32", "for example 4Gi"),
    "a number for a retry": (STEP, "people/greet: {retry: 3}", "3", "write {count: 3}"),
    "a misspelt image of a step": (STEP, "people/greet: {image: greter}", "greter", "did you mean greeter?"),
    "a word for a list": (STEP, "people/greet: {~uses: database}", "database", "write [database]"),
    "true for a word": (LABELS, "unbuilt_images: true", "true", "write one of them"),
    "no space after a colon": ("{times: 2}", "{times:2}", "times:2: null", "write times: 2, with a space"),
    "a slip of indentation": (f"      steps:\n        {STEP}", f"    steps:\n      {STEP}", "steps", "indent it below"),
    "a URL of another scheme": (
        "https://east.prod.test",
        "http://east.prod.test",
        "http://east.prod.test",
        "for example",
    ),
}


@pytest.mark.parametrize("what", ONCE)
def test_a_mistake_is_told_once_as_it_was_written_with_what_to_write(tiny: Path, edit: Edit, what: str) -> None:
    old, new, found, fix = ONCE[what]
    edit(tiny / PROD, old, new)

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    (finding,) = report.in_order(findings)
    assert (finding.found, finding.fix[: len(fix)]) == (found, fix)


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


def test_what_no_step_uses_is_not_said_where_a_reference_is_misspelt(tiny: Path, edit: Edit) -> None:
    edit(tiny / "base/pipelines/greet.yml", "${resources:small}", "${resources:smal}")
    edit(tiny / PROD, LABELS, "resources: {small: {cpu: '2'}}")

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    assert {finding.rule for finding in findings} == {"bad-reference"}, report.to_text(findings)


def test_a_pipeline_that_an_environment_no_longer_runs_is_refused_where_its_class_is_listed(tiny: Path) -> None:
    text = (tiny / PROD).read_text()
    (tiny / PROD).write_text(text[: text.index("  pipelines:")])

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    (finding,) = [finding for finding in findings if finding.rule == "not-deployed"]
    assert (finding.place.file, finding.place.line) == (PROD, 2)
    assert finding.message.startswith("prod lists the class pipelines.greet")
    assert finding.fix.startswith("remove pipelines.greet from classes, or add")


def test_an_unknown_parameter_does_not_hide_what_an_engine_cannot_run(tiny: Path, edit: Edit) -> None:
    steps = "parameters: {wrod: a}\n      steps: {people/greet: {retry: {count: 1, factor: 1.5}}}"
    edit(tiny / "environments/staging.yml", "track: head", f"track: head\n      {steps}")

    text = report.to_text(finding for finding in check.check(Repository(tiny)) if finding.failing)

    assert "did you mean word?" in text and "people/greet.retry.factor: " in text, text


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


BROKEN_ELSEWHERE = {
    "a schema of parameters": ("schemas/parameters/greet.schema.json", "{"),
    "a schema of parameters that is none": ("schemas/parameters/greet.schema.json", '{"type": "objct"}'),
    "a schema of objects": ("schemas/objects/example.org/Foo.schema.json", "{"),
    "a schema of inputs": ("schemas/environment.schema.json", ""),
}


@pytest.mark.parametrize("what", BROKEN_ELSEWHERE)
def test_a_broken_file_of_the_repository_is_named(tiny: Path, what: str) -> None:
    file, text = BROKEN_ELSEWHERE[what]
    (tiny / file).parent.mkdir(exist_ok=True)
    (tiny / file).write_text(text)

    try:
        told = [f"{finding.message} {finding.fix}" for finding in check.check(Repository(tiny)) if finding.failing]
    except GraftError as error:  # nothing can be checked without it
        told = [f"{error.message} {error.fix}"]

    assert told and all(file in each and "restore it" in each for each in told)


def test_a_schema_of_parameters_that_is_broken_is_told_once_at_its_line(tiny: Path) -> None:
    (tiny / "schemas/parameters").mkdir(exist_ok=True)
    (tiny / "schemas/parameters/greet.schema.json").write_text('{\n"type": "object"}}\n')

    (finding,) = report.in_order(each for each in check.check(Repository(tiny)) if each.failing)

    assert str(finding.place) == "schemas/parameters/greet.schema.json:2:18"


def test_a_form_that_only_one_validator_refuses_is_refused(tiny: Path, edit: Edit) -> None:
    edit(tiny / PROD, "namespace: greet-prod", 'namespace: "greet-prod\\n"')

    found = {finding.path for finding in check.check(Repository(tiny)) if finding.failing}

    assert found == {"namespace"}


def test_a_pipeline_that_does_not_exist_hides_nothing(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/staging.yml", "    greet:\n", "    greett:\n")
    edit(tiny / PROD, "{times: 2}", "{tims: 2}")

    text = report.to_text(check.check(Repository(tiny)))

    assert "there is no such pipeline" in text and "did you mean greet?" in text and "did you mean times?" in text


def test_what_a_class_says_of_the_head_does_not_break_a_pinned_environment(tiny: Path, edit: Edit) -> None:
    edit(tiny / "generators/pipelines/greet.py", 'name="if-polite"', 'name="when-polite"')
    edit(tiny / "base/pipelines/greet.yml", "if-polite/praise", "when-polite/praise")

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


def test_a_mistake_in_base_is_reported_once(tiny: Path, edit: Edit) -> None:
    edit(tiny / "base/pipelines/greet.yml", "word: Good morning", "wrd: Good morning")

    found = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    (finding,) = report.in_order(found)
    assert (finding.place.file, finding.place.line) == ("base/pipelines/greet.yml", 6)
    assert finding.found == "wrd: Good morning"


def test_a_pipeline_that_does_not_compile_is_a_finding_at_its_line(tiny: Path, edit: Edit) -> None:
    edit(tiny / "generators/pipelines/greet.py", ', name="people"', "")

    (finding,) = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    assert finding.place.file == "generators/pipelines/greet.py"
    assert "for-loop-1" in finding.message and "name=" in finding.message


def test_a_stale_file_is_a_finding(tiny: Path) -> None:
    (tiny / "rendered/prod/east/greet/pipeline.yaml").write_text("edited: by hand\n")

    (finding,) = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    assert (finding.place.file, finding.fix) == ("rendered/prod/east/greet/pipeline.yaml", "run: graft render")


def test_a_stale_tree_says_what_is_missing_gone_or_not_graft_s(tiny: Path) -> None:
    (tiny / "rendered/prod/east/greet/pipeline.yaml").unlink()
    (tiny / "rendered/NOTES.md").write_text("mine\n")
    (tiny / "rendered/prod/east/old").mkdir()
    shutil.copy(tiny / "rendered/prod/west/greet/pipeline.yaml", tiny / "rendered/prod/east/old/pipeline.yaml")
    (tiny / "environments/staging.yml").unlink()

    found = {each.place.file: each for each in check.check(Repository(tiny)) if each.failing}

    assert {file: (each.message.split(",")[0], each.fix) for file, each in found.items()} == {
        "rendered/prod/east/greet/pipeline.yaml": ("is missing", "run: graft render"),
        "rendered/NOTES.md": ("graft has not made this file", "move it out of this folder"),
        "rendered/prod/east/old/pipeline.yaml": (
            "nothing renders this any more",
            "run: graft render, which removes it",
        ),
        "rendered/staging": (
            "there is no environments/staging.yml any more",
            "restore it from Git, or run: graft render, which removes them",
        ),
    }


def test_what_an_engine_cannot_run_is_found_beside_a_mistake_in_the_same_environment(tiny: Path, edit: Edit) -> None:
    steps = "steps: {people/greet: {retry: {count: 1, factor: 1.5}}, people/gret: {cache: false}}"
    edit(tiny / "environments/staging.yml", "track: head", f"track: head\n      {steps}")

    text = report.to_text(finding for finding in check.check(Repository(tiny)) if finding.failing)

    assert "did you mean people/greet?" in text and "people/greet.retry.factor: " in text, text


def test_a_warning_moves_with_its_line(tiny: Path) -> None:
    file = tiny / "environments/staging.yml"
    (before,) = [found.place.line for found in check.check(Repository(tiny)) if found.rule == "unbuilt"]
    file.write_text("# one\n# two\n" + file.read_text())

    (after,) = [found.place.line for found in check.check(Repository(tiny)) if found.rule == "unbuilt"]

    assert after == before + 2


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


def test_a_schema_that_cannot_be_read_is_a_finding_that_names_it(tiny: Path, edit: Edit) -> None:
    (tiny / "schemas/parameters/greet.schema.json").write_text("[")
    edit(tiny / PROD, "  namespace:", "  namspace:")

    text = report.to_text(check.check(Repository(tiny)))

    assert "schemas/parameters/greet.schema.json is not JSON" in text and "did you mean namespace?" in text


def test_what_kubeflow_s_backend_may_fail_on_is_a_warning_at_the_line_of_the_code(tiny: Path, edit: Edit) -> None:
    code = tiny / "generators/pipelines/greet.py"
    edit(
        code,
        "        greeting = greet(",
        "        with dsl.If(word == 'Hi', name='ada'):\n            greeting = greet(",
    )
    edit(tiny / "base/pipelines/greet.yml", "people/greet:", "people/ada/greet:")
    edit(tiny / "environments/local.yml", "people/greet:", "people/ada/greet:")

    warned = [found for found in check.check(Repository(tiny)) if found.rule == "gathers-condition"]

    assert [(found.verdict, found.place.file, found.path) for found in warned] == [
        ("warning", "generators/pipelines/greet.py", "people/ada/greet")
    ]
