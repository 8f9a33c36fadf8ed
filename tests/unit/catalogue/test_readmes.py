"""A component's README is made of its metadata, its owners and its wrappers, and says where these are wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.errors import Stale
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.model import Finding
from generators.verbs import check, render

REPOSITORY = Path(__file__).resolve().parents[3]
FOLDER = "components/greeter"
METADATA, OWNERS, README = (f"{FOLDER}/{name}" for name in ("metadata.yaml", "OWNERS", "README.md"))

Edit = Callable[[Path, str, str], None]


def _of_component(tiny: Path) -> list[Finding]:
    findings = check.check(Repository(tiny))
    return [each for each in findings if each.place.file.startswith(FOLDER) and each.rule != "dockerfile"]


def test_a_component_that_says_all_of_itself_has_no_findings(tiny: Path) -> None:
    assert _of_component(tiny) == []


WRONG = {  # in metadata.yaml unless it says otherwise: an edit, the line of the finding, and words of it
    "a misspelt key": ("stability:", "stabilty:", 2, "did you mean stability?"),
    "no such stability": ("stability: stable", "stability: done", 2, "write one of them"),
    "another name": ("name: greeter", "name: greter", 1, "write greeter"),
    "a date without a time": ("2026-11-27T00:00:00Z", '"2026-11-27"', 8, "2026-11-27T00:00:00Z"),
    "a version that is none": (">=2.17.0", "latest", 6, "for example >=2.17.0"),
    "tags that are text": ("[greeting]", "greeting", 7, "write a list"),
    "YAML that is none": ("name: greeter", "name: a: b", 1, "check the indentation"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_metadata_stands_at_its_line(tiny: Path, edit: Edit, what: str) -> None:
    old, new, line, words = WRONG[what]
    edit(tiny / METADATA, old, new)

    found = [each for each in _of_component(tiny) if each.place.file == METADATA]

    assert {each.place.line for each in found} == {line}
    assert any(words in each.fix for each in found), found


def test_somebody_must_answer_for_a_component(tiny: Path) -> None:
    (tiny / OWNERS).write_text("reviewers: [greeters]\n")

    (finding,) = _of_component(tiny)

    assert (finding.place.file, finding.fix) == (OWNERS, "add approvers: ...")


@pytest.mark.parametrize("file", [METADATA, OWNERS])
def test_a_file_that_is_missing_is_a_warning(tiny: Path, file: str) -> None:
    (tiny / file).unlink()

    (finding,) = _of_component(tiny)

    assert (finding.verdict, finding.message) == ("warning", f"there is no {Path(file).name}")


@pytest.mark.parametrize("file", [METADATA, OWNERS, f"{FOLDER}/component.py", README])
def test_a_readme_that_is_not_what_the_files_say_is_stale_until_it_is_rendered(
    tiny: Path, edit: Edit, file: str
) -> None:
    edits = {METADATA: ("stable", "beta"), OWNERS: ("greeters", "others"), README: ("Greeter", "Another")}
    edit(tiny / file, *edits.get(file, ('"""The steps', '"""All steps')))
    assert [finding.place.file for finding in _of_component(tiny) if finding.rule == "stale"] == [README]
    with pytest.raises(Stale) as stale:
        render.compare(Repository(tiny))
    assert README in stale.value.files

    done = render.render(Repository(tiny))

    assert README in done.written
    assert _of_component(tiny) == []


def test_what_is_kept_of_a_readme_is_made_again_where_a_file_changes(tiny: Path, edit: Edit) -> None:
    render.render(Repository(tiny), cache=Cache(tiny / "cache"))
    edit(tiny / METADATA, "[greeting]", "[greeting, words]")

    render.render(Repository(tiny), cache=Cache(tiny / "cache"))

    assert "- Tags: greeting, words" in (tiny / README).read_text()


def test_what_is_kept_is_found_out_again_where_a_schema_changes(tiny: Path, edit: Edit) -> None:
    assert not [each for each in check.check(Repository(tiny), Cache(tiny / "cache")) if each.place.file == METADATA]
    edit(tiny / "schemas/metadata.schema.json", '"beta", "stable"]', '"beta"]')

    found = check.check(Repository(tiny), Cache(tiny / "cache"))

    assert [each.rule for each in found if each.place.file == METADATA] == ["enum"]


def test_an_owner_or_a_tag_is_no_new_source(tiny: Path) -> None:
    before = Repository(tiny).source(FOLDER)
    for file in (METADATA, OWNERS, README):
        (tiny / file).write_text("other\n")

    assert Repository(tiny).source(FOLDER) == before


def test_a_component_without_wrappers_has_no_readme_to_make(tiny: Path) -> None:
    shutil.copytree(tiny / FOLDER / "src", tiny / "components/shared/src")

    assert not [finding for finding in check.check(Repository(tiny)) if "shared" in finding.place.file]


@pytest.fixture
def image_alone(tiny: Path) -> Path:
    """A component that no pipeline runs: a package and its image, without wrappers."""
    folder = tiny / "components/janitor"
    (folder / "src/janitor").mkdir(parents=True)
    (folder / "src/janitor/__init__.py").write_text('"""Cleans up."""\n')
    (folder / "Dockerfile").write_text(f"FROM python@sha256:{'1' * 64}\nCOPY components/janitor/src /opt/src\n")
    (folder / "metadata.yaml").write_text((tiny / METADATA).read_text().replace("greeter", "janitor"))
    (folder / "OWNERS").write_text((tiny / OWNERS).read_text())
    return folder


def test_a_component_that_is_an_image_alone_has_a_readme_of_its_packages_docstring(
    tiny: Path, image_alone: Path
) -> None:
    done = render.render(Repository(tiny))

    assert "components/janitor/README.md" in done.written
    text = (image_alone / "README.md").read_text()
    assert "and src/janitor/__init__.py: do not edit" in text
    assert "\n# Janitor\n\nCleans up.\n\n## About it\n" in text
    assert not [it for it in check.check(Repository(tiny)) if it.place.file.startswith("components/janitor")]


def test_what_an_image_alone_lacks_is_found(tiny: Path, image_alone: Path) -> None:
    (image_alone / "OWNERS").unlink()
    (image_alone / "Dockerfile").write_text(f"FROM python@sha256:{'1' * 64}\nCOPY components/janitr/src /opt/src\n")
    (image_alone / "src/janitor/cli.py").write_text("from janitor.swep import main\n")

    found = [it for it in check.check(Repository(tiny)) if it.place.file.startswith("components/janitor")]
    assert {it.rule for it in found} == {"missing-file", "dockerfile", "import"}, found
