"""Service accounts of a cluster's namespace, each with a role that allows what it does and nothing else.

`pipelines`          pods of steps; where nothing in a step asks the API server, its container is given no token
`pipelines-<kinds>`  steps that say that they use kinds of the cluster's objects
`graft-deployer`     what Argo CD applies the pipelines as
`graft-serving`      what models are served as, where a pipeline says that its model is
`graft-operations`   what starts runs, writes down what became of them, and cleans up
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from generators.delivery import operations, serving
from generators.delivery.needs import Needs
from generators.delivery.objects import made
from generators.delivery.runs import DEPLOYER, KINDS
from generators.engines.engine import STEPS_ACCOUNT as STEPS
from generators.engines.engine import Engine, Object, Rule, steps_account
from generators.engines.registry import engine
from generators.model import Cluster, Environment

_STAYS = {"argocd.argoproj.io/sync-options": "Delete=false"}
_CHANGES = ["get", "list", "watch", "create", "update", "patch", "delete"]
_RECORDS = [
    {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "create", "update", "delete"]},
    {"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]},
    {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]},
    {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["list", "delete"]},
    {"apiGroups": ["batch"], "resources": ["cronjobs"], "verbs": ["list"]},
]


def render(environment: Environment, cluster: Cluster, needs: Needs) -> dict[str, list[Object]]:
    """File name to the accounts, roles and bindings in it."""
    runs = engine(cluster.engine)
    files = {}
    if environment.delivery:
        files["deployer.yaml"] = [_stays(obj) for obj in _account(environment, DEPLOYER, _deployer(runs, needs))]
        rules = [*_RECORDS, *runs.operations]
        files["operations-account.yaml"] = _account(environment, operations.ACCOUNT, rules)
    if runs.steps is not None:
        files["accounts.yaml"] = list(_of_steps(environment, runs, needs))
    if needs.serves:
        files["serving-account.yaml"] = serving.account(environment)
    return files


def token_secret(account: str) -> str:
    """The Secret that the token of an account is put into, as Argo Workflows looks for it."""
    return f"{account}.service-account-token"


def _of_steps(environment: Environment, runs: Engine, needs: Needs) -> Iterator[Object]:
    own = [*runs.steps[""], *(runs.steps["claims"] if needs.claims else [])]
    yield from _account(environment, STEPS, own, token=False)
    # Argo's own container in a pod uses this token, so that the step's container need not be given one.
    body = {"type": "kubernetes.io/service-account-token"}
    named = {"kubernetes.io/service-account.name": STEPS}
    yield made("v1", "Secret", token_secret(STEPS), environment.namespace, body, annotations=named)
    for uses in needs.uses:  # a combination of kinds each
        rules = [rule for use in uses for rule in _rules(runs, needs, use)]
        yield from _account(environment, steps_account(uses), rules)


def _rules(runs: Engine, needs: Needs, use: str) -> Sequence[Rule]:
    """What steps may do that use a kind of the cluster's objects; with services, those that the environment has."""
    if use != serving.PLURAL:
        return runs.steps[use]
    return [serving.steps_rule(needs.serves)] if needs.serves else []


def _stays(obj: Object) -> Object:
    """An object that outlives its Application: what deletes the pipelines of a cluster that goes must not go before."""
    return {**obj, "metadata": {**obj["metadata"], "annotations": dict(_STAYS)}}


def _deployer(runs: Engine, needs: Needs) -> list[Rule]:
    """Everything that a pipeline's Application may hold, by the plural that the API has for a kind."""
    groups: dict[str, list[str]] = {}
    served = [(serving.GROUP, serving.KIND)] if needs.serves else []
    for group, kind in sorted({*runs.kinds, *KINDS, *served}):
        groups.setdefault(group, []).append(f"{kind.lower()}s")
    return [{"apiGroups": [group], "resources": kinds, "verbs": _CHANGES} for group, kinds in groups.items()]


def _account(environment: Environment, name: str, rules: Iterable[Rule], token: bool = True) -> list[Object]:
    """An account, a role of these rules, and the binding of both."""
    namespace = environment.namespace
    account: dict[str, Any] = {} if token else {"automountServiceAccountToken": False}
    if environment.pull_secrets:
        account["imagePullSecrets"] = [{"name": each} for each in environment.pull_secrets]
    group = "rbac.authorization.k8s.io"
    bound = {
        "roleRef": {"apiGroup": group, "kind": "Role", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
    }
    return [
        made("v1", "ServiceAccount", name, namespace, account),
        made(f"{group}/v1", "Role", name, namespace, {"rules": list(rules)}),
        made(f"{group}/v1", "RoleBinding", name, namespace, bound),
    ]
