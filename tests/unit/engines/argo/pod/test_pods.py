"""What the PlatformSpec says of a pod is in the template, all of it."""

import json

import pytest
from kfp import dsl, kubernetes

from generators.engines.argo import ENGINE, workflow_template
from generators.engines.argo.pod import pods
from generators.ir.normal_form import shape_of
from generators.ir.view import Resources


@dsl.container_component
def work(name: str = "x"):
    return dsl.ContainerSpec("image:1", ["echo", name])


def _one(templates, change):
    @dsl.pipeline(name="one")
    def pipeline():
        change(work())

    return templates(pipeline)["work"]


def test_resources_are_quantities_of_the_container(templates):
    def change(task):
        task.set_cpu_request("500m").set_cpu_limit("2").set_memory_limit("4Gi").set_accelerator_type("nvidia.com/gpu")
        task.set_accelerator_limit(1)

    assert _one(templates, change)["container"]["resources"] == {
        "requests": {"cpu": "500m"},
        "limits": {"cpu": "2", "memory": "4Gi", "nvidia.com/gpu": "1"},
    }


def test_the_deprecated_numbers_of_older_sdks_are_cores_and_gigabytes():
    old = {"cpuLimit": 0.5, "memoryLimit": 3.5, "accelerator": {"type": "gpu", "count": "2"}}

    assert pods.resources(Resources(old)) == {"limits": {"cpu": "0.5", "memory": "3.5G", "gpu": "2"}}


def test_secrets_config_maps_and_fields_become_variables(templates):
    def change(task):
        kubernetes.use_secret_as_env(task, "keys", {"token": "TOKEN"}, optional=True)
        kubernetes.use_config_map_as_env(task, "settings", {"colour": "COLOUR"})
        kubernetes.use_field_path_as_env(task, "NODE", "spec.nodeName")
        task.set_env_variable("PLAIN", "$(HOME)")

    variables = {item["name"]: item for item in _one(templates, change)["container"]["env"]}

    assert variables["TOKEN"]["valueFrom"] == {"secretKeyRef": {"name": "keys", "key": "token", "optional": True}}
    assert variables["COLOUR"]["valueFrom"]["configMapKeyRef"] == {"name": "settings", "key": "colour"}
    assert variables["NODE"]["valueFrom"] == {"fieldRef": {"fieldPath": "spec.nodeName"}}
    assert variables["PLAIN"]["value"] == "$$(HOME)"


def test_volumes_of_every_kind_are_mounted_where_they_should_be(templates):
    def change(task):
        kubernetes.use_secret_as_volume(task, "keys", "/keys")
        kubernetes.use_config_map_as_volume(task, "settings", "/settings", optional=True)
        kubernetes.mount_pvc(task, pvc_name="data", mount_path="/data", sub_path="deep")
        kubernetes.empty_dir_mount(task, volume_name="scratch", mount_path="/scratch", size_limit="1Gi")
        kubernetes.add_ephemeral_volume(
            task, volume_name="work", mount_path="/work", access_modes=["ReadWriteOnce"], size="2Gi"
        )

    made = _one(templates, change)
    volumes = {volume["name"]: volume for volume in made["volumes"]}
    mounts = {mount["mountPath"]: mount for mount in made["container"]["volumeMounts"]}

    assert volumes[mounts["/keys"]["name"]]["secret"] == {"secretName": "keys"}
    assert volumes[mounts["/settings"]["name"]]["configMap"] == {"name": "settings", "optional": True}
    assert volumes[mounts["/data"]["name"]]["persistentVolumeClaim"] == {"claimName": "data"}
    assert mounts["/data"]["subPath"] == "deep"
    assert volumes[mounts["/scratch"]["name"]]["emptyDir"] == {"sizeLimit": "1Gi"}
    claim = volumes[mounts["/work"]["name"]]["ephemeral"]["volumeClaimTemplate"]["spec"]
    assert claim["resources"]["requests"]["storage"] == "2Gi"


def test_where_a_pod_runs_and_how_it_is_labelled(templates):
    def change(task):
        kubernetes.add_node_selector(task, "zone", "a")
        kubernetes.add_toleration(task, key="spare", operator="Exists", effect="NoSchedule")
        kubernetes.add_pod_label(task, "step", "work")
        kubernetes.add_pod_annotation(task, "note", "x")
        kubernetes.set_timeout(task, 60)
        kubernetes.set_image_pull_policy(task, "Always")
        kubernetes.set_security_context(task, run_as_user=1000, run_as_non_root=True)
        kubernetes.add_node_affinity(task, match_expressions=[{"key": "a", "operator": "In", "values": ["b"]}])

    made = _one(templates, change)

    assert made["nodeSelector"] == {"zone": "a"}
    assert made["tolerations"] == [{"key": "spare", "operator": "Exists", "effect": "NoSchedule"}]
    assert made["metadata"] == {"labels": {"step": "work"}, "annotations": {"note": "x"}}
    assert made["activeDeadlineSeconds"] == 60
    assert made["container"]["imagePullPolicy"] == "Always"
    security = made["container"]["securityContext"]
    assert (security["runAsUser"], security["runAsNonRoot"], security["allowPrivilegeEscalation"]) == (
        1000,
        True,
        False,
    )
    [term] = made["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert term == {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}


def test_a_label_that_is_the_id_of_the_run_is_left_to_argo(templates):
    made = _one(templates, lambda task: kubernetes.add_pod_label(task, "run", "{{workflow.uid}}"))

    assert made["metadata"]["labels"] == {"run": "{{workflow.uid}}"}


def test_a_name_that_another_task_gives_is_handed_in(templates):
    @dsl.container_component
    def named(out: dsl.OutputPath(str)):
        return dsl.ContainerSpec("image:1", ["sh", "-c", 'echo x > "$0"', out])

    @dsl.pipeline(name="two")
    def pipeline():
        first = named()
        kubernetes.mount_pvc(work(), pvc_name=first.outputs["out"], mount_path="/data")

    made = templates(pipeline)
    [task] = [task for task in made["pipeline"]["dag"]["tasks"] if task["name"] == "work"]
    [claim] = [volume for volume in made["work"]["volumes"] if "persistentVolumeClaim" in volume]

    assert claim["persistentVolumeClaim"]["claimName"] == "{{=fromJSON(inputs.parameters['graft-platform-1'])}}"
    assert {"name": "graft-platform-1"} in made["work"]["inputs"]["parameters"]
    assert "graft-platform-1" in {argument["name"] for argument in task["arguments"]["parameters"]}
    assert task["depends"] == "named.Succeeded"


@pytest.mark.parametrize("name", ["platform-1", "graft-platform-1", "graft-task"])
def test_a_parameter_called_like_an_input_of_the_engine_s_own_stays_apart(compiled, name):
    @dsl.container_component
    def told(word: str, out: dsl.OutputPath(str)):
        return dsl.ContainerSpec("image:1", ["sh", "-c", 'echo "$0" > "$1"', word, out])

    @dsl.pipeline(name="apart")
    def pipeline(word: str = "x", claim: str = "c"):
        kubernetes.mount_pvc(told(word=word), pvc_name=claim, mount_path="/data")

    spec, platform = (json.loads(json.dumps(part).replace("word", name)) for part in compiled(pipeline))
    manifest = workflow_template.convert(spec, platform, workflow_template.Options())
    [made] = [template for template in manifest["spec"]["templates"] if template["name"] == "told"]

    names = [parameter["name"] for parameter in made["inputs"]["parameters"]]
    assert len(set(names)) == 2 and "graft-platform-1" in names
    [claim] = [volume for volume in made["volumes"] if "persistentVolumeClaim" in volume]
    assert claim["persistentVolumeClaim"]["claimName"] == "{{=fromJSON(inputs.parameters['graft-platform-1'])}}"
    found, wanted = ENGINE.read_back(manifest), shape_of(spec, platform, ENGINE.names())
    assert list(wanted.differences(found)) == []


def test_a_claim_is_created_and_deleted_by_resource_templates(templates):
    @dsl.pipeline(name="claims")
    def pipeline(size: str = "1Gi"):
        made = kubernetes.CreatePVC(pvc_name_suffix="-data", access_modes=["ReadWriteOnce"], size=size)
        used = work()
        kubernetes.mount_pvc(used, pvc_name=made.outputs["name"], mount_path="/data")
        kubernetes.DeletePVC(pvc_name=made.outputs["name"]).after(used)

    made = templates(pipeline)

    assert made["createpvc"]["resource"]["action"] == "create"
    assert made["createpvc"]["outputs"]["parameters"][0]["valueFrom"] == {"jsonPath": "{.metadata.name}"}
    assert made["deletepvc"]["resource"]["action"] == "delete"
    assert "{{{" not in made["createpvc"]["resource"]["manifest"]
