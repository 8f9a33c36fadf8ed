"""The order of merging, and what is wrong with lists of classes."""

from __future__ import annotations

from generators.inventory.layers import class_name
from generators.inventory.read import Reclass


def test_a_class_is_named_by_its_file() -> None:
    files = ["base/a.yml", "base/pipelines/x.yml", "base/b/init.yml", "base/init.yml"]
    assert [class_name(file) for file in files] == ["a", "pipelines.x", "b", "init"]


def test_layers_stand_in_the_order_in_which_reclass_merges_them(write, inventory) -> None:
    files = {
        "base/a.yml": "classes: [b, d]\n",
        "base/b.yml": "classes: [pipelines.x]\n",
        "base/c.yml": "classes: [b, a]\nparameters: {}\n",
        "base/d/init.yml": "parameters:\n",
        "base/pipelines/x.yml": "parameters: {}\n",
        "environments/prod.yml": "classes: [c, a]\n",
    }
    loaded = inventory(files)
    assert loaded.findings == ()
    assert loaded.environments["prod"].classes == Reclass(write(files).root).classes("prod")
    assert [layer.file for layer in loaded.environments["prod"].layers][-2:] == ["base/c.yml", "environments/prod.yml"]


def test_an_unknown_class_is_refused_at_its_line_with_the_nearest(inventory) -> None:
    files = {"base/defaults.yml": "parameters: {}\n", "base/pipelines/x.yml": "parameters: {}\n"}
    loaded = inventory(files | {"environments/prod.yml": "classes:\n  - defaults\n  - pipelines.y\n"})
    (finding,) = loaded.findings
    assert str(finding.place) == "environments/prod.yml:3:5"
    assert (finding.rule, finding.message) == ("unknown-class", "class pipelines.y does not exist")
    assert (finding.allowed, finding.fix) == ("defaults, pipelines.x", "did you mean pipelines.x?")
    assert not loaded.environments["prod"].sound


def test_an_unknown_class_that_resembles_none_leaves_its_environment_unmerged(inventory) -> None:
    loaded = inventory({"environments/prod.yml": "classes: [b.zzz]\n", "environments/local.yml": "classes: []\n"})
    (finding,) = loaded.findings
    assert (finding.allowed, finding.fix) == ("none: base/ holds no class", "write base/b/zzz.yml")
    assert loaded.environments["prod"].parameters is None
    assert loaded.environments["local"].parameters == {}


def test_classes_that_list_each_other_are_refused_and_do_not_end_the_process(inventory) -> None:
    loaded = inventory(
        {
            "base/a.yml": "classes: [b]\nparameters: {x: 1}\n",
            "base/b.yml": "classes: [a]\nparameters: {v: 1}\n",
            "environments/prod.yml": "classes: [a]\n",
            "environments/local.yml": "classes: [a]\n",
        }
    )
    (finding,) = loaded.findings
    assert (str(finding.place), finding.rule) == ("base/b.yml:1:11", "class-cycle")
    assert finding.message == "these classes list each other: a -> b -> a (in local, prod)"
    assert loaded.environments["prod"].parameters == {"x": 1, "v": 1}


def test_a_class_that_lists_itself_is_refused(inventory) -> None:
    loaded = inventory({"base/a.yml": "classes: [a]\n", "environments/prod.yml": "classes: [a]\n"})
    assert [finding.rule for finding in loaded.findings] == ["class-cycle"]


def test_classes_and_parameters_of_a_wrong_kind_are_refused(inventory) -> None:
    loaded = inventory(
        {"environments/a.yml": "classes: defaults\n", "environments/b.yml": "classes: [1]\nparameters: [1]\n"}
    )
    rules = [(str(finding.place), finding.rule) for finding in loaded.findings]
    assert rules == [
        ("environments/a.yml:1:1", "classes"),
        ("environments/b.yml:1:1", "classes"),
        ("environments/b.yml:2:13", "parameters"),
    ]
