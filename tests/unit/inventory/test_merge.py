"""The rules of merging, row by row, and what comes back where one of them refuses."""

from __future__ import annotations

import subprocess
import sys

import pytest

from generators.errors import GraftError
from generators.inventory.merge import load
from generators.inventory.read import Repository

# The rows of the table in the docstring of `merge`: a class, an environment, and what they give.
RULES = [
    ("scalar, scalar", "a: 1", "a: 2", {"a": 2}),
    ("mapping, mapping", "a: {x: 1, v: 1}", "a: {v: 2, z: 2}", {"a": {"x": 1, "v": 2, "z": 2}}),
    ("list, list", "a: [1]", "a: [2]", "list-over-list"),
    ("list, ~key", "a: [1]", "~a: [2]", {"a": [2]}),
    ("mapping, ~key", "a: {x: 1}", "~a: {v: 1}", {"a": {"v": 1}}),
    ("mapping, ~key of another kind", "a: {x: 1}", "~a: 1", {"a": 1}),
    ("~key, ~key", "~a: [1]", "~a: [2]", {"a": [2]}),
    ("nothing, ~key", "b: 1", "~a: [2]", {"a": [2], "b": 1}),
    ("below ~key nothing stays", "a: {b: {c: [1]}}", "a: {~b: {c: [2]}}", {"a": {"b": {"c": [2]}}}),
    ("scalar, null", "a: 1", "a: null", {"a": None}),
    ("mapping, null", "a: {x: 1}", "a:", {"a": None}),
    ("null, mapping", "a: null", "a: {x: 1}", {"a": {"x": 1}}),
    ("null, list", "a: null", "a: [1]", {"a": [1]}),
    ("scalar, mapping", "a: 1", "a: {x: 1}", "change-of-kind"),
    ("mapping, scalar", "a: {x: 1}", "a: 1", "change-of-kind"),
    ("scalar, list", "a: 1", "a: [1]", "change-of-kind"),
    ("list, mapping", "a: [1]", "a: {x: 1}", "change-of-kind"),
    ("list, scalar", "a: [1]", "a: 1", "change-of-kind"),
    ("mapping, list", "a: {x: 1}", "a: [1]", "change-of-kind"),
    ("reference to a scalar, scalar", "a: '${b}'", "a: 2\nb: 1", {"a": 2, "b": 1}),
    ("reference to a mapping, mapping", "a: '${b}'", "a: {x: 2}\nb: {v: 1}", {"a": {"x": 2, "v": 1}, "b": {"v": 1}}),
    ("reference to a list, list", "a: '${b}'\nb: [1]", "a: [2]", "list-over-list"),
    ("reference to a list, ~key", "a: '${b}'\nb: [1]", "~a: [2]", {"a": [2], "b": [1]}),
    ("mapping, reference to one", "a: {x: 1}", "a: '${b}'\nb: {v: 1}", {"a": {"x": 1, "v": 1}, "b": {"v": 1}}),
    ("list, reference to one", "a: [1]", "a: '${b}'\nb: [2]", "list-over-list"),
    ("list in a mapping by reference", "a: '${b}'\nb: {c: [1]}", "a: {c: [2]}", "list-over-list"),
    ("mapping, reference to one with a list", "a: {c: [1]}", "a: '${b}'\nb: {c: [2]}", "list-over-list"),
    ("reference to a mapping, scalar", "a: '${b}'\nb: {x: 1}", "a: 1", "change-of-kind"),
    ("reference inside a text", "a: x${b}y", "b: 1", {"a": "x1y", "b": 1}),
    ("reference in a reference", "a: '${b:${c}}'", "b: {d: 1}\nc: d", {"a": 1, "b": {"d": 1}, "c": "d"}),
    ("escaped reference", r"a: \${b}", "c: 1", {"a": "${b}", "c": 1}),
    ("lists in a list are items", "a: '${b}'\nb: 1", "c: [[1], [2]]", {"a": 1, "b": 1, "c": [[1], [2]]}),
]


@pytest.mark.parametrize(("base", "overlay", "result"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_two_layers_merge_by_the_table(merged, base: str, overlay: str, result: object) -> None:
    environment, loaded = merged(base, overlay)
    if isinstance(result, dict):
        assert environment.parameters == result
        assert environment.sound and loaded.findings == ()
    else:
        assert [finding.rule for finding in loaded.findings] == [result]
        assert not environment.sound


def test_classes_may_append_to_lists_and_only_environments_may_not(inventory) -> None:
    loaded = inventory(
        {
            "base/a.yml": "parameters: {l: [1]}\n",
            "base/b.yml": "classes: [a]\nparameters: {l: [2]}\n",
            "environments/prod.yml": "classes: [b]\n",
        }
    )
    assert loaded.findings == ()
    assert loaded.environments["prod"].parameters == {"l": [1, 2]}


def test_a_list_that_a_later_class_took_away_is_no_list_to_append_to(inventory) -> None:
    loaded = inventory(
        {
            "base/a.yml": "parameters: {l: [1]}\n",
            "base/b.yml": "parameters: {l: null}\n",
            "environments/prod.yml": "classes: [a, b]\nparameters: {l: [2]}\n",
        }
    )
    assert loaded.findings == ()
    assert loaded.environments["prod"].parameters == {"l": [2]}


def test_a_bare_list_is_refused_at_its_line_with_the_form_that_replaces(merged) -> None:
    _, loaded = merged("a:\n  b: [1]", "a:\n  b: [2]")
    (finding,) = loaded.findings
    assert str(finding.place) == "environments/prod.yml:4:5"
    assert finding.message == "a list here would be appended to the one at base/defaults.yml:3:5"
    assert (finding.path, finding.fix) == ("a.b", "write ~b: to replace it")


def test_a_broken_environment_does_not_hide_the_others(inventory) -> None:
    loaded = inventory(
        {
            "base/a.yml": "parameters: {x: 1}\n",
            "environments/broken.yml": "classes: [a]\nparameters: {x: [\n",
            "environments/bad.yml": "classes: [a]\nparameters: {x: {v: 1}}\n",
            "environments/good.yml": "classes: [a]\nparameters: {x: 2}\n",
        }
    )
    assert {name: entry.sound for name, entry in loaded.environments.items()} == {
        "bad": False,
        "broken": False,
        "good": True,
    }
    assert loaded.environments["good"].parameters == {"x": 2}
    assert [finding.place.file for finding in loaded.findings] == ["environments/bad.yml", "environments/broken.yml"]


def test_a_file_that_is_only_ambiguous_is_reported_and_merged_all_the_same(merged) -> None:
    environment, loaded = merged("a: 1", "a: 1e-4\nb: '${a}'")
    assert [finding.rule for finding in loaded.findings] == ["ambiguous-scalar"]
    assert environment.parameters == {"a": 0.0001, "b": 0.0001}
    assert not environment.sound


def test_a_finding_in_a_class_is_reported_once_with_its_environments(inventory) -> None:
    files = {"base/a.yml": "parameters: {x: '${v}'}\n"}
    files |= {f"environments/{name}.yml": "classes: [a]\n" for name in ("local", "prod")}
    (finding,) = inventory(files | {"environments/staging.yml": "classes: [a]\nparameters: {v: 1}\n"}).findings
    assert str(finding.place) == "base/a.yml:1:17"
    assert finding.message.endswith("(in local, prod)")


@pytest.mark.parametrize(
    ("file", "fix"),
    [
        ("environments/prod.yaml", "rename it to environments/prod.yml"),
        ("base/pipelines/x.yaml", "rename it to base/pipelines/x.yml"),
        ("environments/eu/prod.yml", "move it to environments/prod.yml"),
        ("base/b/init.yml", "keep one of the two files"),
    ],
)
def test_a_file_that_reclass_would_take_for_another_is_refused(inventory, file: str, fix: str) -> None:
    files = {"base/b.yml": "parameters: {x: 1}\n", "environments/prod.yml": "classes: [b]\n"}
    loaded = inventory(files | {file: "parameters: {x: 1}\n"})
    assert [finding.fix for finding in loaded.findings] == [fix]
    assert loaded.environments["prod"].parameters == {"x": 1}


def test_an_unknown_environment_is_named_with_the_nearest(inventory) -> None:
    loaded = inventory({"environments/staging.yml": "classes: []\n", "environments/prod.yml": "classes: []\n"})
    with pytest.raises(GraftError, match="there is no environment stage; there are: prod, staging") as error:
        loaded.environment("stage")
    assert error.value.fix == "did you mean staging?"


def test_a_repository_without_classes_is_refused_in_words(tmp_path) -> None:
    (tmp_path / "environments").mkdir()
    with pytest.raises(GraftError, match=r"cannot read the inventory in .*: Error while discovering classes") as error:
        load(Repository(tmp_path))
    assert "holds base/ and environments/" in error.value.fix


def test_loading_an_inventory_imports_no_pipeline_engine() -> None:
    program = "import sys, generators.inventory.explain; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"kfp", "kapitan", "tensorflow", "mlflow"} & set(modules)
