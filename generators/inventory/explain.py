"""Says what a value is and every file and line that had a part in it, in the order of merging."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from generators.credentials import name_among, without_credentials
from generators.errors import GraftError, Refused
from generators.inventory.merge import Environment, Inventory
from generators.inventory.origin import Origin, sources
from generators.inventory.paths import KeyPath, format_path, lookup, match_path, parse_path
from generators.inventory.read import plain
from generators.model import Place
from generators.suggestions import did_you_mean


@dataclass(frozen=True)
class Explanation:
    """The final value of a key with its origins, and for a mapping the explanations of the keys below it."""

    path: KeyPath
    value: Any
    origins: tuple[Origin, ...]
    below: tuple[Explanation, ...] = ()


def explain(inventory: Inventory, environment: str, key: str = "") -> Explanation:
    """What `key` (`pipelines.transfer-learning.parameters.epochs`) is in an environment, and who set it.

    Without a key everything is explained. GraftError, naming the nearest, for an environment or key unknown;
    Refused where the environment's files have findings, because its values would be guesses.
    """
    chosen = inventory.environment(environment)
    if not chosen.sound:
        files = {layer.file for layer in chosen.layers}
        findings = [finding for finding in inventory.findings if finding.place.file in files]
        what = f"what {key} is" if key else "what its values are"
        raise Refused(findings, f"{what} in {environment} cannot be known until this is mended")
    path, rest = match_path(chosen.parameters, key)
    if rest:
        raise _unknown(chosen, key, path, rest)
    return _explain(chosen, path)


def place_of(environment: Environment, path: KeyPath, key: bool = False) -> Place:
    """The place of the value that won at `path` of the merged document, or of the nearest one above that exists.

    With `key`, the place of its key: for a finding about the key itself. A list or mapping is always placed at its
    key. `path` may hold list indexes. A value that is referred to stands where it was written.
    """
    for end in range(len(path), 0, -1):
        used = [origin for origin in environment.trace.origins(path[:end]) if origin.used]
        if used:
            written = sources(used[-1]) if end == len(path) and not key else []
            node = written[-1] if written else used[-1].node
            inside = isinstance(node.value, dict | tuple) or end < len(path)
            return node.entry_place if key or inside else node.place
    return Place(environment.file)


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """The explanation as lines of text: a key and its value, then a line for each writing of it."""
    if explanation.below:
        for child in explanation.below:
            yield from explanation_lines(child)
        return
    yield f"{format_path(explanation.path)} = {_shown(explanation.value, explanation.path)}"
    rows = list(_rows(explanation.origins, explanation.path, 1))
    width = max((len(place) for place, _, _ in rows), default=0)
    values = max((len(value) for _, value, _ in rows), default=0)
    for place, value, used in rows:
        yield f"{place:<{width}}   {value:<{values}}   {'<- used' if used else ''}".rstrip()


def _explain(environment: Environment, path: KeyPath) -> Explanation:
    value = lookup(environment.parameters, path)
    below = [_explain(environment, (*path, part)) for part in value] if isinstance(value, dict) else []
    return Explanation(path, value, environment.trace.origins(path), tuple(below))


def _rows(origins: tuple[Origin, ...], path: KeyPath, depth: int) -> Iterator[tuple[str, str, bool]]:
    for origin in origins:
        place = origin.node.entry_place
        written = tuple(part.removeprefix("~") if isinstance(part, str) else part for part in origin.path)
        name = "" if written == path else f"{format_path(written)} = "
        replaces = "~ " if origin.replaces else ""
        yield (
            f"{'  ' * depth}{place.file}:{place.line}",
            f"{replaces}{name}{_shown(plain(origin.node), path)}",
            origin.used,
        )
        yield from _rows(origin.through, path, depth + 1)


def _shown(value: Any, path: KeyPath) -> str:
    value = without_credentials(value, name_among(path))
    if isinstance(value, str):
        return value
    text = yaml.safe_dump(value, default_flow_style=True, width=float("inf"), sort_keys=False, allow_unicode=True)
    return text.removesuffix("...\n").strip()


def _unknown(environment: Environment, key: str, path: KeyPath, rest: str) -> GraftError:
    parent = lookup(environment.parameters, path)
    known = [str(part) for part in parent] if isinstance(parent, dict) else []
    where = f"{format_path(path)} of {environment.name}" if path else environment.name
    first = format_path(parse_path(rest)[:1])
    holds = f"it holds {', '.join(known)}" if known else "it holds no keys"
    return GraftError(f"{where} has no {first}; {holds}", did_you_mean(first, known))
