"""What Pod Security asks of a step's pod is set by the overlay, and what keeps a pod from the level is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generators.engines.registry import engine
from generators.errors import GraftError, Refused
from generators.ir.definitions import from_text
from generators.ir.overlay import overlay
from generators.ir.pod_security import LEVELS, at_level, unmet
from generators.model import Cluster, Database, Environment, Pipeline, Storage
from generators.verbs.convert import Wanted, converted

TINY = Path(__file__).resolve().parents[2] / "tiny"
(FILE,) = (TINY / "definitions/greet").glob("*.json")
GREET = from_text("greet", FILE.read_text())
ENVIRONMENT = Environment("prod", "ml-prod", Database(""), Storage("s3://ml"), "registry.test", {}, (), ())


def _contexts(platform: dict[str, Any]) -> list[dict[str, Any]]:
    pods = platform.get("platforms", {}).get("kubernetes", {}).get("deploymentSpec", {}).get("executors", {})
    return [pods[label].get("securityContext", {}) for label in sorted(pods)]


def _saying(**context: Any) -> dict[str, Any]:
    executors = {"exec-greet": {"securityContext": context}}
    return {"platforms": {"kubernetes": {"deploymentSpec": {"executors": executors}}}}


@pytest.mark.parametrize("name", ["argo", "kubeflow"])
@pytest.mark.parametrize("level", ["", *LEVELS])
def test_the_overlay_holds_every_step_to_a_user_who_is_not_root_where_the_level_asks_for_it(
    name: str, level: str
) -> None:
    cluster = Cluster("c", name, facts={"pod_security": level} if level else {})
    _, platform = overlay(GREET, ENVIRONMENT, cluster, Pipeline("greet"))

    wanted = [{"runAsNonRoot": True}] * 3 if level == "restricted" else []
    assert [context for context in _contexts(platform) if context] == wanted


def test_a_user_that_the_code_names_stays_and_an_importer_is_given_nothing() -> None:
    spec = {**GREET.spec, "deploymentSpec": {"executors": {**GREET.spec["deploymentSpec"]["executors"]}}}
    spec["deploymentSpec"]["executors"]["exec-greet"] = {"importer": {"artifactUri": {}}}

    assert _contexts(at_level(GREET.spec, _saying(runAsUser="7"), "restricted"))[1] == {
        "runAsUser": "7",
        "runAsNonRoot": True,
    }
    assert _contexts(at_level(spec, {}, "restricted")) == [{"runAsNonRoot": True}] * 2


@pytest.mark.parametrize(
    ("context", "field"), [({"runAsUser": "0"}, "runAsUser"), ({"runAsNonRoot": False}, "runAsNonRoot")]
)
def test_a_step_that_must_be_root_is_refused_at_the_level_that_takes_none(context: dict[str, Any], field: str) -> None:
    (problem,) = unmet(GREET.spec, _saying(**context), "restricted")

    assert (problem.path, problem.field) == ("people/greet", field)
    assert f"securityContext.{field} lets it run as root" in problem.message
    for level in ("", "privileged", "baseline"):
        assert list(unmet(GREET.spec, _saying(**context), level)) == []


def test_a_user_who_is_not_root_is_no_problem() -> None:
    assert list(unmet(GREET.spec, _saying(runAsUser="1000", runAsNonRoot=True), "restricted")) == []


@pytest.mark.parametrize("to", ["argo", "kubeflow"])
def test_convert_makes_what_the_level_takes(to: str) -> None:
    made = converted(FILE.read_text(), "greet.yaml", Wanted(to=to, pod_security="restricted")).objects
    shape = engine(to).read_back(made[-1])

    assert {task.settings["runAsNonRoot"] for task in shape.tasks.values() if task.command} == {"true"}
    assert "runAsNonRoot" not in str(converted(FILE.read_text(), "greet.yaml", Wanted(to="kubeflow")).objects)


@pytest.mark.parametrize("to", ["argo", "kubeflow"])
def test_convert_refuses_a_step_of_roots_by_name(to: str) -> None:
    text = yaml.safe_dump_all([GREET.spec, _saying(runAsUser="0")])
    with pytest.raises(Refused) as refused:
        converted(text, "greet.yaml", Wanted(to=to, pod_security="restricted"))

    (finding,) = refused.value.findings
    assert (finding.rule, finding.path, finding.found) == ("pod-security", "people/greet", "0")
    assert finding.place.line > 1
    assert converted(text, "greet.yaml", Wanted(to=to, pod_security="baseline")).objects


def test_a_level_means_nothing_where_there_are_no_pods() -> None:
    with pytest.raises(GraftError, match="--pod-security"):
        converted(FILE.read_text(), "greet.yaml", Wanted(to="vertex", pod_security="restricted"))
