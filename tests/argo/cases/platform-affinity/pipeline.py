"""Affinity to nodes and away from pods, a node selector and a toleration with a value place the pod."""

from kfp import dsl, kubernetes

from kit import say

ARCHITECTURE = {"matchExpressions": [{"key": "kubernetes.io/arch", "operator": "Exists"}]}
REQUIRED = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [ARCHITECTURE]}}


@dsl.pipeline(name="platform-affinity")
def pipeline(affinity: dict = REQUIRED) -> str:
    linux = [{"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]}]
    task = say(text="placed")
    kubernetes.add_node_selector(task, label_key="kubernetes.io/os", label_value="linux")
    kubernetes.add_node_affinity(task, match_expressions=linux, match_fields=[])
    kubernetes.add_node_affinity(task, match_expressions=linux, weight=10)
    kubernetes.add_toleration(
        task, key="spare", operator="Equal", value="yes", effect="NoExecute", toleration_seconds=60
    )
    kubernetes.add_pod_annotation(task, "note", 'it\'s "x"')
    other = say(text="beside").after(task)
    kubernetes.add_node_affinity_json(other, node_affinity_json=affinity)
    kubernetes.add_toleration_json(other, toleration_json={"key": "spare", "operator": "Exists"})
    third = say(text="beside").set_display_name("third")
    kubernetes.add_node_affinity(third, match_expressions=linux)
    kubernetes.add_node_affinity_json(third, node_affinity_json=REQUIRED)
    kubernetes.add_node_selector(third, label_key="kubernetes.io/os", label_value="windows")  # KFP reads the next alone
    kubernetes.add_node_selector_json(third, node_selector_json={"kubernetes.io/os": "linux"})
    return task.outputs["out"]


# kfp's language has no words for it yet, its message has.
pipeline.platform_spec.platforms["kubernetes"].deployment_spec.executors["exec-say"].update(
    {
        "podAffinity": [
            {
                "matchPodLabels": {"nobody": "has-it"},
                "matchPodExpressions": [{"key": "nobody", "operator": "In", "values": ["has-it"]}],
                "matchNamespaceExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "Exists"}],
                "matchNamespaceLabels": {"kubernetes.io/metadata.name": "default"},
                "topologyKey": "kubernetes.io/hostname",
                "anti": True,
            },
            {"matchPodLabels": {"a": "b"}, "namespaces": ["default"], "topologyKey": "kubernetes.io/os", "weight": 5},
        ]
    }
)
