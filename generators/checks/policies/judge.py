"""What the API server says of an object, by the policies of its cluster.

Source: pkg/admission/plugin/policy/validating/dispatcher.go and validator.go, and
pkg/admission/plugin/webhook/matchconditions of https://github.com/kubernetes/apiserver (v0.36).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from generators.cel.environment import Program
from generators.cel.errors import EvaluationError, NotKnown
from generators.cel.interpreter import Lazy
from generators.cel.libraries.strings import SPACE
from generators.checks.policies.activation import Bindings
from generators.checks.policies.compiled import CompiledPolicy
from generators.checks.policies.documents import Binding, Expression, Policy, Validation
from generators.checks.policies.matching import Request
from generators.checks.policies.plans import Plans
from generators.checks.policies.resources import Resource, Resources

Object = Mapping[str, Any]

UNCHECKED = "unchecked"
_CONVERTED = "its rules name another version, to which a cluster that serves both converts the object"
_LONGEST = 5 * 1024  # bytes of a message that an expression makes


class UnknownKind(Exception):
    """An object of a kind whose resource is not known, so that no rule can be held against it."""


@dataclass(frozen=True)
class Denial:
    """What a policy has against an object.

    `action` is `deny`, `warn` or `audit`, as the binding says, or `unchecked` where only a cluster can know; `problem`
    is the validation's own words, `message` how the API server passes them on, `reason` the one of its answer.
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
        if self.action == UNCHECKED:
            return f"ValidatingAdmissionPolicy '{self.policy}'{bound} was not asked: {self.problem}"
        if self.action == "deny":
            return f"ValidatingAdmissionPolicy '{self.policy}'{bound} denied request: {self.problem}"
        return f"Validation failed for ValidatingAdmissionPolicy '{self.policy}'{bound}: {self.problem}"


@dataclass(frozen=True)
class _Decision:
    message: str
    reason: str = "Invalid"
    always: bool = False  # whatever the binding's actions are


class Judge:
    """Policies with their bindings, asked of many objects.

    `params` are the objects that bindings may refer to, `resources` the kinds that there are.
    """

    def __init__(
        self,
        policies: Sequence[Policy],
        bindings: Sequence[Binding],
        params: Sequence[Object] = (),
        resources: Resources | None = None,
    ) -> None:
        self._resources = resources or Resources()
        self._known: dict[tuple[Any, Any], Resource] = {}
        self._plans = Plans(policies, bindings, params, self._resources)

    def denials(
        self,
        obj: Object | None,
        *,
        old: Object | None = None,
        namespace: Object | None = None,
        operation: str = "CREATE",
        subresource: str = "",
        user: Object | None = None,
    ) -> list[Denial]:
        """All that policies have against an object as it would be created, or changed from an `old` one.

        `namespace` is the Namespace that it goes to; without one it is taken to have no label but its name. Raises
        UnknownKind and NotCompiled.
        """
        known = obj if obj is not None else old or {}
        request = Request(
            operation, self._resource(known), obj, old, namespace or _namespace(known), subresource, user or {}
        )
        if request.resource.group == "admissionregistration.k8s.io" and "admissionpolic" in request.resource.name:
            return []
        plan = self._plans.of(request)
        found = [Denial(each.policy, each.binding, each.problem, "Invalid", "deny") for each in plan.misconfigured]
        found += [Denial(policy, binding, _CONVERTED, "", UNCHECKED) for policy, binding in plan.converted]
        bindings = Bindings(request)
        for group in plan.groups:
            for program, binding in group.doubtful(request):
                found.extend(_denials(program, binding, bindings.with_params(group.params)))
        return found

    def _resource(self, known: Object) -> Resource:
        kind = (known.get("apiVersion"), known.get("kind"))
        if kind not in self._known:
            found = self._resources.of_object(known)
            if found is None:
                raise UnknownKind(f"{kind[1]} of {kind[0]}")
            self._known[kind] = found
        return self._known[kind]


def judge(
    policies: Sequence[Policy],
    bindings: Sequence[Binding],
    obj: Object | None,
    *,
    params: Sequence[Object] = (),
    resources: Resources | None = None,
    **more: Any,
) -> list[Denial]:
    """All that policies have against one object; `more` is what `Judge.denials` takes."""
    return Judge(policies, bindings, params, resources).denials(obj, **more)


def _namespace(known: Object) -> Object | None:
    """The Namespace of an object whose own is not known."""
    metadata = known.get("metadata")
    name = metadata.get("namespace") if isinstance(metadata, dict) else None
    return _unlabelled(name) if isinstance(name, str) and name else None


@lru_cache(maxsize=1 << 10)
def _unlabelled(name: str) -> Object:
    labels = {"kubernetes.io/metadata.name": name}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _denials(program: CompiledPolicy, binding: Binding, values: Mapping[str, Any]) -> Iterator[Denial]:
    try:
        decisions = _decisions(program, values)
    except NotKnown as error:
        yield Denial(program.policy.name, binding.name, error.message, "", UNCHECKED)
        return
    for decision in decisions:
        for action in ("Deny",) if decision.always else binding.actions:
            yield Denial(program.policy.name, binding.name, decision.message, decision.reason, action.lower())


def _decisions(program: CompiledPolicy, values: Mapping[str, Any]) -> list[_Decision]:
    """What is denied by one policy with one object of params."""
    policy = program.policy
    fails = policy.fails_closed
    try:
        if not _conditions_hold(program, _scope(program, values, namespace=False)):
            return []
    except EvaluationError as error:
        return [_Decision(error.message)] if fails else []
    scope = _scope(program, values)
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


def _scope(program: CompiledPolicy, values: Mapping[str, Any], namespace: bool = True) -> dict[str, Any]:
    """What the names of expressions stand for; variables are evaluated when they are needed."""
    scope = {**values, **({} if namespace else {"namespaceObject": None})}
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
        message = value.strip(SPACE) if isinstance(value, str) else ""
        if "\n" in message or len(message.encode("utf-8", "surrogatepass")) > _LONGEST:
            message = ""
    if not message:
        message = validation.message.strip(SPACE)
    return message or f"failed expression: {validation.expression.text.strip(SPACE)}"


def _failed_annotations(program: CompiledPolicy, scope: dict[str, Any]) -> Iterator[_Decision]:
    """Audit annotations, of which only a failure is seen by a client."""
    for annotation in program.policy.audit_annotations:
        try:
            _evaluated(program, annotation, scope)
        except EvaluationError as error:
            if program.policy.fails_closed:
                yield _Decision(error.message, always=True)
