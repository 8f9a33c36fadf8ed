"""Objects are filled in before policies see them as Kubernetes' own code fills them in."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from generators.checks.kubernetes.defaults import defaulted

WORKLOADS = Path(__file__).with_name("examples") / "workloads.yaml"
KINDS = {"Pod", "Deployment", "Job", "CronJob", "PersistentVolumeClaim"}
# What Go's types write though nobody has set it, and no policy goes by.
EMPTY = (None, {}, {"creationTimestamp": None})
MORE = """
apiVersion: v1
kind: Pod
metadata: {name: bare}
spec:
  containers:
    - {name: a, image: registry.internal:5000/a}
    - {name: b, image: "b:latest", resources: {limits: {cpu: "1"}, requests: {memory: 1Gi}}, startupProbe: {httpGet: {port: 80}}}
    - {name: c, image: "c@sha256:0000000000000000000000000000000000000000000000000000000000000000", lifecycle: {preStop: {httpGet: {port: 1}}}}
    - {name: d, image: "d:1", imagePullPolicy: "", livenessProbe: {exec: {command: [x]}, timeoutSeconds: 0}}
  volumes:
    - {name: none}
    - {name: down, downwardAPI: {items: [{path: x, fieldRef: {fieldPath: metadata.name}}]}}
    - {name: all, projected: {sources: [{serviceAccountToken: {path: t}}, {downwardAPI: {items: [{path: x, fieldRef: {fieldPath: metadata.name}}]}}]}}
    - {name: own, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: bare}
spec: {backoffLimitPerIndex: 1, completionMode: Indexed, completions: 2, template: {metadata: {labels: {a: b}}, spec: {restartPolicy: Never, containers: [{name: a, image: a, resources: {limits: {cpu: "1"}}}]}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: barer}
spec: {podFailurePolicy: {rules: []}, template: {spec: {containers: [{name: a, image: a}]}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: bare}
spec: {schedule: "* * * * *", jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: a}]}}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: bare}
spec: {selector: {matchLabels: {a: b}}, strategy: {rollingUpdate: {maxSurge: 1}}, template: {spec: {containers: [{name: a, image: a}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: recreated}
spec: {selector: {matchLabels: {a: b}}, strategy: {type: Recreate}, template: {spec: {containers: [{name: a, image: a}]}}}
"""  # noqa: E501


def test_objects_are_filled_in_as_the_api_server_does(
    defaults_oracle: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
) -> None:
    objects = [each for text in (WORKLOADS.read_text("utf-8"), MORE) for each in yaml.safe_load_all(text)]
    objects = [each for each in objects if each["kind"] in KINDS]
    assert {each["kind"] for each in objects} >= {"Pod", "Deployment", "Job", "CronJob"}
    before = copy.deepcopy(objects)
    for obj, theirs in zip(objects, defaults_oracle(objects), strict=True):
        assert dict(_leaves(defaulted(obj))) == dict(_leaves(theirs)), obj["metadata"]["name"]
    assert objects == before


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The values in an object by their paths, without its status."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if item not in EMPTY and (*path, key) != ("status",):
            yield from _leaves(item, (*path, key))
    if not isinstance(value, dict | list):
        yield path, value
