"""The algebra of merging, and that the explanation of a value adds up to the value."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from generators.inventory.explain import Explanation, explain, place_of
from generators.inventory.merge import Environment, Inventory, load
from generators.inventory.origin import Origin
from generators.inventory.read import Reclass, Repository, plain
from generators.inventory.references import references, whole_reference

FEW = settings(max_examples=40, deadline=None)

# What references refer to: `shared` stands in the first class and is overridden like any other key.
TO_SCALAR, TO_LIST, TO_MAPPING = "${shared:a}", "${shared:l}", "${shared:m}"
NUMBERS = st.integers(-3, 9)
LISTS = st.lists(NUMBERS, max_size=3)


def _mappings(scalars: st.SearchStrategy, lists: dict, deep: st.SearchStrategy, depth: int = 2) -> st.SearchStrategy:
    """Mappings in which each key keeps its kind, so that any two of them merge; `~` where a key may have it."""
    below = _mappings(scalars, lists, deep, depth - 1) if depth else st.just({})
    entries = {"a": scalars, "b": scalars, **lists, "m": below | deep, "n.o/p": below}
    # One form of a key in a mapping: `m` and `~m` together are refused.
    return st.fixed_dictionaries({}, optional=entries).flatmap(
        lambda found: st.sets(st.sampled_from(["m", "a"])).map(
            lambda forced: {f"~{key}" if key in forced else key: value for key, value in found.items()}
        )
    )


def _of_classes(references_too: bool) -> st.SearchStrategy:
    scalars = NUMBERS | st.none() | (st.sampled_from([TO_SCALAR, f"x-{TO_SCALAR}"]) if references_too else st.nothing())
    lists = {"l": LISTS | st.none() | (st.just(TO_LIST) if references_too else st.nothing())}
    return _mappings(scalars, lists, st.none() | (st.just(TO_MAPPING) if references_too else st.nothing()))


SHARED = st.fixed_dictionaries({"a": NUMBERS, "l": LISTS, "m": _of_classes(references_too=False)})
SHARED_AGAIN = st.fixed_dictionaries({}, optional={"shared": SHARED}) | st.fixed_dictionaries({"~shared": SHARED})
CLASSES = st.lists(
    st.builds(lambda one, other: one | other, _of_classes(references_too=True), SHARED_AGAIN), min_size=1, max_size=3
)
OVERLAYS = _mappings(NUMBERS | st.none() | st.just(f"x-{TO_SCALAR}"), {"~l": LISTS | st.just(TO_LIST)}, st.none())


def _load(classes: list[dict[str, Any]], overlay: dict[str, Any]) -> Inventory:
    with tempfile.TemporaryDirectory() as folder:
        return load(_repository(Path(folder), classes, overlay))


def _repository(root: Path, classes: list[dict[str, Any]], overlay: dict[str, Any]) -> Repository:
    (root / "base").mkdir()
    names = [f"c{at}" for at in range(len(classes))]
    for name, parameters in zip(names, classes, strict=True):
        _write(root / f"base/{name}.yml", {"parameters": parameters})
    _write(root / "environments/prod.yml", {"classes": names, "parameters": overlay})
    return Repository(root)


def _write(file: Path, document: Any) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(document), encoding="utf-8")


def _merged(classes: list[dict[str, Any]], overlay: dict[str, Any]) -> Environment:
    inventory = _load(classes, overlay)
    assert inventory.findings == ()
    return inventory.environments["prod"]


def _layers(shared: dict[str, Any], classes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"shared": shared}, *classes]


@FEW
@given(SHARED, CLASSES)
def test_merging_nothing_changes_nothing(shared, classes) -> None:
    layers = _layers(shared, classes)
    expected = _merged(layers, {}).parameters
    for at in range(len(layers) + 1):
        assert _merged([*layers[:at], {}, *layers[at:]], {}).parameters == expected


@FEW
@given(SHARED, CLASSES)
def test_an_environment_that_repeats_a_scalar_changes_nothing(shared, classes) -> None:
    layers = _layers(shared, classes)
    merged = _merged(layers, {}).parameters
    repeated = _only_scalars({key: value for key, value in merged.items() if key != "shared"})
    assert _merged(layers, repeated).parameters == merged


def _only_scalars(value: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _only_scalars(child) if isinstance(child, dict) else child
        for key, child in value.items()
        if not isinstance(child, list)
    }


@FEW
@given(SHARED, CLASSES, OVERLAYS)
def test_the_order_of_keys_does_not_matter(shared, classes, overlay) -> None:
    layers = _layers(shared, classes)
    turned = [_reversed(layer) for layer in layers]
    assert _merged(turned, _reversed(overlay)).parameters == _merged(layers, overlay).parameters


def _reversed(value: Any) -> Any:
    return {key: _reversed(value[key]) for key in reversed(value)} if isinstance(value, dict) else value


@FEW
@given(SHARED, CLASSES, OVERLAYS)
def test_the_merge_is_that_of_reclass(shared, classes, overlay) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = _repository(Path(folder), _layers(shared, classes), overlay)
        environment = load(repository).environments["prod"]
        engine = Reclass(repository.root)
        assert environment.parameters == engine.parameters("prod")
        assert environment.classes == engine.classes("prod")


@settings(max_examples=100, deadline=None)
@example({"a": 0, "l": [], "m": {"~m": {"l": [0]}}}, [{"m": TO_MAPPING}, {"m": TO_MAPPING}], {})
@given(SHARED, CLASSES, OVERLAYS)
def test_the_origins_in_use_add_up_to_the_value_that_reclass_gives(shared, classes, overlay) -> None:
    inventory = _load(_layers(shared, classes), overlay)
    explanation = explain(inventory, "prod")
    assert _rebuilt(explanation) == explanation.value == inventory.environments["prod"].parameters


@FEW
@given(SHARED, CLASSES, OVERLAYS)
def test_every_value_has_a_place_in_a_file_that_exists(shared, classes, overlay) -> None:
    environment = _load(_layers(shared, classes), overlay).environments["prod"]
    files = {layer.file for layer in environment.layers}
    for path in _paths(environment.parameters):
        assert place_of(environment, path).file in files
        assert any(origin.used for origin in environment.trace.origins(path))


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, child in entries:
        yield (*path, part)
        yield from _paths(child, (*path, part))


def _rebuilt(explanation: Explanation) -> Any:
    if explanation.below:
        return {child.path[-1]: _rebuilt(child) for child in explanation.below}
    return _sum(explanation.origins)


def _sum(origins: tuple[Origin, ...]) -> Any:
    values = [_value(origin) for origin in origins if origin.used]
    if isinstance(values[-1], list):
        return [item for value in values for item in value]
    return values[-1]


def _value(origin: Origin) -> Any:
    text = origin.node.value
    if whole_reference(text):
        return _sum(origin.through)
    if isinstance(text, str) and (found := references(text)):
        return text.replace(found[0].text, str(_sum(origin.through)))
    return plain(origin.node)


_KEYS = st.sampled_from(["a", "~a", "b", "c.d", "~b", "=a", "${a}", "1"])
_LEAVES = st.sampled_from(
    [1, None, "x", "${a}", "${b}", "${a:b}", "${a:${b}}", "x${c.d}", "${", "${}", "\\${a}", "$", "${a:0}", "yes"]
)
ANYTHING = st.recursive(
    _LEAVES,
    lambda deeper: st.lists(deeper, max_size=2) | st.dictionaries(_KEYS, deeper, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dictionaries(_KEYS, ANYTHING, max_size=3), max_size=3), st.dictionaries(_KEYS, ANYTHING, max_size=3))
def test_whatever_is_written_is_merged_or_refused_at_a_line(classes, overlay) -> None:
    inventory = _load(classes, overlay)
    environment = inventory.environments["prod"]
    assert environment.sound == (not inventory.findings)
    if environment.sound:
        assert explain(inventory, "prod").value == environment.parameters
    for finding in inventory.findings:
        assert finding.place.file in inventory.documents
        assert finding.message and finding.fix
