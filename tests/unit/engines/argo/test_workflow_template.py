"""From a compiled pipeline to a WorkflowTemplate: what it is called, how it ends, what it refuses."""

import copy
import json
import subprocess
import sys

import pytest
from kfp import dsl, kubernetes

from generators.engines.argo import workflow_template
from generators.engines.argo.limits import LARGEST_OBJECT
from generators.errors import Refused


@dsl.container_component
def say(text: str, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec("image:1", ["sh", "-ec", 'printf %s "$0" > "$1"', text, out])


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def told(status: dsl.PipelineTaskFinalStatus):
    print(status)


def _pipeline(text="x"):
    @dsl.pipeline(name="A pipeline")
    def pipeline(value: str = "y"):
        say(text=text)

    return pipeline


def test_the_name_ends_in_the_hash_of_the_content(compiled):
    spec, platform = compiled(_pipeline())
    first, again = workflow_template.convert(spec, platform), workflow_template.convert(copy.deepcopy(spec), platform)
    other = workflow_template.convert(*compiled(_pipeline("other")))

    assert first == again
    assert first["metadata"]["name"] == f"a-pipeline-{first['metadata']['labels']['graft.dev/content']}"
    assert first["metadata"]["name"] != other["metadata"]["name"]


def test_the_order_of_keys_does_not_change_a_byte(compiled):
    spec, _ = compiled(_pipeline())
    reversed_spec = json.loads(json.dumps(spec), object_pairs_hook=lambda pairs: dict(reversed(pairs)))

    assert json.dumps(workflow_template.convert(spec)) == json.dumps(workflow_template.convert(reversed_spec))


def test_converting_leaves_the_pipeline_as_it_is_and_imports_no_kfp(compiled):
    spec, _ = compiled(_pipeline())
    before = copy.deepcopy(spec)
    workflow_template.convert(spec)
    program = "import sys; from generators.engines import argo; print([m for m in sys.modules if m.startswith('kfp')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert spec == before
    assert done.stdout.strip() == "[]"


def test_a_failed_group_is_a_target_beside_its_exit_task(templates):
    @dsl.pipeline(name="handled")
    def pipeline():
        with dsl.ExitHandler(told(), name="work"):
            say(text="x")

    dag = templates(pipeline)["pipeline"]["dag"]

    assert sorted(dag["target"].split()) == ["told", "work"]
    assert dag["failFast"] is False


def test_argo_s_own_containers_pass_a_restricted_namespace(compiled):
    made = workflow_template.convert(*compiled(_pipeline()), workflow_template.Options(restricted=True))
    patch = json.loads(made["spec"]["podSpecPatch"])
    own = {item["name"]: item["securityContext"] for part in patch.values() for item in part}

    assert own.keys() == {"init", "wait"}
    for security in own.values():
        assert security["runAsNonRoot"] and security["allowPrivilegeEscalation"] is False
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}


def test_what_uploads_reads_every_file_where_the_namespace_lets_it(compiled):
    patch = json.loads(workflow_template.convert(*compiled(_pipeline()))["spec"]["podSpecPatch"])
    [init], [wait] = patch["initContainers"], patch["containers"]

    assert init["securityContext"]["runAsNonRoot"] and wait["name"] == "wait"
    assert wait["securityContext"]["runAsUser"] == 0
    assert wait["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["DAC_OVERRIDE"]}


def test_an_argument_longer_than_the_kernel_takes_is_refused_by_its_size(compiled):
    with pytest.raises(Refused) as refused:
        workflow_template.convert(*compiled(_constant("x" * 140_000)))

    [finding] = refused.value.findings
    assert (finding.rule, finding.path) == ("size", "long")
    assert "more than the kernel's 131071" in finding.message


def test_a_manifest_larger_than_an_object_may_be_is_refused(compiled):
    spec, platform = compiled(_pipeline("x" * LARGEST_OBJECT))

    with pytest.raises(Refused) as refused:
        workflow_template.convert(spec, platform)

    assert [finding.rule for finding in refused.value.findings] == ["size"]


def test_every_reason_is_reported_at_once(compiled):
    spec, platform = compiled(_pipeline())
    spec["defaultPipelineRoot"] = "/mnt"
    spec["deploymentSpec"]["executors"]["exec-say"] = {"customJob": {}}

    with pytest.raises(Refused) as refused:
        workflow_template.convert(spec, platform)

    assert sorted(finding.rule for finding in refused.value.findings) == ["executor", "storage"]


def test_a_component_that_contains_itself_is_refused_by_its_name(compiled):
    spec, _ = compiled(_pipeline())
    spec["components"]["comp-again"] = {"dag": {"tasks": {"again": {"componentRef": {"name": "comp-again"}}}}}

    with pytest.raises(Refused) as refused:
        workflow_template.convert(spec)

    assert refused.value.findings[0].rule == "cycle"


def test_the_settings_of_the_pipeline_as_a_whole(compiled):
    spec, _ = compiled(_pipeline())
    config = {"resourceTtlOnCompletion": 60, "activeDeadlineSeconds": 90, "workspace": {"size": "1Gi"}}
    platform = {"platforms": {"kubernetes": {"pipelineConfig": config}}}
    body = workflow_template.convert(spec, platform)["spec"]

    assert body["ttlStrategy"] == {"secondsAfterCompletion": 60}
    assert body["activeDeadlineSeconds"] == 90
    assert body["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] == "1Gi"
    [main] = [template["container"] for template in body["templates"] if template["name"] == "say"]
    assert {"name": "workspace", "mountPath": "/kfp-workspace"} in main["volumeMounts"]


def _constant(text):
    @dsl.container_component
    def long():
        return dsl.ContainerSpec("image:1", ["echo", text])

    @dsl.pipeline(name="long")
    def pipeline():
        long()

    return pipeline


def test_no_container_of_a_restricted_namespace_may_run_as_root(compiled):
    spec, platform = compiled(_pipeline())

    assert workflow_template.convert(spec, platform, workflow_template.Options(restricted=True))["spec"][
        "securityContext"
    ] == {"runAsNonRoot": True}
    assert "securityContext" not in workflow_template.convert(spec, platform)["spec"]


def test_a_pipeline_with_anything_left_out_or_of_another_kind_is_refused_or_converted_but_never_a_crash(compiled):
    @dsl.pipeline(name="whole")
    def pipeline(values: list[str] = ["a"]):  # noqa: B006
        with dsl.ParallelFor(values, name="each") as value:
            one = say(text=value)
            with dsl.If(value == "a", name="if"):
                task = say(text=one.outputs["out"]).set_display_name("other")
                kubernetes.use_secret_as_env(task, "secret", {"key": "NAME"})
                kubernetes.mount_pvc(task, pvc_name="claim", mount_path="/data")

    whole = list(compiled(pipeline))
    refused = set()
    for path in [path for path in _places(whole, ()) if len(path) > 1]:
        for other in ({}, [], "text", None):
            broken = copy.deepcopy(whole)
            place = broken
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = other
            if other is None:
                del place[path[-1]]
            try:
                workflow_template.convert(*broken)
            except Refused as problem:
                refused.update(finding.rule for finding in problem.findings)

    assert refused >= {"type", "missing", "reference", "input"} and "" not in refused


def _places(value, path):
    """Every path into nested mappings and lists, but for what a person is free to write."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if key not in ("command", "args", "env"):
            yield (*path, key)
            yield from _places(item, (*path, key))
