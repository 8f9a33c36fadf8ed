"""A cluster's capacity becomes a quota that an API server takes."""

from __future__ import annotations

from generators.delivery import platform
from generators.model import Cluster, Database, Environment, Storage


def test_a_number_of_pods_is_a_quota_of_pods_and_not_of_what_they_ask_for() -> None:
    cluster = Cluster("one", "argo", capacity={"cpu": "8", "memory": "16Gi", "pods": "20", "nvidia.com/gpu": "1"})
    environment = Environment("prod", "ml", Database(""), Storage(""), "", {}, (cluster,), ())

    (quota,) = platform.render(environment, cluster)["resourcequota.yaml"]

    asked = {"requests.cpu": "8", "requests.memory": "16Gi", "requests.nvidia.com/gpu": "1"}
    assert quota["spec"]["hard"] == {**asked, "pods": "20"}
