"""What another task decides of a pod goes into a patch of it."""

import json

from kfp import dsl, kubernetes

from generators.engines.argo.pod import patches
from generators.ir.view import Pod, Resources


@dsl.container_component
def work():
    return dsl.ContainerSpec("image:1", ["true"])


def test_nothing_is_patched_where_everything_is_known():
    known = Resources({"resourceCpuLimit": "1"})
    settings = Pod({"nodeSelector": {"labels": {"a": "b"}}, "tolerations": [{"key": "a"}]})

    assert patches.patch(known, settings, {}, str, print) == ""


def test_resources_and_node_that_a_parameter_decides_are_not_in_argo_s_own_fields(templates):
    @dsl.pipeline(name="decided")
    def pipeline(cpu: str, selector: dict, toleration: dict):
        task = work().set_cpu_limit(cpu)
        kubernetes.add_node_selector_json(task, node_selector_json=selector)
        kubernetes.add_toleration_json(task, toleration_json=toleration)

    made = templates(pipeline)["work"]

    assert "resources" not in made["container"] and "nodeSelector" not in made and "tolerations" not in made
    assert '"cpu": {{=' in made["podSpecPatch"]
    assert '"nodeSelector": {{=' in made["podSpecPatch"]
    assert '"tolerations": {{=' in made["podSpecPatch"]
    assert "{{{" not in made["podSpecPatch"]


def test_secrets_that_an_image_is_pulled_with_are_those_of_the_task_alone(templates):
    @dsl.pipeline(name="pulled")
    def pipeline(secret: str):
        kubernetes.set_image_pull_secrets(work(), ["registry", "mirror"])
        kubernetes.set_image_pull_secrets(work().set_display_name("decided"), [secret])
        work().set_display_name("open")

    made = templates(pipeline)
    patched = {name: template.get("podSpecPatch", "") for name, template in made.items()}

    assert json.loads(patched["work"]) == {"imagePullSecrets": [{"name": "registry"}, {"name": "mirror"}]}
    assert '"imagePullSecrets": [{ "name": "{{=' in patched["decided"]
    assert patched["open"] == ""
