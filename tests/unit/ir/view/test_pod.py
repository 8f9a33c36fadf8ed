"""Everything of a pod is found in one way, whichever of its twins says it."""

from __future__ import annotations

from generators.ir.view import Pod
from generators.ir.view.pod import secrets_as_env


def test_a_name_is_one_source_whichever_field_gives_it():
    entries = [
        {"secretName": "old", "keyToEnv": [{"secretKey": "k", "envVar": "A"}]},
        {
            "secretName": "old",
            "secretNameParameter": {"runtimeValue": {"constant": "new"}},
            "keyToEnv": [{"secretKey": "k", "envVar": "B"}],
            "optional": True,
        },
        {"secretNameParameter": {"componentInputParameter": "x"}, "keyToEnv": [{"secretKey": "k", "envVar": "C"}]},
    ]

    old, new, asked = Pod({"secretAsEnv": entries}).variables

    assert (old.source.value, new.source.value) == ("old", "new")
    assert (old.is_optional, new.is_optional) == (False, True)
    assert (asked.source.kind, asked.source.name) == ("input", "x")


def test_secrets_that_are_written_are_read_again():
    written = secrets_as_env({"B": ("store", "b"), "A": ("store", "a"), "C": ("base", "c")})

    found = [(each.variable, each.source.value, each.key) for each in Pod({"secretAsEnv": written}).variables]
    assert found == [("C", "base", "c"), ("A", "store", "a"), ("B", "store", "b")]
    assert [entry["secretName"] for entry in written] == ["base", "store"]


def test_a_claim_is_named_by_any_of_its_fields():
    output = {"producerTask": "a", "outputParameterKey": "name"}
    mounts = [
        {"constant": "one", "mountPath": "/a"},
        {"taskOutputParameter": output, "mountPath": "/b"},
        {"constant": "old", "pvcNameParameter": {"runtimeValue": {"constant": "new"}}, "mountPath": "/c"},
    ]

    constant, decided, newer = (mount.source for mount in Pod({"pvcMount": mounts}).mounts)

    assert (constant.value, decided.task, newer.value) == ("one", "a", "new")


def test_what_is_json_may_be_known_or_decided_when_it_runs():
    pod = Pod(
        {
            "nodeSelector": {"nodeSelectorJson": {"runtimeValue": {"constant": '{"a": "b"}'}}, "labels": {"c": "d"}},
            "tolerations": [{"tolerationJson": {"componentInputParameter": "x"}}, {"key": "a"}],
        }
    )

    assert pod.node_selector.constant == {"a": "b"}
    assert [entry.is_dynamic for entry in pod.tolerations] == [True, False]


def test_nothing_said_is_nothing():
    pod = Pod({})

    assert (pod.deadline, pod.pull_policy, pod.security, list(pod.mounts), list(pod.variables)) == (0, "", {}, [], [])
