"""Which definitions of custom resources a cluster gets, and those that stand in where none are published here."""

from __future__ import annotations

import pytest
from cluster import definitions, permissive
from cluster.apiserver import ApiServer
from cluster.process import CommandFailed, wait_until

BOX = {"apiVersion": "example.org/v1", "kind": "Box", "metadata": {"name": "a"}, "spec": {"any": ["thing", 1]}}
DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}}
ROLE = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "a"}}
HEAD = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {plural}.example.org
spec:
  group: example.org
  names:
    categories:
    - all
    kind: {kind}
    plural: {plural}
"""


def test_only_the_definitions_of_what_is_rendered_are_taken(tmp_path):
    for kind, plural in (("Box", "boxes"), ("Bag", "bags")):
        (tmp_path / f"{plural}.yaml").write_text(HEAD.format(kind=kind, plural=plural))

    assert definitions.needed(sorted(tmp_path.iterdir()), [BOX, DEPLOYMENT]) == [tmp_path / "boxes.yaml"]


def test_what_is_no_definition_is_refused(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("kind: ConfigMap\n")

    with pytest.raises(ValueError, match="is no CustomResourceDefinition"):
        definitions.needed([file], [BOX])


def test_kinds_that_kubernetes_has_need_no_definition():
    assert permissive.kinds([BOX, DEPLOYMENT, ROLE]) == {("example.org", "Box")}


def test_a_definition_that_stands_in_accepts_anything_of_its_kind(api_server, tmp_path):
    if not isinstance(api_server, ApiServer):
        pytest.skip("not checked: 1 test, it would define a kind in the cluster of KUBECONFIG")
    file = permissive.write([BOX, DEPLOYMENT], tmp_path / "definitions.json")
    api_server.kubectl("create", "--validate=false", f"--filename={file}")

    def accepted():
        return api_server.apply([BOX], "--namespace=default")

    assert wait_until(accepted, "the kind to be served", timeout=60) == ["box.example.org/a"]
    with pytest.raises(CommandFailed, match="no matches for kind"):
        api_server.apply([{**BOX, "kind": "Bag"}], "--namespace=default")
