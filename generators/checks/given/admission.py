"""What the policies of a cluster, or of a folder, have against objects that a person hands over.

The policies of an environment are those that are rendered for one of its clusters, with their bindings, what they go by
and the Namespace. A policy of a folder without a binding there is bound to everything, and denies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generators.checks.given.contents import Given
from generators.checks.kubernetes.defaults import defaulted
from generators.checks.policies import UNCHECKED, Denial, Judge, NotCompiled, Resources, UnknownKind, bindings, policies
from generators.model import Finding

Object = Mapping[str, Any]
_GROUP = "admissionregistration.k8s.io/v1"
_BINDING = "ValidatingAdmissionPolicyBinding"
_POLICY = "ValidatingAdmissionPolicy"


@dataclass(frozen=True)
class Admission:
    """Policies with their bindings, the objects that those may name, and where objects without a namespace go."""

    documents: Sequence[Object] = ()
    params: Sequence[Object] = ()
    environment: str = ""
    namespace: str = ""
    resources: Resources = field(default_factory=Resources)

    @classmethod
    def of(cls, documents: Iterable[Object], around: Iterable[Object] = (), environment: str = "") -> Admission:
        """Those among documents; `around` is what else is rendered for the same cluster."""
        own, others = list(documents), list(around)
        params = [each for each in (*own, *others) if each.get("kind") not in (_POLICY, _BINDING)]
        known = next((each["metadata"]["namespace"] for each in params if each["metadata"].get("namespace")), "")
        return cls([*own, *_bound(own, params)], params, environment, known, Resources.of(others))

    def findings(self, obj: Given) -> Iterator[Finding]:
        """What they have against one object that is to be created."""
        try:
            every = self.denials(obj.content)
        except (UnknownKind, NotCompiled) as error:
            message = f"the policies could not be asked about this object: {error}"
            yield Finding("unchecked", "policy", obj.content["kind"], obj.place(()), "", message)
            return
        for denial in every:
            place = obj.place(("metadata", "name"))
            yield Finding(self.verdict(denial), "policy", self.rule(denial), place, "", denial.message)

    def denials(self, content: Object, old: Object | None = None) -> list[Denial]:
        """What they say of an object that is to be created, or that takes the place of an old one.

        Raises UnknownKind or NotCompiled where they cannot be asked.
        """
        if not self.documents:
            return []
        return self._judge.denials(
            defaulted(self._placed(content)),
            old=None if old is None else defaulted(self._placed(old)),
            operation="CREATE" if old is None else "UPDATE",
            namespace=self._namespace(content),
        )

    @cached_property
    def _judge(self) -> Judge:
        return Judge(policies(self.documents), bindings(self.documents), self.params, self.resources)

    def verdict(self, denial: Denial) -> str:
        """The verdict of a finding of it."""
        return {"deny": "denied", UNCHECKED: "unchecked"}.get(denial.action, "warning")

    def rule(self, denial: Denial) -> str:
        """The name of its policy in `schemas/policies`."""
        return denial.policy.removeprefix(f"{self.environment}-") if self.environment else denial.policy

    def _placed(self, content: Object) -> dict[str, Any]:
        """The object in the namespace that it would be applied to."""
        metadata = content.get("metadata")
        resource = self.resources.of_object(content)
        if not self.namespace or not isinstance(metadata, dict) or metadata.get("namespace"):
            return {**content}
        if resource is None or not resource.namespaced:
            return {**content}
        return {**content, "metadata": {**metadata, "namespace": self.namespace}}

    def _namespace(self, content: Object) -> Object | None:
        wanted = (content.get("metadata") or {}).get("namespace") or self.namespace
        return next(
            (each for each in self.params if each["kind"] == "Namespace" and each["metadata"]["name"] == wanted), None
        )


def _bound(documents: Sequence[Object], params: Sequence[Object]) -> Iterator[Object]:
    """A binding for each policy that has none, to the ConfigMap that is there where it goes by one."""
    bound = {each["spec"]["policyName"] for each in documents if each.get("kind") == _BINDING}
    for each in documents:
        if each.get("kind") == _POLICY and each["metadata"]["name"] not in bound:
            name, kind = each["metadata"]["name"], (each["spec"].get("paramKind") or {}).get("kind")
            spec: dict[str, Any] = {"policyName": name, "validationActions": ["Deny"]}
            if kind and (found := next((param for param in params if param["kind"] == kind), None)):
                called = {key: found["metadata"][key] for key in ("name", "namespace") if key in found["metadata"]}
                spec["paramRef"] = {**called, "parameterNotFoundAction": "Deny"}
            yield {"apiVersion": _GROUP, "kind": _BINDING, "metadata": {"name": name}, "spec": spec}
