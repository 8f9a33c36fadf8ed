"""What the policies of a cluster have against a change of an object, though they would admit it if it were new.

Policies may look at `oldObject`, which only a base can tell. What they deny of a new object is said without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from generators.checks.given.admission import Admission
from generators.checks.history.change import Change
from generators.checks.policies import NotCompiled, UnknownKind
from generators.delivery.names import PLATFORM
from generators.fleet.manifests import RENDERED
from generators.fleet.objects import of_checkout
from generators.model import Finding, Place


def findings(change: Change) -> Iterator[Finding]:
    """The findings of every object that is there and changes."""

    @cache
    def of_cluster(environment: str, cluster: str) -> Admission:
        files = change.repository.files(f"{RENDERED}/{environment}/{cluster}/{PLATFORM}/*.yaml")
        documents = [obj for objects in of_checkout(change.repository, files).values() for obj in objects]
        return Admission.of(documents, documents, environment)

    for identity, before, found in change.kept:
        if before == found.object:
            continue
        admission = of_cluster(identity.environment, identity.cluster)
        try:
            known = {denial.policy for denial in admission.denials(found.object)}
            every = admission.denials(found.object, before)
        except (UnknownKind, NotCompiled):
            continue  # which is said of it without a base too
        for denial in every:
            if denial.policy not in known:
                name = f"{identity.kind} {identity.name}"
                place = Place(found.file)
                yield Finding(
                    admission.verdict(denial), "policy", admission.rule(denial), place, "", denial.message, name
                )
