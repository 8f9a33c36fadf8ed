"""What the API server says of an object, by the policies of its cluster.

Source: pkg/admission/plugin/policy/validating/dispatcher.go and validator.go, and
pkg/admission/plugin/webhook/matchconditions of https://github.com/kubernetes/apiserver (v0.36).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generators.cel.environment import Program
from generators.cel.errors import EvaluationError
from generators.cel.interpreter import Lazy
from generators.checks.policies.activation import Bindings
from generators.checks.policies.compiled import CompiledPolicy, compiled
from generators.checks.policies.documents import Binding, Expression, Policy, Validation
from generators.checks.policies.matching import Request, matches
from generators.checks.policies.params import ConfigurationError, params_of
from generators.checks.policies.resources import Resources

Object = Mapping[str, Any]

_LONGEST = 5 * 1024  # bytes of a message that an expression makes
_SPACE = " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


class UnknownKind(Exception):
    """An object of a kind whose resource is not known, so that no rule can be held against it."""


class NotCompiled(Exception):
    """A policy whose expressions do not compile; no API server has such a one."""


@dataclass(frozen=True)
class Denial:
    """What a policy has against an object.

    `action` is `deny`, `warn` or `audit`, as the binding says; `problem` is the validation's own words, `message` how
    the API server passes them on, `reason` the one of its answer.
    """

    policy: str
    binding: str
    problem: str
    reason: str
    action: str

    @property
    def message(self) -> str:
        """The API server's message, without the name of the object before it."""
        bound = f" with binding '{self.binding}'" if self.binding else ""
        if self.action == "deny":
            return f"ValidatingAdmissionPolicy '{self.policy}'{bound} denied request: {self.problem}"
        return f"Validation failed for ValidatingAdmissionPolicy '{self.policy}'{bound}: {self.problem}"


@dataclass(frozen=True)
class _Decision:
    message: str
    reason: str = "Invalid"
    always: bool = False  # whatever the binding's actions are


def judge(
    policies: Sequence[Policy],
    bindings: Sequence[Binding],
    obj: Object | None,
    *,
    old: Object | None = None,
    namespace: Object | None = None,
    params: Sequence[Object] = (),
    operation: str = "CREATE",
    subresource: str = "",
    user: Object | None = None,
    resources: Resources | None = None,
) -> list[Denial]:
    """All that policies have against an object as it would be created, or changed from an `old` one.

    `namespace` is the Namespace that it goes to; without one it is taken to have no label but its name. `params` are
    the objects that bindings may refer to. Raises UnknownKind and NotCompiled.
    """
    request = _request(obj, old, namespace, operation, subresource, user or {}, resources or Resources())
    if request.resource.group == "admissionregistration.k8s.io" and "admissionpolic" in request.resource.name:
        return []
    found: list[Denial] = []
    shared = Bindings(request)
    for policy in policies:
        if matches(policy.match, request):
            found += _judged(policy, bindings, request, params, shared)
    return found


def _request(
    obj: Object | None, old: Object | None, namespace: Object | None, operation: str, subresource: str, user: Object,
    resources: Resources,
) -> Request:  # fmt: skip
    known = obj if obj is not None else old or {}
    resource = resources.of_object(known)
    if resource is None:
        raise UnknownKind(f"{known.get('kind')} of {known.get('apiVersion')}")
    metadata = known.get("metadata")
    name = metadata.get("namespace") if isinstance(metadata, dict) else None
    if namespace is None and name and resource.namespaced:
        labels = {"kubernetes.io/metadata.name": name}
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
    return Request(operation, resource, obj, old, namespace, subresource, user)


def _judged(
    policy: Policy, bindings: Sequence[Binding], request: Request, params: Sequence[Object], shared: Bindings
) -> Iterator[Denial]:
    program = compiled(policy)
    if program.problems:
        raise NotCompiled(f"{policy.name}: {program.problems[0].message}")
    for binding in bindings:
        if binding.policy != policy.name or (binding.match and not matches(binding.match, request)):
            continue
        try:
            found = params_of(policy, binding, request, params)
        except ConfigurationError as error:
            if policy.fails_closed:
                yield Denial(policy.name, binding.name, f"failed to configure binding: {error}", "Invalid", "deny")
            continue
        for each in found:
            for decision in _decisions(program, shared.with_params(each)):
                actions = ("Deny",) if decision.always else binding.actions
                for action in actions:
                    yield Denial(policy.name, binding.name, decision.message, decision.reason, action.lower())


def _decisions(program: CompiledPolicy, bindings: Bindings) -> list[_Decision]:
    """What is denied by one policy with one object of params."""
    if program.allows and program.allows(bindings.activation):
        return []
    policy = program.policy
    fails = policy.fails_closed
    try:
        if not _conditions_hold(program, _scope(program, bindings, namespace=False)):
            return []
    except EvaluationError as error:
        return [_Decision(error.message)] if fails else []
    scope = _scope(program, bindings)
    found: list[_Decision] = []
    for validation in policy.validations:
        try:
            value = _evaluated(program, validation.expression, scope)
        except EvaluationError as error:
            if fails:
                found.append(_Decision(error.message))
            continue
        if value is not True:
            found.append(_Decision(_message(program, validation, scope), validation.reason))
    return found + list(_failed_annotations(program, scope))


def _scope(program: CompiledPolicy, bindings: Bindings, namespace: bool = True) -> dict[str, Any]:
    """What the names of expressions stand for; variables are evaluated when they are needed."""
    scope = {**bindings.values, **({} if namespace else {"namespaceObject": None})}
    for variable in program.policy.variables:
        value = Lazy(_variable(variable, program.programs[variable.path], scope))
        scope[f"variables.{variable.name}"] = value
    return scope


def _variable(variable: Expression, program: Program, scope: dict[str, Any]) -> Callable[[], Any]:
    known: list[Any] = []

    def value() -> Any:
        if not known:
            try:
                known.append(program.exact(scope))
            except EvaluationError as error:
                said = f'composited variable "{variable.name}" fails to evaluate: {error.message}'
                known.append(EvaluationError(said))
        if isinstance(known[0], EvaluationError):
            raise known[0]
        return known[0]

    return value


def _evaluated(program: CompiledPolicy, expression: Expression, scope: dict[str, Any]) -> Any:
    try:
        return program.programs[expression.path].exact(scope)
    except EvaluationError as error:
        raise EvaluationError(f"expression '{expression.text}' resulted in error: {error.message}") from None


def _conditions_hold(program: CompiledPolicy, scope: dict[str, Any]) -> bool:
    """Whether the policy's conditions are true; one that is false counts more than any that has no value."""
    errors: list[str] = []
    for condition in program.policy.conditions:
        try:
            if _evaluated(program, condition, scope) is False:
                return False
        except EvaluationError as error:
            if error.message not in errors:
                errors.append(error.message)
    if errors:
        raise EvaluationError(errors[0] if len(errors) == 1 else f"[{', '.join(errors)}]")
    return True


def _message(program: CompiledPolicy, validation: Validation, scope: dict[str, Any]) -> str:
    message = ""
    if validation.message_expression:
        try:
            value = program.programs[validation.message_expression.path].exact(scope)
        except EvaluationError:
            value = ""
        message = value.strip(_SPACE) if isinstance(value, str) else ""
        if "\n" in message or len(message.encode("utf-8", "surrogatepass")) > _LONGEST:
            message = ""
    if not message:
        message = validation.message.strip(_SPACE)
    return message or f"failed expression: {validation.expression.text.strip(_SPACE)}"


def _failed_annotations(program: CompiledPolicy, scope: dict[str, Any]) -> Iterator[_Decision]:
    """Audit annotations, of which only a failure is seen by a client."""
    for annotation in program.policy.audit_annotations:
        try:
            _evaluated(program, annotation, scope)
        except EvaluationError as error:
            if program.policy.fails_closed:
                yield _Decision(error.message, always=True)
