"""A step fits a cluster with what its engine adds to its pod, and a loop with all that it runs at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.model import Finding
from generators.verbs import check

Edit = Callable[[Path, str, str], None]
STAGING, CODE = "environments/staging.yml", "generators/pipelines/greet.py"


@pytest.fixture
def found(tiny: Path, edit: Edit) -> Callable[[str, str], list[Finding]]:
    """The findings of capacities when a step of staging asks for these resources."""

    def found(resources: str, rule: str = "capacity") -> list[Finding]:
        edit(tiny / STAGING, "track: head", f"track: head\n      steps: {{people/greet: {{resources: {resources}}}}}")
        return [finding for finding in check.check(Repository(tiny)) if finding.rule == rule]

    return found


def test_a_step_that_fits_only_alone_is_refused_on_every_engine_with_sidecars(found: Callable) -> None:
    findings = found("{cpu: '8'}")

    assert [(finding.failing, finding.allowed, finding.place.line) for finding in findings] == [
        (True, "at most 7.95", 22)
    ] * 2
    assert {finding.message for finding in findings} == {
        f"fits into the cluster {cluster} only without what {engine} adds to its pod, 50m cpu"
        for cluster, engine in (("one", "kubeflow"), ("two", "argo"))
    }


def test_a_step_that_fits_with_its_sidecars_passes(found: Callable) -> None:
    assert found("{cpu: 7950m, memory: 15Gi}") == []


def test_memory_is_counted_with_the_sidecars_too(found: Callable) -> None:
    assert {finding.allowed for finding in found("{memory: 16Gi}")} == {"at most 15.875Gi"}


def test_what_the_code_asks_for_is_counted(tiny: Path, edit: Edit) -> None:
    edit(tiny / CODE, "dsl.Collected(greeting.output))", "dsl.Collected(greeting.output)).set_cpu_limit('9')")
    edit(tiny / "base/pipelines/greet.yml", '        collect: {resources: "${resources:small}"}\n', "")

    findings = [finding for finding in check.check(Repository(tiny)) if finding.rule == "capacity"]

    assert {(finding.found, finding.allowed) for finding in findings} == {("9", "at most 8")}


def test_a_loop_that_runs_more_at_once_than_there_is_room_for_is_a_warning(
    tiny: Path, edit: Edit, found: Callable
) -> None:
    edit(tiny / CODE, "parallelism=2", "parallelism=4")

    findings = found("{cpu: '2'}", "parallelism")

    assert {(finding.verdict, finding.found, finding.allowed) for finding in findings} == {
        ("warning", "4 times 2.05", "at most 8")
    }
    assert all("8.2 cpu" in finding.message and "the loop people may run 4" in finding.message for finding in findings)
    assert all("parallelism=3" in finding.fix for finding in findings)


def test_a_loop_that_fits_passes(tiny: Path, edit: Edit, found: Callable) -> None:
    edit(tiny / CODE, "parallelism=2", "parallelism=3")

    assert found("{cpu: '2'}", "parallelism") == []


def test_a_capacity_of_accelerators_holds(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", 'nvidia.com/gpu: "4"', 'nvidia.com/gpu: "0"')

    (finding,) = [finding for finding in check.check(Repository(tiny)) if finding.rule == "capacity"]

    assert finding.message.startswith("asks for more nvidia.com/gpu than the cluster east may give")


def test_an_accelerator_of_the_code_that_a_capacity_has_none_of_is_refused(tiny: Path, edit: Edit) -> None:
    edit(
        tiny / STAGING,
        'capacity: {cpu: "8", memory: 16Gi}, pod_sec',
        'capacity: {cpu: "8", memory: 16Gi, nvidia.com/gpu: "1"}, pod_sec',
    )
    call = "dsl.Collected(greeting.output))"
    edit(tiny / CODE, call, f"{call}.set_accelerator_type('nvidia.com/gpus').set_accelerator_limit(1)")

    (finding,) = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    assert (finding.path, finding.fix) == ("pipelines.greet.steps.collect.accelerator", "did you mean nvidia.com/gpu?")


def test_a_size_stands_where_it_was_written(tiny: Path, edit: Edit) -> None:
    edit(tiny / STAGING, "  clusters:", "  resources: {big: {cpu: '64', memory: 1Gi}}\n  clusters:")
    edit(tiny / STAGING, "track: head", 'track: head\n      steps: {people/greet: {resources: "${resources:big}"}}')

    found = {(each.place.file, each.place.line) for each in check.check(Repository(tiny)) if each.rule == "capacity"}

    assert found == {(STAGING, 16)}


def test_a_capacity_that_nothing_fits_is_refused_itself(tiny: Path, edit: Edit) -> None:
    server = 'server: "https://one.staging.test", capacity: {cpu: '
    edit(tiny / STAGING, f'{server}"8"', f'{server}"64m"')

    (finding,) = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    assert (finding.place.file, finding.path, finding.found) == (STAGING, "clusters.one.capacity.cpu", "64m")
