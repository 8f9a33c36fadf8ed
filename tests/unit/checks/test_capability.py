"""What Argo CD would not apply for its projects, or a cluster does not have, is found before the merge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from generators.checks import capability, registry
from generators.fleet import fleet as fleets
from generators.fleet import manifests
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output.digest import digest
from generators.output.write import Content

PROJECTS, PIPELINE = "prod/argocd/projects.yaml", "prod/east/greet/pipeline.yaml"
ALL = 'namespace: greet-prod\n  - server: "*"\n    namespace: "*"'
RULES = {"project", "source", "destination", "kind", "namespace", "provided", "other-environment"}


@pytest.fixture
def findings(tiny: Path) -> Callable[..., list[Finding]]:
    """The findings of the rendered tree with one text in one file replaced, as if it had been rendered so."""
    repository, cache = Repository(tiny), Cache.of_user()
    fleet = fleets.load(repository, cache)
    rendering = manifests.render(fleet, checks=registry.object_checks(repository, cache))

    def found(file: str = PROJECTS, old: str = "", new: str = "") -> list[Finding]:
        text = rendering.tree[file].text()
        assert old in text
        changed = text.replace(old, new) if old else text
        tree = {**rendering.tree, file: Content(digest(changed), lambda: changed)}
        every = capability.check_fleet(fleet, replace(rendering, tree=tree))
        return [finding for finding in every if finding.rule in RULES]

    return found


def test_what_is_rendered_is_admitted_and_provided(findings: Callable[..., list[Finding]]) -> None:
    assert findings() == []


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "words"),
    [
        (PROJECTS, "kind: ResourceQuota", "kind: Other", "kind", "does not admit ResourceQuota"),
        (PROJECTS, "sourceRepos:\n  - ", "sourceRepos:\n  - x", "source", "does not admit this repository"),
        (PROJECTS, "namespace: greet-prod", "namespace: greet-other", "destination", "does not admit where this goes"),
        (PROJECTS, "namespace: greet-prod", ALL, "other-environment", "which is that of"),
        (PROJECTS, "name: prod-pipelines", "name: prod-other", "project", "there is no AppProject prod-pipelines"),
        (PIPELINE, "kind: Pipeline", "kind: Pipelin", "provided", "provides Pipelin of"),
        (PIPELINE, "namespace: greet-prod", "namespace: x", "namespace", "the namespace of Pipeline"),
    ],
)  # fmt: skip
def test_what_is_not_is_found(
    findings: Callable[..., list[Finding]], file: str, old: str, new: str, rule: str, words: str
) -> None:
    found = [finding for finding in findings(file, old, new) if finding.rule == rule]

    assert found and words in found[0].message
    assert all(finding.verdict == "invalid" and finding.place.file.startswith("rendered/prod/") for finding in found)
