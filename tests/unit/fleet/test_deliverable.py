"""What an environment says of runs can be delivered, or is refused where it is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generators.fleet import compatibility, deliverable
from generators.ir.definitions import definition
from generators.model import Cluster, Database, Delivery, Environment, Pipeline, Schedule, Serve, Storage

DAILY = Schedule(("0 4 * * *",), "UTC")


def environment(engine: str, pipeline: Pipeline, delivery: Delivery | None = None) -> Environment:
    cluster = Cluster("one", engine, "https://one.test", facts={"mode": "multi-user"})
    return Environment(
        "prod", "ml", Database(""), Storage("s3://ml"), "", {}, (cluster,), (pipeline,), delivery=delivery
    )


@pytest.mark.parametrize(
    ("engine", "pipeline", "refused"),
    [
        ("kubeflow", Pipeline("greet", schedule=DAILY), ["schedule"]),
        ("kubeflow", Pipeline("greet", run_on_merge=True), ["run_on_merge"]),
        ("argo", Pipeline("greet", run_on_merge=True), ["run_on_merge"]),
        ("argo", Pipeline("greet", schedule=DAILY), []),  # which Argo's own controller starts
        ("local", Pipeline("greet", schedule=DAILY, run_on_merge=True), []),
    ],
)
def test_what_operations_would_start_is_refused_where_nothing_brings_it(
    engine: str, pipeline: Pipeline, refused: list[str]
) -> None:
    alone = environment(engine, pipeline)

    assert [problem.path[-1] for problem in deliverable.problems(alone)] == refused
    assert list(deliverable.problems(replace(alone, delivery=Delivery("https://git.test/ml.git")))) == []


def test_a_model_is_served_where_a_cluster_says_that_it_has_kserve() -> None:
    served = environment("argo", Pipeline("greet", serve=Serve("greeter", resources={"cpu": "1"})))
    [cluster] = served.clusters

    [problem] = deliverable.problems(served)
    assert (problem.path, problem.rule) == (("pipelines", "greet", "serve"), "kserve")
    assert "clusters.one.kserve: true" in problem.fix
    assert [each.rule for each in deliverable.problems(_pinned(served))] == ["pinned", "kserve"]
    has_it = replace(cluster, facts={**cluster.facts, "kserve": True})
    assert list(deliverable.problems(replace(served, clusters=(has_it,)))) == []


def _pinned(served: Environment) -> Environment:
    [pipeline] = served.pipelines
    return replace(served, pipelines=(replace(pipeline, serve=replace(pipeline.serve, pinned=True)),))


def test_a_model_is_served_by_the_image_of_a_component_that_the_definition_runs() -> None:
    greet = Pipeline("greet", serve=Serve("greter"))
    spec = {"root": {"dag": {"tasks": {}}}, "pipelineInfo": {"name": "greet"}, "components": {}}
    compiled = definition("greet", spec, {}, {"greeter": "723f2352"})

    [problem] = compatibility.problems(environment("argo", greet), greet, compiled, None, ["greeter"])
    assert (problem.path, problem.fix) == (("pipelines", "greet", "serve", "component"), "did you mean greeter?")
