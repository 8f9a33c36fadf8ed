"""Where a value comes from: every writing of it, the used ones, the way through references."""

from __future__ import annotations

import pytest

from generators.errors import GraftError, Refused
from generators.inventory.explain import explain, explanation_lines, place_of

FILES = {
    "base/defaults.yml": (
        "parameters:\n"
        "  resources:\n"
        '    train: {cpu: "2", memory: 4Gi}\n'
        "  hidden:\n"
        "    - {units: 64}\n"
        "    - {units: 32}\n"
    ),
    "base/pipelines/transfer_learning.yml": (
        "classes: [defaults]\n"
        "parameters:\n"
        "  pipelines:\n"
        "    transfer-learning:\n"
        "      parameters:\n"
        "        epochs: 20\n"
        "        variants: [[{units: 1}], [{units: 2}]]\n"
        "        layers: ${hidden}\n"
        "      steps:\n"
        '        variants/train: {resources: "${resources:train}"}\n'
    ),
    "environments/prod.yml": (
        "classes: [pipelines.transfer_learning]\n"
        "parameters:\n"
        "  name: prod\n"
        "  bucket: s3://ml-${name}\n"
        "  resources:\n"
        "    train: {memory: 32Gi}\n"
        "  capacity: {nvidia.com/gpu: '4'}\n"
        "  pipelines:\n"
        "    transfer-learning:\n"
        "      parameters:\n"
        "        epochs: 40\n"
        "        ~variants:\n"
        "          - [{units: 9}]\n"
    ),
    "environments/local.yml": "classes: [pipelines.transfer_learning]\nparameters: {name: local}\n",
}


def _lines(inventory, key: str, environment: str = "prod") -> list[str]:
    return list(explanation_lines(explain(inventory(FILES), environment, key)))


def test_a_value_is_explained_by_every_line_that_set_it_in_order(inventory) -> None:
    assert _lines(inventory, "pipelines.transfer-learning.parameters.epochs") == [
        "pipelines.transfer-learning.parameters.epochs = 40",
        "  base/pipelines/transfer_learning.yml:6   20",
        "  environments/prod.yml:11                 40   <- used",
    ]


def test_a_list_that_replaces_another_is_shown_with_its_tilde(inventory) -> None:
    assert _lines(inventory, "pipelines.transfer-learning.parameters.variants") == [
        "pipelines.transfer-learning.parameters.variants = [[{units: 9}]]",
        "  base/pipelines/transfer_learning.yml:7   [[{units: 1}], [{units: 2}]]",
        "  environments/prod.yml:12                 ~ [[{units: 9}]]               <- used",
    ]


def test_a_value_by_reference_shows_where_the_referenced_key_was_set(inventory) -> None:
    assert _lines(inventory, "pipelines.transfer-learning.steps.variants/train.resources.memory") == [
        "pipelines.transfer-learning.steps.variants/train.resources.memory = 32Gi",
        "  base/pipelines/transfer_learning.yml:10   "
        "pipelines.transfer-learning.steps.variants/train.resources = ${resources:train}   <- used",
        "    base/defaults.yml:3                     resources.train.memory = 4Gi",
        f"    environments/prod.yml:6                 {'resources.train.memory = 32Gi':<79}   <- used",
    ]


def test_a_reference_inside_a_text_is_followed_too(inventory) -> None:
    assert _lines(inventory, "bucket") == [
        "bucket = s3://ml-prod",
        "  environments/prod.yml:4     s3://ml-${name}   <- used",
        "    environments/prod.yml:3   name = prod       <- used",
    ]


def test_a_mapping_is_explained_key_by_key(inventory) -> None:
    explanation = explain(inventory(FILES), "prod", "resources")
    assert explanation.value == {"train": {"cpu": "2", "memory": "32Gi"}}
    assert list(explanation_lines(explanation)) == [
        "resources.train.cpu = 2",
        "  base/defaults.yml:3   2   <- used",
        "resources.train.memory = 32Gi",
        "  base/defaults.yml:3       4Gi",
        "  environments/prod.yml:6   32Gi   <- used",
    ]


@pytest.mark.parametrize("key", ["capacity.nvidia.com/gpu", 'capacity."nvidia.com/gpu"'])
def test_a_key_that_holds_dots_is_found_with_quotes_and_without(inventory, key: str) -> None:
    assert _lines(inventory, key) == [
        'capacity."nvidia.com/gpu" = 4',
        "  environments/prod.yml:7   4   <- used",
    ]


def test_an_item_of_a_list_is_explained_by_the_file_that_it_came_from(inventory) -> None:
    assert _lines(inventory, "pipelines.transfer-learning.parameters.layers[1].units") == [
        "pipelines.transfer-learning.parameters.layers[1].units = 32",
        "  base/defaults.yml:6   hidden[1].units = 32   <- used",
    ]


def test_both_parts_of_an_appended_list_are_used(inventory) -> None:
    files = {
        "base/a.yml": "parameters: {l: [1]}\n",
        "base/b.yml": "classes: [a]\nparameters: {l: [2]}\n",
        "environments/prod.yml": "classes: [b]\n",
    }
    explanation = explain(inventory(files), "prod", "l")
    assert [(str(origin.node.place), origin.used) for origin in explanation.origins] == [
        ("base/a.yml:1:17", True),
        ("base/b.yml:2:17", True),
    ]
    environment = inventory(files).environments["prod"]
    assert str(place_of(environment, ("l", 1))) == "base/b.yml:2:18"


def test_an_unknown_key_is_refused_with_the_nearest(inventory) -> None:
    with pytest.raises(GraftError) as error:
        explain(inventory(FILES), "prod", "pipelines.transfer-learning.parameters.epoch")
    assert error.value.message == (
        "pipelines.transfer-learning.parameters of prod has no epoch; it holds epochs, variants, layers"
    )
    assert error.value.fix == "did you mean epochs?"
    with pytest.raises(GraftError, match=r"local has no nam; it holds"):
        explain(inventory(FILES), "local", "nam")


def test_a_guess_is_not_explained(inventory) -> None:
    loaded = inventory(FILES | {"environments/bad.yml": "parameters: {a: yes}\n"})
    with pytest.raises(Refused) as error:
        explain(loaded, "bad")
    assert [finding.rule for finding in error.value.findings] == ["ambiguous-scalar"]
    assert explain(loaded, "prod", "name").value == "prod"


PLACES = [
    (("pipelines", "transfer-learning", "parameters", "epochs"), "environments/prod.yml:11:17"),
    (("pipelines", "transfer-learning", "parameters", "variants"), "environments/prod.yml:12:9"),
    (("pipelines", "transfer-learning", "parameters", "variants", 0, 0, "units"), "environments/prod.yml:13:22"),
    (("pipelines", "transfer-learning", "parameters", "variants", 3, 0), "environments/prod.yml:12:9"),
    (("pipelines", "transfer-learning", "parameters", "layers", 0, "units"), "base/defaults.yml:5:15"),
    (("resources", "train", "cpu"), "base/defaults.yml:3:18"),
    (("resources", "train", "gpu"), "environments/prod.yml:6:5"),
    (("nothing", "here"), "environments/prod.yml:1:1"),
    ((), "environments/prod.yml:1:1"),
]


@pytest.mark.parametrize(("path", "place"), PLACES)
def test_a_finding_on_the_merged_document_gets_the_place_of_the_value_that_won(inventory, path, place: str) -> None:
    assert str(place_of(inventory(FILES).environments["prod"], path)) == place


def test_a_finding_about_a_key_gets_the_place_of_the_key(inventory) -> None:
    path = ("pipelines", "transfer-learning", "parameters", "epochs")
    assert str(place_of(inventory(FILES).environments["prod"], path, key=True)) == "environments/prod.yml:11:9"
