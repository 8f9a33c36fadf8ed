"""What is asked of requests that are alike: which policies are about them, for which bindings, with which params.

Objects differ in much, and in little of what policies and bindings match by, so a plan is made once for many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generators.cel.values import from_python
from generators.checks.policies.compiled import VERSION, CompiledPolicy, compiled
from generators.checks.policies.documents import Binding, Match, Policy
from generators.checks.policies.matching import Request, labels, matches, matches_converted, selected
from generators.checks.policies.params import ConfigurationError, params_of
from generators.checks.policies.quick import Allows, Quick, quick
from generators.checks.policies.resources import Resources

Object = Mapping[str, Any]


class NotCompiled(Exception):
    """A policy whose expressions do not compile; no API server has such a one."""


@dataclass(frozen=True)
class Misconfigured:
    """A binding whose params cannot be found, with the words that deny every request."""

    policy: str
    binding: str
    problem: str


@dataclass(frozen=True)
class Group:
    """Policies to evaluate with the same object of params, each for one of its bindings."""

    params: Object | None
    asked: tuple[tuple[CompiledPolicy, Binding], ...]
    quick: Quick = field(repr=False)

    def doubtful(self, request: Request) -> Iterator[tuple[CompiledPolicy, Binding]]:
        """Those that may deny the object; of most the quick answer says that none does."""
        return (each for each, allowed in zip(self.asked, self._allows(request), strict=True) if not allowed)

    @cached_property
    def _allows(self) -> Allows:
        return self.quick.allows([program for program, _ in self.asked], self.params)


@dataclass(frozen=True)
class Plan:
    """All that is asked of requests that are alike."""

    misconfigured: tuple[Misconfigured, ...]
    groups: tuple[Group, ...]
    converted: tuple[tuple[str, str], ...] = ()  # policy and binding: about the object in another version


class Plans:
    """The plans of policies with their bindings and with the objects of params that those may refer to."""

    def __init__(
        self, policies: Sequence[Policy], bindings: Sequence[Binding], params: Sequence[Object], resources: Resources
    ) -> None:
        self._policies, self._params, self._resources = policies, params, resources
        self._held: dict[int, Object] = {}
        self._quick = quick(tuple(policies), VERSION)
        self._bindings: dict[str, list[Binding]] = {}
        for binding in bindings:
            self._bindings.setdefault(binding.policy, []).append(binding)
        found = [each.match for each in policies] + [each.match for each in bindings if each.match]
        self._by_name = any(rule.names for match in found for rule in (*match.rules, *match.excluded))
        self._by_labels = any(any(selected(match.objects)) for match in found)
        self._known: dict[Any, Plan] = {}

    def of(self, request: Request) -> Plan:
        """The plan of a request; raises NotCompiled."""
        key = self._key(request)
        if key not in self._known:
            self._known[key] = self._made(request)
        return self._known[key]

    def _key(self, request: Request) -> Any:
        """All that matching goes by."""
        pair = (request.object, request.old) if self._by_labels else ()
        return (
            request.operation,
            request.resource,
            request.subresource,
            request.namespace_name,
            frozenset(request.namespace_labels.items()),
            request.name if self._by_name else "",
            tuple(None if each is None else frozenset(labels(each).items()) for each in pair),
        )

    def _made(self, request: Request) -> Plan:
        wrong: list[Misconfigured] = []
        groups: dict[int, tuple[Object | None, list[tuple[CompiledPolicy, Binding]]]] = {}
        for policy, binding in self._about(request):
            try:
                found = params_of(policy, binding, request, self._params, self._resources)
            except ConfigurationError as error:
                if policy.fails_closed:
                    problem = f"failed to configure binding: {error}"
                    wrong.append(Misconfigured(policy.name, binding.name, problem))
                continue
            for params in found:
                group = groups.setdefault(id(params), (self._held_params(params), []))
                group[1].append((compiled(policy), binding))
        known = tuple(Group(params, tuple(asked), self._quick) for params, asked in groups.values())
        return Plan(tuple(wrong), known, tuple(self._about_converted(request)))

    def _about_converted(self, request: Request) -> Iterator[tuple[str, str]]:
        """The policies, with their bindings, that a cluster asks about the object only once it has converted it."""
        for policy in self._policies:
            for binding in self._bindings.get(policy.name, ()):
                both = [policy.match, *([binding.match] if binding.match else [])]
                converted = [matches_converted(each, request) for each in both]
                if any(converted) and all(
                    there or matches(each, request) for there, each in zip(converted, both, strict=True)
                ):
                    yield policy.name, binding.name

    def _about(self, request: Request) -> Iterator[tuple[Policy, Binding]]:
        for policy in self._policies:
            bindings = self._bindings.get(policy.name)
            if not bindings or not matches(policy.match, request):
                continue
            if problems := compiled(policy).problems:
                raise NotCompiled(f"{policy.name}: {problems[0].message}")
            yield from ((policy, each) for each in bindings if _bound(each.match, request))

    def _held_params(self, params: Object | None) -> Object | None:
        """The params as CEL has them."""
        return None if params is None else self._held.setdefault(id(params), from_python(params))


def _bound(match: Match | None, request: Request) -> bool:
    return match is None or matches(match, request)
