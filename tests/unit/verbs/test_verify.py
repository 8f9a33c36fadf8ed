"""A provenance is of a clean checkout, and holds for that tree and no other."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generators.errors import GraftError, Refused, Stale
from generators.fleet import provenance
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.verbs import verify

FILE = "rendered/prod/east/greet/pipelineversion.yaml"
DEFINITION = "definitions/greet/4dbb8e3ec3.json"
Commit = Callable[[Path], None]
Edit = Callable[[Path, str, str], None]


@pytest.fixture
def repository(tiny: Path, commit: Commit) -> Repository:
    """A clean checkout, with a remote that somebody has written a password into."""
    commit(tiny)
    url = "https://ml:not-for-others@git.internal/ml/pipelines.git"  # not a credential
    subprocess.run(["git", "remote", "add", "origin", url], cwd=tiny, check=True)
    return Repository(tiny)


def _written(repository: Repository, file: Path) -> dict[str, Any]:
    verify.write_provenance(repository, file, Cache.of_user())
    return json.loads(file.read_text())


def _messages(repository: Repository, statement: dict[str, Any]) -> dict[str, str]:
    """The places of what is refused, each with the last thing that is said of it."""
    with pytest.raises(Refused) as refused:
        verify.verify(repository, json.dumps(statement), "p.json", Cache.of_user())
    return {each.place.file: each.message for each in refused.value.findings}


def test_it_is_an_in_toto_statement_with_a_slsa_provenance(repository: Repository, tmp_path: Path) -> None:
    statement = _written(repository, tmp_path / "p.json")
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=repository.root, capture_output=True, text=True, check=True)
    build = statement["predicate"]["buildDefinition"]
    commit = build["resolvedDependencies"][0]

    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://slsa.dev/provenance/v1"
    assert commit["digest"] == {"gitCommit": head.stdout.strip()}
    assert commit["uri"] == "git+https://git.internal/ml/pipelines.git"
    assert {"buildType", "externalParameters", "resolvedDependencies"} == build.keys()
    assert statement["predicate"]["runDetails"]["builder"]["id"]


def test_its_subjects_are_all_that_is_rendered_as_sha256sum_has_them(repository: Repository, tmp_path: Path) -> None:
    named = {each["name"]: each["digest"]["sha256"] for each in _written(repository, tmp_path / "p.json")["subject"]}
    files = [file for folder in ("rendered", "definitions") for file in (repository.root / folder).rglob("*.*")]

    assert named == {
        str(file.relative_to(repository.root)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_file()
    }


def test_it_is_the_same_for_a_clone_and_holds_there(repository: Repository, tmp_path: Path) -> None:
    written = _written(repository, tmp_path / "p.json")
    subprocess.run(["git", "clone", "-q", repository.root, tmp_path / "clone"], check=True)
    clone = Repository(tmp_path / "clone")

    outcome = verify.verify(clone, (tmp_path / "p.json").read_text(), "p.json", Cache(tmp_path / "fresh"))

    assert f"{len(written['subject'])} files of commit" in outcome.to_text()


def test_a_repository_may_be_a_folder_of_another(tiny: Path, tmp_path: Path, commit: Commit) -> None:
    commit(tmp_path)
    statement = _written(Repository(tiny), tmp_path / "p.json")

    assert statement["predicate"]["buildDefinition"]["externalParameters"]["folder"] == "tiny"
    assert verify.verify(Repository(tiny), json.dumps(statement), "p.json", Cache.of_user())
    (tiny / "base/defaults.yml").unlink()
    with pytest.raises(GraftError, match=r"^base/defaults\.yml is not as the commit has it"):
        verify.write_provenance(Repository(tiny), tmp_path / "p.json", Cache.of_user())


@pytest.mark.parametrize("file", [FILE, DEFINITION])
def test_a_file_that_is_another_is_named(repository: Repository, tmp_path: Path, file: str) -> None:
    statement = _written(repository, tmp_path / "p.json")
    for each in statement["subject"]:
        if each["name"] == file:
            each["digest"]["sha256"] = "0" * 64

    assert _messages(repository, statement) == {
        file: "is not the file that the provenance names: its SHA-256 is another"
    }


def test_a_file_that_is_missing_and_one_that_is_not_named(repository: Repository, tmp_path: Path) -> None:
    statement = _written(repository, tmp_path / "p.json")
    statement["subject"] = [each for each in statement["subject"] if each["name"] != FILE]
    statement["subject"].append({"name": "rendered/more.yaml", "digest": {"sha256": "0" * 64}})

    assert _messages(repository, statement) == {
        FILE: "is not named by the provenance",
        "rendered/more.yaml": "is named by the provenance, and is missing",
    }


def test_a_tree_that_was_edited_with_its_provenance_is_not_rendered_again(
    repository: Repository, tmp_path: Path
) -> None:
    statement = _written(repository, tmp_path / "p.json")
    file = repository.root / FILE
    file.write_text(file.read_text() + "# more\n")
    for each in statement["subject"]:
        if each["name"] == FILE:
            each["digest"]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()

    assert _messages(repository, statement) == {FILE: "is not what its sources render"}


def test_inputs_that_are_others_are_told(repository: Repository, tmp_path: Path) -> None:
    statement = _written(repository, tmp_path / "p.json")
    with (repository.root / "base/defaults.yml").open("a") as file:
        file.write("# renders the same\n")

    assert _messages(repository, statement) == {"p.json": "was made from other inputs than are here"}


def test_the_hash_of_the_inputs_is_what_the_page_says(repository: Repository, tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs/security.md").read_text()
    (command,) = re.findall(r"^    (find .*?sha256sum)$", page, re.MULTILINE | re.DOTALL)

    done = subprocess.run(["bash", "-c", command], cwd=repository.root, capture_output=True, text=True, check=False)

    assert _written(repository, tmp_path / "p.json")["predicate"]["buildDefinition"]["resolvedDependencies"][1] == {
        "name": "inputs",
        "digest": {"sha256": done.stdout.split()[0]},
    }


def test_another_commit_and_another_graft_are_told(repository: Repository, tmp_path: Path, commit: Commit) -> None:
    statement = _written(repository, tmp_path / "p.json")
    statement["predicate"]["runDetails"]["builder"]["version"]["graft"] = "0.0.1"
    (repository.root / "NOTES.md").write_text("more\n")
    commit(repository.root)

    with pytest.raises(Refused) as refused:
        verify.verify(repository, json.dumps(statement), "p.json", Cache.of_user())

    assert {each.rule for each in refused.value.findings} == {"commit", "graft"}
    assert all(each.fix and each.found != each.allowed for each in refused.value.findings)


@pytest.mark.parametrize("file", ["base/defaults.yml", "base/more.yml", FILE, "environments/.hidden.yml"])
def test_a_checkout_that_is_not_clean_has_none(repository: Repository, tmp_path: Path, file: str) -> None:
    with (repository.root / file).open("a") as stream:
        stream.write("# more\n")

    with pytest.raises(GraftError, match=f"{file} is not as the commit has it"):
        verify.write_provenance(repository, tmp_path / "p.json", Cache.of_user())

    assert not (tmp_path / "p.json").exists()


def test_a_commit_with_code_that_nobody_reads_has_none(repository: Repository, tmp_path: Path, commit: Commit) -> None:
    """Bytecode is left out of the hash of the inputs, and may run in place of its source."""
    planted = repository.root / "generators/__pycache__/cli.cpython-312.pyc"
    planted.parent.mkdir()
    planted.write_bytes(b"planted")
    subprocess.run(["git", "add", "--force", planted], cwd=repository.root, check=True)
    commit(repository.root)

    with pytest.raises(GraftError, match=r"cli\.cpython-312\.pyc is bytecode, and nobody reads"):
        _written(repository, tmp_path / "p.json")


def test_an_input_that_git_ignores_is_seen(repository: Repository, tmp_path: Path, commit: Commit) -> None:
    (repository.root / ".gitignore").write_text("base/own.yml\n__pycache__/\n")
    commit(repository.root)
    (repository.root / "base/own.yml").write_text("parameters: {}\n")

    with pytest.raises(GraftError, match=r"base/own\.yml is not as the commit has it"):
        verify.write_provenance(repository, tmp_path / "p.json", Cache.of_user())


def test_a_commit_that_renders_otherwise_has_none(
    repository: Repository, tmp_path: Path, edit: Edit, commit: Commit
) -> None:
    edit(repository.root / "environments/prod.yml", "{times: 2}", "{times: 3}")
    commit(repository.root)

    with pytest.raises(Stale) as stale:
        verify.write_provenance(repository, tmp_path / "p.json", Cache.of_user())

    assert FILE in stale.value.files


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        "[" * 100_000,
        '{"_type": "https://in-toto.io/Statement/v1"}',
        '{"a": ' + "1" * 5000 + "}",
    ],
    ids=["nothing", "a list", "a mapping", "null", "deep", "half", "digits"],
)
def test_what_is_no_provenance_is_refused(text: str) -> None:
    with pytest.raises(GraftError, match=r"p\.json is not the provenance of a tree") as error:
        provenance.read(text, "p.json")

    assert error.value.exit_status == 2


def test_a_file_that_is_named_twice_is_refused(repository: Repository, tmp_path: Path) -> None:
    statement = _written(repository, tmp_path / "p.json")
    statement["subject"].append(statement["subject"][0])

    with pytest.raises(GraftError, match="named twice"):
        provenance.read(json.dumps(statement), "p.json")
