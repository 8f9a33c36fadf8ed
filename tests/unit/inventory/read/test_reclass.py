"""reclass-rs as graft runs it."""

from __future__ import annotations

import pytest

from generators.inventory.read import MergeFailed, Reclass, merge_copies


def test_an_environment_is_merged_without_what_reclass_adds_about_itself(write) -> None:
    repository = write(
        {
            "base/a.yml": "classes: [b]\nparameters: {x: 1, y: 1}\n",
            "base/b.yml": "parameters: {x: 0, z: 0}\n",
            "environments/prod.yml": "classes: [a]\nparameters: {y: 2}\n",
        }
    )
    engine = Reclass(repository.root)
    assert engine.parameters("prod") == {"x": 1, "y": 2, "z": 0}
    assert engine.classes("prod") == ("b", "a")


def test_a_refusal_carries_the_words_of_reclass(write) -> None:
    engine = Reclass(write({"environments/prod.yml": "parameters: {a: '${b}'}\n"}).root)
    with pytest.raises(MergeFailed, match="key 'b' not found"):
        engine.parameters("prod")


def test_an_overwritten_reference_to_nothing_is_refused_and_not_warned_of(write, capfd) -> None:
    repository = write(
        {
            "base/a.yml": "parameters: {x: '${nothing}'}\n",
            "environments/prod.yml": "classes: [a]\nparameters: {x: 1}\n",
        }
    )
    with pytest.raises(MergeFailed, match="key 'nothing' not found"):
        Reclass(repository.root).parameters("prod")
    assert capfd.readouterr() == ("", "")


def test_copies_merge_to_what_their_values_say() -> None:
    awkward = {"a": "é \U0001f600 \u2028 \x85 \x7f \t \n '\"", "b": [1.5, 1e-05, True, None, "1e5", "yes"]}
    assert merge_copies("prod", [{"c": [1]}, awkward, {"c": [2]}]) == {"c": [1, 2], **awkward}
