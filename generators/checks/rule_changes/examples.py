"""What a policy denied by its examples, and denies no longer: which expressions deny more is not known from their text.

The examples are the base's, `tests/policies/<policy>/denied`: a change could take away its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generators.checks import policies as evaluated
from generators.checks.rule_changes.model import RuleFile
from generators.delivery.policies import API_VERSION, BINDING, EXAMPLES, FOLDER, PARAMS
from generators.errors import GraftError
from generators.fleet.git import contents_at
from generators.inventory.read import Repository
from generators.ir import documents

Object = dict[str, Any]
_COMMENT = re.compile(r"^# (facts|update): (.*)$", re.MULTILINE)
_WHERE = {"name": PARAMS, "namespace": "examples"}


def admitted(repository: Repository, commit: str, file: RuleFile, facts: Iterable[Mapping[str, str]]) -> str:
    """The first example that the base's version of a policy denies and the new one admits; "" where there is none.

    `facts` are what policies go by in each environment; an example may say its own.
    """
    rule = file.file.removeprefix(f"{FOLDER}/").removesuffix(".yaml")
    if not (file.before and file.after):
        return ""
    old, new = (_policy(text) for text in (file.before, file.after))
    known = [dict(each) for each in facts] or [{}]
    for name, document, said in _examples(repository, commit, rule):
        for each in known:
            params = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": _WHERE, "data": {**each, **_facts(said)}}
            if _denied(old, document, params, said) and not _denied(new, document, params, said):
                return name
    return ""


def _examples(repository: Repository, commit: str, rule: str) -> Iterator[tuple[str, Object, dict[str, str]]]:
    try:
        files = contents_at(repository, commit, f"{EXAMPLES}/{rule}/denied")
    except GraftError:
        return
    for name, content in sorted(files.items()):
        for text in content.decode("utf-8", "replace").split("\n---\n"):
            roots, _ = documents.read(text, name)
            if roots and isinstance(found := documents.plain(roots[0]), dict):
                yield name, found, dict(_COMMENT.findall(text))


def _facts(said: Mapping[str, str]) -> dict[str, str]:
    return dict(part.split("=", 1) for part in said.get("facts", "").split() if "=" in part)


def _policy(text: str) -> evaluated.Policy:
    roots, _ = documents.read(text, FOLDER)
    (found,) = evaluated.policies([documents.plain(roots[0])])
    return found


def _denied(policy: evaluated.Policy, document: Object, params: Object, said: Mapping[str, str]) -> bool:
    spec = {"policyName": policy.name, "validationActions": ["Deny"], "paramRef": _reference()}
    binding = {"apiVersion": API_VERSION, "kind": BINDING, "metadata": {"name": policy.name}, "spec": spec}
    old = _before(document, said.get("update", ""))
    bound = evaluated.bindings([binding])
    operation = "UPDATE" if old else "CREATE"
    return bool(evaluated.judge([policy], bound, document, params=[params], old=old, operation=operation))


def _reference() -> Object:
    return {**_WHERE, "parameterNotFoundAction": "Deny"}


def _before(document: Object, update: str) -> Object | None:
    """What was there before an update that an example is about."""
    said = "spec" if "spec" in document else "template"
    return {"unchanged": document, "changed": {**document, said: {}}}.get(update)
