"""What a sentence says of each environment: what did it, what follows, and nothing twice."""

from __future__ import annotations

from dataclasses import replace

from generators.diff.clauses import clauses_of
from generators.diff.model import Change, InputChange, Line, ObjectChange, PipelineChange, Task
from generators.diff.sentence import sentence
from generators.diff.words import counted, turned


def changed(environment: str, pipeline: str = "greet", clusters: int = 1, starts: str = "on merge") -> PipelineChange:
    versions = tuple((f"{environment}/{at}", f"{pipeline}-1", f"{pipeline}-2") for at in range(clusters))
    tasks = (Task("say", "directly changed", "reruns", "image"),)
    return PipelineChange(pipeline, environment, versions, "updated", ("1", "1"), tasks=tasks, starts=starts)


def said(found: list[PipelineChange], *inputs: InputChange) -> list[str]:
    return [each.text for each in clauses_of(tuple(found), inputs)]


def test_what_is_true_of_the_next_environment_too_is_said_once() -> None:
    found = said([changed("prod", clusters=3), changed("staging", clusters=2), changed("dev", starts="")])

    assert found == [
        "prod: greet gets a new version on 3 clusters; 1 of 1 steps rerun; a run starts on merge",
        "staging: greet likewise on 2 clusters",
        "dev: greet gets a new version on dev/0; 1 of 1 steps rerun; no run starts by itself",
    ]


def test_a_value_that_is_no_parameter_is_named_where_it_changes_a_pipeline() -> None:
    retry = InputChange(
        "pipelines.greet.steps.say.retry.count", "1", "4", "base/pipelines/greet.yml:9", ("prod", "staging")
    )
    other = replace(retry, path="pipelines.part.timeout")
    prod, dev = said([changed("prod"), changed("dev")], retry, other)

    assert prod.startswith("prod: greet gets a new version on prod/0; steps.say.retry.count 1 -> 4; 1 of 1 steps rerun")
    assert "retry" not in dev


def test_where_pipelines_are_counted_what_did_it_is_named() -> None:
    registry = InputChange("registry", "old.internal/ml", "new.internal/ml", "environments/prod.yml:27", ("prod",))
    (clause,) = said([changed("prod", f"greet-{at}") for at in range(4)], registry)

    assert clause == (
        "prod: 4 pipelines change on prod/0; registry old.internal/ml -> new.internal/ml; 4 runs start on merge"
    )


def test_a_fact_of_a_cluster_is_named_of_what_runs_there_and_its_room_is_not() -> None:
    fact = InputChange("clusters.0.pod_security", "restricted", "baseline", "environments/prod.yml:40", ("prod",))
    elsewhere, room = (replace(fact, path=path) for path in ("clusters.7.pod_security", "clusters.0.capacity.cpu"))
    (clause,) = said([changed("prod")], fact, elsewhere, room)

    assert "; clusters.0.pod_security restricted -> baseline; 1 of 1 steps rerun" in clause


def test_what_is_not_said_any_more_is_counted_with_its_environments() -> None:
    found = [changed(name, starts=name) for name in ("prod", "staging", "dev", "vertex", "local")]

    assert "; 2 more in vertex, local; nothing is deleted." in sentence(Change("a", "b", pipelines=tuple(found)))


def test_a_long_value_is_shown_where_it_differs() -> None:
    long = "postgresql://mlflow@database.{}.internal:5432/mlflow"

    assert turned(long.format("one"), long.format("two")) == "...@database.one.internal:5432/mlflow -> " + (
        "...@database.two.internal:5432/mlflow"
    )
    assert turned(None, "short") == "(none) -> short"


def test_objects_are_counted_as_english_does() -> None:
    kinds = ("NetworkPolicy", "StorageClass", "Role")

    assert [counted(2, kind) for kind in kinds] == ["2 NetworkPolicies", "2 StorageClasses", "2 Roles"]
    assert counted(1, "NetworkPolicy") == "1 NetworkPolicy"


def test_policies_of_which_only_labels_are_others_do_not_change() -> None:
    label, rule = (Line("field", "", name, "a", "b") for name in ("metadata.labels.owner", "spec.failurePolicy"))
    policies = [
        ObjectChange("updated", "ValidatingAdmissionPolicy", name, ("prod/east",), "platform", lines=(line,))
        for name, line in (("labelled", label), ("loosened", rule))
    ]

    found = sentence(Change("a", "b", objects=tuple(policies)))
    assert found == ("POLICIES CHANGE: loosened; ValidatingAdmissionPolicy labelled is updated; nothing is deleted.")


def test_a_store_that_moves_is_said_before_all_versions() -> None:
    store = InputChange("storage.uri", "s3://a", "s3://b", "environments/prod.yml:21", ("prod",))
    found = sentence(Change("a", "b", pipelines=(changed("prod"),), inputs=(store,)))

    assert found.startswith(
        "prod MOVES to another store s3://a -> s3://b: what is in the old one stays there; prod: greet gets a "
    )
    assert found.count("s3://b") == 1


def test_values_of_which_only_objects_tell_are_named() -> None:
    branch = InputChange("delivery.branch", "main", "release", "base/defaults.yml:7", ("prod", "staging"))
    applications = tuple(
        ObjectChange("updated", "Application", f"a{at}", ("prod/argocd",), "argocd") for at in range(4)
    )

    assert sentence(Change("a", "b", objects=applications, inputs=(branch,))) == (
        "delivery.branch main -> release; 4 Applications updated; nothing is deleted."
    )


def test_a_label_of_what_lists_secrets_is_no_secret() -> None:
    lines = (
        Line("field", "", "metadata.labels.owner", "a", "b"),
        Line("field", "", 'data."models.v2"', None, "access-key\n"),
    )
    required = ObjectChange(
        "updated", "ConfigMap", "required-secrets", ("prod/east", "prod/west"), "platform", lines=lines
    )

    found = sentence(Change("a", "b", objects=(required,)))
    assert found.startswith("NEEDS the Secret models.v2 (access-key) in prod; ConfigMap required-secrets is updated")
