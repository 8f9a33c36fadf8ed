"""What a change is said to do: by the values that it changes, the engine that runs them, and Argo CD's rules."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from generators.diff import compare
from generators.diff.markdown import to_markdown
from generators.diff.model import Change
from generators.diff.text import to_text
from generators.inventory.read import Repository
from generators.verbs.diff import diff
from tests.unit.diff.conftest import NOW, Commit, Deployed, Edit, of, steps


def test_nothing_changed_has_no_effect(changed: Callable[..., Change]) -> None:
    change = changed()

    assert not change.has_effect
    assert change.sentence == "no effect: nothing that is rendered changes."
    assert change.pipelines == change.objects == change.inputs == ()


def test_a_comment_in_an_input_has_no_effect_and_its_file_is_named(changed: Callable[..., Change]) -> None:
    change = changed(("environments/prod.yml", "      parameters: {times: 2}", "      parameters: {times: 2}  # twice"))

    assert not change.has_effect
    assert change.files == ("environments/prod.yml",)


def test_a_parameter_is_told_with_the_line_that_did_it_once_for_all_clusters(changed: Callable[..., Change]) -> None:
    change = changed(("environments/prod.yml", "{times: 2}", "{times: 3}"))
    prod = of(change, "prod")

    (line,) = prod.lines
    assert (line.what, line.name, line.before, line.after) == ("parameter", "times", "2", "3")
    assert line.origin == "environments/prod.yml:32"
    assert prod.places == ("prod/east", "prod/west")
    assert change.sentence == (
        "prod: greet gets a new version on 2 clusters; times 2 -> 3; 3 of 3 steps rerun; "
        "next run Sat 2026-11-28 05:00 CET; nothing is deleted."
    ).replace("Sat 2026-11-28", prod.starts.rpartition(" 05:00")[0])


def test_a_parameter_that_an_overlay_no_longer_sets_is_placed_where_it_was(changed: Callable[..., Change]) -> None:
    (line,) = of(changed(("environments/prod.yml", "      parameters: {times: 2}\n", "")), "prod").lines

    assert (line.name, line.before, line.after) == ("times", "2", "1")
    assert line.origin == "environments/prod.yml:32"


def test_what_depends_on_a_parameter_reruns_and_what_is_not_cached_too(changed: Callable[..., Change]) -> None:
    change = changed(("environments/prod.yml", "{times: 2}", "{times: 3}"))

    assert steps(of(change, "prod")) == {
        "people/greet": ("changed by what it depends on", "at the next tick"),
        "collect": ("changed by what it depends on", "at the next tick"),
        "if-polite/praise": ("changed by what it depends on", "at the next tick"),
    }
    assert {task.step: task.after for task in of(change, "prod").tasks} == {
        "people/greet": (),
        "collect": ("people/greet",),
        "if-polite/praise": ("collect",),
    }


def test_a_variable_is_served_stale_by_kubeflow_and_not_by_argo(changed: Callable[..., Change]) -> None:
    change = changed(("base/pipelines/greet.yml", "retry: {count: 2, backoff: 10s}", "env: {TONE: cold}"))
    kubeflow, argo = (steps(of(change, "staging", f"staging/{name}")) for name in ("one", "two"))

    assert kubeflow["people/greet"] == ("directly changed", "served stale")
    assert kubeflow["collect"] == ("changed by what it depends on", "served stale")
    assert argo["people/greet"] == ("directly changed", "reruns")
    assert argo["collect"] == ("changed by what it depends on", "reruns")
    assert "SERVED STALE" in change.sentence


def test_a_later_release_of_kubeflow_looks_at_variables(changed: Callable[..., Change]) -> None:
    one = 'one: {engine: kubeflow, mode: multi-user, server: "https://one.staging.test"'
    change = changed(
        ("base/pipelines/greet.yml", "retry: {count: 2, backoff: 10s}", "env: {TONE: cold}"),
        ("environments/staging.yml", one, f'{one}, release: "2.18"'),
    )

    assert steps(of(change, "staging", "staging/one"))["people/greet"] == ("directly changed", "reruns")


def test_resources_rerun_on_argo_alone(changed: Callable[..., Change]) -> None:
    change = changed(("base/defaults.yml", 'small: {cpu: "1", memory: 1Gi}', 'small: {cpu: "2", memory: 1Gi}'))
    kubeflow, argo = (of(change, "staging", f"staging/{name}") for name in ("one", "two"))

    assert steps(kubeflow)["collect"] == ("directly changed", "served from the cache")
    assert steps(argo)["collect"] == ("directly changed", "reruns")
    assert {(line.step, line.name, line.before, line.after) for line in argo.lines} >= {
        ("collect", "cpu limit", "1", "2")
    }
    assert {(amount.name, amount.before, amount.after, amount.of) for amount in argo.amounts} >= {
        ("cpu at once", "2.1", "4.1", "8"),
        ("CPU-hours", "75.7", "147.8", ""),
    }


PRICES = "parameters:\n  prices: {currency: EUR, hour: {cpu: 0.5, memory: 0.1}}\n"


def test_money_is_said_of_an_environment_that_declares_prices_alone(tiny: Path, commit: Commit, edit: Edit) -> None:
    (tiny / "base/prices.yml").write_text(PRICES)
    edit(tiny / "environments/staging.yml", "[defaults, pipelines.greet]", "[defaults, prices, pipelines.greet]")
    commit(tiny)
    edit(tiny / "base/pipelines/greet.yml", "timeout: 1d", "timeout: 2h")
    change = diff(Repository(tiny), "HEAD")
    staging, prod = of(change, "staging", "staging/two"), of(change, "prod", "prod/east")

    assert (staging.cost.currency, prod.cost) == ("EUR", None)
    assert Decimal(staging.cost.before) > Decimal(staging.cost.after) > 0
    (total,) = change.costs
    costs = [(each.cost, len(each.places)) for each in change.pipelines if each.cost]
    assert Decimal(total.after) == sum(Decimal(cost.after) * count for cost, count in costs)
    for shown in (to_text(change), html.unescape(to_markdown(change))):
        assert f"at most {staging.cost.before} -> {staging.cost.after} EUR a run" in shown
        assert f"at most {total.before} -> {total.after} EUR, for one run of each pipeline" in shown


def test_pods_are_those_that_the_engine_starts(changed: Callable[..., Change]) -> None:
    """One person more: a step on Argo, and on Kubeflow a driver beside it and one of the iteration."""
    one = "          - {name: Ada, layers: [64, 32]}\n"
    change = changed(("base/pipelines/greet.yml", one, f"{one}          - {{name: Eve, layers: [1]}}\n"))
    pods = {
        place: next(each for each in found.amounts if each.name == "pods")
        for found in change.pipelines
        for place in found.places
        if place.startswith("staging")
    }

    assert (pods["staging/two"].before, pods["staging/two"].after) == ("4", "5")
    assert (pods["staging/one"].before, pods["staging/one"].after) == ("13", "16")


@pytest.mark.parametrize(("place", "pods"), [("staging/two", "1 pod"), ("staging/one", "10 pods")])
def test_where_the_cache_answers_fewer_pods_start(changed: Callable[..., Change], place: str, pods: str) -> None:
    """Of two greetings and what collects them: all three pods on Argo, and on Kubeflow all but their drivers."""
    change = changed(("base/pipelines/greet.yml", "collect: {", "collect: {timeout: 10m, "))

    said = f"where its cache still holds 2 steps, the next run starts at most {pods}"
    assert said in of(change, "staging", place).notes


def test_the_timeout_of_a_step_is_said_and_changes_no_result(changed: Callable[..., Change]) -> None:
    change = changed(("base/pipelines/greet.yml", "collect: {", "collect: {timeout: 10m, "))
    one = of(change, "staging", "staging/two")

    assert steps(one)["collect"] == ("directly changed", "served from the cache")
    assert ("timeout", "collect", None, "600") in {(x.what, x.step, x.before, x.after) for x in one.lines}


def test_a_schedule_is_told_in_words_with_its_next_times(changed: Callable[..., Change]) -> None:
    change = of(changed(("environments/prod.yml", '"0 5 * * *"', '"30 6 * * 1"')), "prod")

    assert change.schedule.before == "0 5 * * * (At 05:00), Europe/Berlin"
    assert change.schedule.after == "30 6 * * 1 (At 06:30, only on Monday), Europe/Berlin"
    assert len(change.schedule.times) == 3 and all(time.startswith("Mon ") for time in change.schedule.times)
    assert change.versions[0][1] == change.versions[0][2]  # the version is the same


def test_a_run_on_merge_starts_where_the_content_is_new(changed: Callable[..., Change]) -> None:
    change = changed(("base/pipelines/greet.yml", "word: Good morning", "word: Good day"))

    assert of(change, "staging", "staging/two").starts == "on merge"
    assert of(change, "prod").starts.endswith("CET") or of(change, "prod").starts.endswith("CEST")
    assert change.inputs[0].in_base
    assert change.inputs[0].environments == ("local", "prod", "staging")


def test_what_is_named_by_its_content_is_replaced_and_the_old_one_stays(changed: Callable[..., Change]) -> None:
    change = changed(("environments/prod.yml", "{times: 2}", "{times: 3}"))
    found = {(each.action, each.kind) for each in change.objects}

    assert ("replaced", "PipelineVersion") in found
    assert ("updated", "ConfigMap") in found
    assert not {action for action, _ in found} & {"deleted", "created"}
    assert [line for each in change.objects for line in each.lines] == []  # all of it is said already


def test_an_environment_that_goes_is_destroyed(tiny: Path, commit: Commit) -> None:
    commit(tiny)
    (tiny / "environments/prod.yml").unlink()
    change = diff(Repository(tiny), "HEAD")

    assert change.sentence.startswith("DESTROYS prod/")
    assert any(
        (each.action == "deleted" and each.kind == "ExternalSecret") or each.kind == "AppProject"
        for each in change.objects
    )
    assert "is deleted" in to_text(change)


def test_a_volume_claim_that_goes_is_on_top(deployed: Deployed) -> None:
    file = "rendered/staging/two/platform/claim.yaml"
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data", "namespace": "x"}}
    base = replace(deployed.side, objects={file: [claim]}, sizes={("staging", "two"): 100})
    change = compare(base, replace(deployed.side, objects={file: []}), NOW)

    assert change.destroyed[0].name == "staging/two/PersistentVolumeClaim/data"
    assert change.sentence == (
        "DESTROYS staging/two/PersistentVolumeClaim/data; PersistentVolumeClaim data is deleted; 1 object deleted."
    )


def test_a_secret_of_another_name_is_told_once_and_somebody_has_to_make_it(changed: Callable[..., Change]) -> None:
    olds = [f"AWS_{name}_KEY{end}: {{secret: storage" for name, end in (("ACCESS", "_ID"), ("SECRET_ACCESS", ""))]
    change = changed(*(("environments/prod.yml", old, f"{old}-2") for old in olds))

    assert {(line.what, line.name, line.after) for line in of(change, "prod").lines} == {
        ("secret", "AWS_ACCESS_KEY_ID", "secret storage-2, key access-key"),
        ("secret", "AWS_SECRET_ACCESS_KEY", "secret storage-2, key secret-key"),
    }
    assert [each.kind for each in change.objects if each.lines] == ["ConfigMap"]
    assert "NEEDS the Secret storage-2 (access-key, secret-key) in prod; " in change.sentence


def test_another_model_that_is_served_is_in_the_sentence(deployed: Deployed) -> None:
    file = "rendered/staging/two/greet/inferenceservice.yaml"

    def service(uri: str, percent: int) -> dict[str, list[Any]]:
        predictor = {"canaryTrafficPercent": percent, "model": {"storageUri": uri}}
        body = {"metadata": {"name": "greet", "namespace": "x"}, "spec": {"predictor": predictor}}
        return {file: [{"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", **body}]}

    base, head = (replace(deployed.side, objects=service(*each)) for each in (("s3://a/2", 10), ("s3://a/3", 100)))

    assert compare(base, head, NOW).sentence.startswith(
        "SERVING CHANGES: greet (canaryTrafficPercent 10 -> 100, storageUri s3://a/2 -> s3://a/3); "
    )


def test_an_accelerator_that_steps_lose_is_in_the_sentence(changed: Callable[..., Change]) -> None:
    change = changed(("environments/prod.yml", "{accelerator: optional}", '{labels: {tone: "warm"}}'))

    assert "; 1 step LOSES nvidia.com/gpu; " in change.sentence
