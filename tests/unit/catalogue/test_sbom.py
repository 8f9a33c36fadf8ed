"""The bill of materials of an image says what it is built from, in CycloneDX's own form."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from generators.catalogue.sbom import bill_of_materials, built_here
from generators.errors import GraftError, Refused
from generators.inventory.read import Repository
from generators.verbs import images

DIGEST = "1" * 64
UNBUILT = "0" * 64
HEAD = "# uv pip compile --python-version 3.12\n"
FILES = {
    "environments/local.yml": "",
    "base/defaults.yml": "",
    "components/shared/Dockerfile": f"FROM docker.io/library/python:3.12-slim@sha256:{DIGEST}\n",
    "components/shared/pyproject.toml": '[project]\nname = "graft-steps"\nversion = "0.1.0"\n',
    "components/shared/requirements.txt": "numpy==2.5.5\n",
    "components/shared/requirements.lock": f"{HEAD}numpy==2.5.5 --hash=sha256:{'a' * 64}\n"
    "    # via -r components/shared/requirements.txt\n",
    "components/to_speech/component.py": "",
    "components/to_speech/Dockerfile": f"FROM registry/ml/base@sha256:{UNBUILT}\n",
    "components/to_speech/requirements.txt": "Scikit_Learn==1.9.1\n",
    "components/to_speech/requirements.lock": f"{HEAD}numpy==2.5.5 --hash=sha256:{'a' * 64} --hash=sha256:{'b' * 64}\n"
    f"    # via\n    #   -c requirements.lock\n    #   scikit-learn\n"
    f"scikit-learn==1.9.1 --hash=sha256:{'c' * 64}\n    # via -r components/to_speech/requirements.txt\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return Repository(tmp_path)


def _bills(repository: Repository) -> dict[str, dict[str, Any]]:
    built = built_here(repository, ["components/to_speech"])
    return {image.name: json.loads(bill_of_materials(repository, image)) for image in built}


def _problems(bill: dict[str, Any]) -> list[str]:
    schema, registry = _schema()
    return [error.message for error in Draft7Validator(schema, registry=registry).iter_errors(bill)]


@cache
def _schema() -> tuple[dict[str, Any], Registry]:
    """CycloneDX's own schema, as its library carries it, with those that it names."""
    folder = resources.files("cyclonedx.schema").joinpath("_res")
    named = {file.name: json.loads(file.read_text()) for file in folder.iterdir() if file.name.endswith("schema.json")}
    found = [(f"http://cyclonedx.org/schema/{name}", DRAFT7.create_resource(text)) for name, text in named.items()]
    own = [(text["$id"], Resource.from_contents(text)) for text in named.values()]
    return named["bom-1.6.SNAPSHOT.schema.json"], Registry().with_resources([*found, *own])


def test_it_is_of_the_published_schema(repository: Repository) -> None:
    for bill in _bills(repository).values():
        assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
        assert _problems(bill) == []


def test_the_schema_finds_what_is_wrong(repository: Repository) -> None:
    bill = _bills(repository)["base"]
    bill["components"][0]["type"] = "thing"

    assert _problems(bill)


def test_it_names_the_code_the_packages_and_the_images_below(repository: Repository) -> None:
    bills = _bills(repository)
    found = {name: {(it["name"], it.get("version")) for it in bill["components"]} for name, bill in bills.items()}
    python = ("docker.io/library/python:3.12-slim", f"sha256:{DIGEST}")

    assert found["base"] == {python, ("graft-steps", "0.1.0"), ("numpy", "2.5.5")}
    assert found["to-speech"] == {*found["base"], ("registry/ml/base", None), ("scikit-learn", "1.9.1")}
    assert bills["to-speech"]["metadata"]["component"]["version"] == repository.source(
        "components/to_speech", "components/shared"
    )


def test_a_package_has_its_hashes_and_those_that_ask_for_it(repository: Repository) -> None:
    bill = _bills(repository)["to-speech"]
    numpy = next(each for each in bill["components"] if each["name"] == "numpy")
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}

    assert numpy["purl"] == "pkg:pypi/numpy@2.5.5"
    assert [each["content"] for each in numpy["externalReferences"][0]["hashes"]] == ["a" * 64, "b" * 64]
    assert needs["pkg:pypi/scikit-learn@1.9.1"] == ["pkg:pypi/numpy@2.5.5"]
    assert {"registry/ml/base", "pkg:pypi/scikit-learn@1.9.1", "pkg:pypi/numpy@2.5.5"} <= {*needs["to-speech"]}


def test_the_same_sources_give_the_same_bytes_and_others_another_number(repository: Repository) -> None:
    numbers = [bill["serialNumber"] for bill in _bills(repository).values()]
    again = [bill["serialNumber"] for bill in _bills(repository).values()]
    (repository.root / "components/to_speech/component.py").write_text("# more\n")
    base, other = [bill["serialNumber"] for bill in _bills(repository).values()]

    assert numbers == again and base == numbers[0] and other != numbers[1]


def test_the_folder_holds_one_for_each_image_and_nothing_else(repository: Repository, tmp_path: Path) -> None:
    written = images.write_sboms(repository, tmp_path / "sbom")

    assert {file.name for file in (tmp_path / "sbom").iterdir()} == {"base.cdx.json", "to-speech.cdx.json"}
    assert written.to_text().splitlines() == [str(tmp_path / "sbom" / name) for name in written.files]
    with pytest.raises(GraftError, match="which is not a bill of materials"):
        images.write_sboms(repository, repository.root / "components")


def test_none_is_made_of_a_lock_that_does_not_cover_what_is_asked_for(repository: Repository, tmp_path: Path) -> None:
    (repository.root / "components/to_speech/requirements.txt").write_text("scikit-learn==1.9.2\n")

    with pytest.raises(Refused):
        images.write_sboms(repository, tmp_path / "sbom")

    assert not (tmp_path / "sbom").exists()
