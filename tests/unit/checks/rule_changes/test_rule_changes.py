"""A change cannot loosen the rules that it is judged by unseen: those of its base judge it besides its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from generators.checks import history, registry, rule_changes
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output.report import to_text
from tests.unit.checks.rule_changes.documents import holding, without

ROOT = Path(__file__).resolve().parents[4]
Commit = Callable[[Path], None]
BOUNDS = "schemas/parameters/greet.schema.json"
RULE = "requests-are-set"
POLICY = f"schemas/policies/{RULE}.yaml"
MERGED = "schemas/merged/environment.schema.json"
PROD = "environments/prod.yml"
GREET = {
    "title": "Parameters of greet",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "word": {"description": "what is said", "type": "string", "enum": ["Hello", "Good morning"]},
        "people": {"type": "array", "minItems": 1},
        "times": {"type": "integer", "minimum": 1, "maximum": 3},
        "rate": {"type": "number"},
    },
}


def judged(repository: Path, base: str = "HEAD") -> list[Finding]:
    there, cache = Repository(repository), Cache.of_user()
    found = rule_changes.judged(there, base, registry.judge(there, cache), cache)
    return [each for each in found if each.check in ("rules", "history") or (each.failing and each.rule != "stale")]


def said(repository: Path) -> list[tuple[str, str, str]]:
    return [(each.verdict, each.rule, f"{each.place.file}:{each.place.line}") for each in judged(repository)]


def write(repository: Path, file: str, content: object) -> None:
    (repository / file).parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=2) if file.endswith(".json") else yaml.safe_dump(content, sort_keys=False)
    (repository / file).write_text(text)


def approve(repository: Path, *names: str) -> None:
    write(repository, "approvals/rules.yml", {"reason": "agreed", "weakens": list(names)})


@pytest.fixture
def ruled(tiny: Path, commit: Commit) -> Path:
    """The tiny repository with bounds of its parameters, committed."""
    write(tiny, BOUNDS, GREET)
    commit(tiny)
    return tiny


def test_rules_that_stay_or_get_stricter_are_no_change_of_the_rules(ruled: Path, edit) -> None:
    assert judged(ruled) == []

    write(ruled, BOUNDS, holding(holding(GREET, 2, "properties", "times", "maximum"), "words", "title"))
    (ruled / "schemas/policies/one-more.yaml").write_text((ruled / POLICY).read_text().replace(RULE, "one-more"))
    edit(ruled / PROD, "  environment: prod\n", "  environment: prod\n  policies: {one-more: warn}\n")  # at first
    assert judged(ruled) == []


def test_what_only_the_changes_own_schema_accepts_is_named_with_the_rule_and_the_input(ruled: Path, edit) -> None:
    write(ruled, BOUNDS, holding(GREET, 30, "properties", "times", "maximum"))
    edit(ruled / PROD, "{times: 2}", "{times: 20}")

    (finding,) = judged(ruled)
    assert (finding.verdict, finding.check, finding.rule) == ("invalid", "rules", "refused-by-base")
    assert (finding.place.file, finding.place.line) == (BOUNDS, 21)
    assert finding.path == "properties.times.maximum"
    assert "maximum was 3; the base's rules refuse environments/prod.yml:" in finding.message
    assert "pipelines.greet.parameters.times" in finding.message and finding.found == "20"
    assert f"weakens: [{BOUNDS}]" in finding.fix


def test_an_approval_of_this_change_lets_the_new_rules_stand_once(ruled: Path, commit: Commit, edit) -> None:
    write(ruled, BOUNDS, holding(GREET, 30, "properties", "times", "maximum"))
    edit(ruled / PROD, "{times: 2}", "{times: 20}")
    approve(ruled, BOUNDS)

    (finding,) = judged(ruled)
    assert finding.verdict == "warning"
    assert finding.message.endswith("; approved in approvals/rules.yml: agreed")
    assert list(history.findings(Repository(ruled), "HEAD")) == []  # which has nothing against it

    commit(ruled)
    (finding,) = judged(ruled)
    assert (finding.verdict, finding.rule, finding.path) == ("warning", "approval", "weakens")  # it has expired

    write(ruled, BOUNDS, holding(GREET, 300, "properties", "times", "maximum"))
    assert ("invalid", "weaker", f"{BOUNDS}:21") in said(ruled)  # and does not count a second time


def test_an_approval_of_a_rule_that_stays_is_refused(ruled: Path) -> None:
    approve(ruled, BOUNDS)

    (finding,) = judged(ruled)
    assert (finding.verdict, finding.rule) == ("invalid", "approval")
    assert finding.message == "this change makes no rule of it weaker"


def test_rules_that_are_gone_emptied_or_stand_before_others_are_found_whatever_uses_them(ruled: Path) -> None:
    unused = "schemas/parameters/transfer-learning.schema.json"  # which nothing here runs
    ignoring = "schemas/policies/deadlines-are-set.yaml"
    (ruled / POLICY).unlink()
    (ruled / unused).write_text("{}")
    write(ruled, ignoring, holding(yaml.safe_load((ruled / ignoring).read_text()), "Ignore", "spec", "failurePolicy"))
    write(ruled, "schemas/objects/apps/Deployment.schema.json", {"type": "object"})

    assert [each for each in said(ruled) if each[1] != "empty"] == [
        ("invalid", "weaker", "schemas/objects/apps/Deployment.schema.json:1"),
        ("invalid", "weaker", f"{unused}:1"),
        ("invalid", "weaker", f"{ignoring}:6"),
        ("invalid", "weaker", f"{POLICY}:0"),
    ]


def test_a_new_kind_of_key_is_named_once_and_not_in_the_schemas_that_are_made_of_it(ruled: Path, edit) -> None:
    merged = json.loads((ruled / MERGED).read_text())
    write(ruled, MERGED, holding(merged, {"type": "string"}, "properties", "mood"))
    command = [sys.executable, "-m", "generators.fleet.derived_schemas"]
    subprocess.run(command, cwd=ruled, env={"PYTHONPATH": str(ROOT)}, check=True)
    assert [each[:2] for each in said(ruled)] == [("invalid", "weaker")]

    edit(ruled / PROD, "  environment: prod\n", "  environment: prod\n  mood: gay\n")
    (finding,) = [each for each in judged(ruled) if each.check == "rules"]
    assert (finding.rule, finding.place.file, finding.path) == ("refused-by-base", MERGED, "properties.mood")
    assert "the base's rules refuse environments/prod.yml:5" in finding.message


def test_an_environment_that_only_a_loosened_schema_accepts_is_refused_by_both(ruled: Path, edit) -> None:
    merged = json.loads((ruled / MERGED).read_text())
    write(ruled, MERGED, without(without(merged, "properties", "keep"), "additionalProperties"))
    text = (ruled / PROD).read_text()
    node = json.loads((ruled / "schemas/environment.schema.json").read_text())
    write(ruled, "schemas/environment.schema.json", {**node, "properties": {}, "additionalProperties": True})
    (ruled / PROD).write_text(text.replace("  environment: prod\n", "  environment: prod\n  keep: {all: true}\n"))

    found = {(each.rule, each.place.file) for each in judged(ruled) if each.verdict == "invalid"}
    assert {("unreadable", PROD), ("refused-by-base", MERGED)} <= found


def test_an_expression_is_held_against_the_examples_that_the_base_denies(ruled: Path, commit: Commit) -> None:
    example = "tests/policies/requests-are-set/denied/changed.yaml"
    write(ruled, "placeholder.yaml", {})
    (ruled / example).parent.mkdir(parents=True)
    (ruled / example).write_text((ROOT / example).read_text().split("\n---\n")[0])
    commit(ruled)
    text = (ruled / POLICY).read_text()
    assert text.count("variables.wrong == []") == 1

    (ruled / POLICY).write_text(text.replace("variables.wrong == []", "variables.wrong.size() == 0"))
    assert [each[:2] for each in said(ruled)] == [("warning", "changed")]

    (ruled / POLICY).write_text(text.replace("variables.wrong == []", "variables.wrong.size() < 9"))
    (ruled / example).unlink()  # the base's stand
    (finding,) = judged(ruled)
    assert (finding.verdict, finding.rule) == ("invalid", "weaker")
    assert finding.message == f"weaker than the base's: {example} is admitted, and was denied"


def test_what_an_environment_says_of_rules_is_one_too(ruled: Path, edit) -> None:
    said_of = f"  policies: {{{RULE}: skip}}\n  unbuilt_images: accept\n"
    edit(ruled / PROD, "  environment: prod\n", f"  environment: prod\n{said_of}")
    approve(ruled, PROD)

    found = judged(ruled)
    assert [(each.rule, each.path, each.place.file) for each in found] == [
        ("weaker", f"policies.{RULE}", PROD),
        ("weaker", "unbuilt_images", PROD),
    ]
    assert {each.verdict for each in found} == {"warning"}


RESTRICTED = "west: {engine: kubeflow, pod_security: restricted, mode"


def test_an_environment_under_another_name_is_held_to_what_it_was_held_to(ruled: Path, commit: Commit, edit) -> None:
    edit(ruled / PROD, "west: {engine: kubeflow, mode", RESTRICTED)
    edit(
        ruled / PROD,
        "    east:\n      engine: kubeflow\n",
        "    east:\n      engine: kubeflow\n      pod_security: baseline\n",
    )
    commit(ruled)
    renamed = ruled / "environments/production.yml"
    text = (
        (ruled / PROD).read_text().replace("environment: prod\n", "environment: production\n  unbuilt_images: accept\n")
    )
    (ruled / PROD).unlink()
    renamed.write_text(text.replace(RESTRICTED, "north: {engine: kubeflow, mode"))

    found = {each.path: each for each in judged(ruled) if each.rule == "weaker"}

    assert set(found) == {"unbuilt_images", "clusters.north.pod_security"}
    assert "pods may do more: the level was baseline (in production)" in found["clusters.north.pod_security"].message


def test_images_from_another_registry_are_a_change_of_the_rules(ruled: Path, edit) -> None:
    edit(ruled / PROD, "registry: registry.test/greet", "registry: elsewhere.test/greet")

    (found,) = [each for each in judged(ruled) if each.rule == "weaker"]

    assert (found.place.file, found.path) == (PROD, "registry")
    assert "images may come from elsewhere.test/greet too" in found.message


def test_rules_that_stand_behind_a_link_are_rules(ruled: Path, commit: Commit) -> None:
    """Where they really stand, they have no owner of their own."""
    (ruled / "schemas").rename(ruled / "docs")
    (ruled / "schemas").symlink_to("docs")
    commit(ruled)
    assert judged(ruled) == []

    write(ruled, BOUNDS, holding(GREET, 30, "properties", "times", "maximum"))

    assert ("invalid", "weaker", f"{BOUNDS}:21") in said(ruled)


def test_what_git_does_with_files_is_a_change_of_the_rules(ruled: Path) -> None:
    """It can hide a difference from whoever reviews it, or check out other bytes than were reviewed."""
    (ruled / "schemas/.gitattributes").write_text("* -diff working-tree-encoding=UTF-7\n")

    assert ("warning", "changed", "schemas/.gitattributes:1") in said(ruled)


def test_changes_of_grafts_own_code_are_said_and_what_another_graft_refuses_waits_for_an_approval(
    ruled: Path, commit: Commit, edit
) -> None:
    (ruled / "generators/cli.py").write_text("a graft of its own\n")
    commit(ruled)
    (ruled / "generators/cli.py").write_text("a graft that accepts more\n")
    assert said(ruled) == [("warning", "changed", "generators/cli.py:1")]

    edit(ruled / PROD, "{times: 2}", "{time: 2}")
    _, refused = sorted(judged(ruled), key=lambda each: each.rule)
    assert (refused.verdict, refused.rule, refused.place.file) == ("invalid", "refused-by-base", PROD)
    assert refused.message.startswith("the base's graft refuses environments/prod.yml:")
    approve(ruled, "generators")
    assert {each.verdict for each in judged(ruled)} == {"warning"}


def test_rules_that_are_weaker_are_on_top(ruled: Path, edit) -> None:
    (ruled / POLICY).unlink()
    edit(ruled / PROD, "{times: 2}", "{times: two}")

    first, *_ = to_text(judged(ruled)).splitlines()
    assert first == f"{POLICY}: error: weaker than the base's: it is gone, and refuses nothing any longer"
