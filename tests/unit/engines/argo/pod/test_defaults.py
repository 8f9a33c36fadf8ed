"""Claims about what a WorkflowTemplate states once for all of its containers."""

from __future__ import annotations

from copy import deepcopy

from generators.engines.argo.pod import defaults
from generators.engines.argo.readback.defaults import put_back

COMMAND = ["python3", "-c", "bootstrap", "/graft/task"]


def _template(**container):
    return {"name": "a", "container": container}


def _bootstrapped(**container):
    return _template(command=list(COMMAND), **container)


def test_what_all_containers_say_is_stated_once_and_argo_reads_the_same():
    brace, own = {"name": "GRAFT_BRACE", "value": "{"}, {"name": "A", "value": "1"}
    mount, another = {"name": "o", "mountPath": "/o"}, {"name": "p", "mountPath": "/p"}
    templates = [
        _bootstrapped(image="x", env=[brace, own], securityContext={"runAsUser": 1}, volumeMounts=[mount, another]),
        _bootstrapped(image="y", env=[brace], securityContext={"runAsUser": 1}, volumeMounts=[mount]),
        {"name": "graph", "dag": {}},
    ]
    whole = deepcopy(templates)

    shared = defaults.take_out(templates, COMMAND)["templateDefaults"]

    assert shared["container"] == {
        "command": COMMAND,
        "env": [brace],
        "volumeMounts": [mount],
        "securityContext": {"runAsUser": 1},
    }
    assert templates[0]["container"] == {"image": "x", "env": [own], "volumeMounts": [another]}
    assert templates[1]["container"] == {"image": "y"}
    assert [put_back(template, shared) for template in templates] == whole


def test_what_one_container_lacks_or_says_otherwise_stays_where_it_is():
    templates = [
        _bootstrapped(env=[{"name": "A", "value": "1"}], securityContext={"runAsUser": 1}),
        _bootstrapped(env=[{"name": "A", "value": "2"}], securityContext={"runAsUser": 2}),
        _bootstrapped(),
    ]

    assert defaults.take_out(templates, COMMAND) == {"templateDefaults": {"container": {"command": COMMAND}}}
    assert templates[1]["container"]["env"] == [{"name": "A", "value": "2"}]


def test_no_command_is_shared_where_an_image_brings_its_own():
    assert defaults.take_out([_bootstrapped(image="x"), _template(image="y")], COMMAND) == {}


def test_a_single_container_keeps_all_but_the_command():
    template = _bootstrapped(env=[{"name": "A", "value": "1"}])

    defaults.take_out([template], COMMAND)

    assert template["container"] == {"env": [{"name": "A", "value": "1"}]}
