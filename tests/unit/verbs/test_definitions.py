"""A definition that was committed is there to be promoted, and to go back to, until `graft prune` removes it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.errors import GraftError, Refused
from generators.inventory.read import Repository
from generators.verbs import check, prune, render, run

Edit = Callable[[Path, str, str], None]
Commit = Callable[[Path], None]

PROD, STAGING, LOCAL = (f"environments/{name}.yml" for name in ("prod", "staging", "local"))
CODE = "generators/pipelines/greet.py"
FIRST = "definitions/greet/4dbb8e3ec3.json"


def _definitions(repository: Path) -> set[str]:
    return {path.relative_to(repository).as_posix() for path in repository.glob("definitions/*/*.json")}


def _say(repository: Path, edit: Edit, old: str, new: str) -> str:
    """Change the pipeline's code, render, and give the hash of the new head."""
    before = _definitions(repository)
    edit(repository / CODE, f'word: str = "{old}"', f'word: str = "{new}"')
    render.render(Repository(repository))
    (new_one,) = _definitions(repository) - before
    return Path(new_one).stem


def test_what_was_committed_stays_and_prod_can_go_forth_and_back(tiny: Path, edit: Edit, commit: Commit) -> None:
    commit(tiny)
    proved = _say(tiny, edit, "Hello", "Hi")
    commit(tiny)
    _say(tiny, edit, "Hi", "Hey")
    commit(tiny)

    edit(tiny / PROD, '"4dbb8e3ec3"', f'"{proved}"')
    promoted = render.render(Repository(tiny))
    edit(tiny / PROD, f'"{proved}"', '"4dbb8e3ec3"')
    render.render(Repository(tiny))

    assert promoted.removed == () and len(_definitions(tiny)) == 3
    status = subprocess.run(["git", "status", "--short"], cwd=tiny, capture_output=True, check=True)
    assert status.stdout == b"", "going back restores the tree"
    assert render.compare(Repository(tiny)).removed == ()


def test_what_a_branch_added_and_its_merge_took_away_is_found_and_what_it_added_is_kept(
    tiny: Path, edit: Edit, commit: Commit
) -> None:
    commit(tiny)
    _git(tiny, "checkout", "-qb", "side")
    proved = _say(tiny, edit, "Hello", "Hi")
    commit(tiny)
    _git(tiny, "checkout", "-q", "main")
    edit(tiny / "base/pipelines/greet.yml", "Good morning", "Good day")
    commit(tiny)
    _git(tiny, "merge", "-q", "--no-commit", "--no-ff", "side")
    file = tiny / f"definitions/greet/{proved}.json"
    text = file.read_text()
    edit(tiny / CODE, 'word: str = "Hi"', 'word: str = "Hello"')
    file.unlink()
    render.render(Repository(tiny))
    commit(tiny)

    edit(tiny / PROD, '"4dbb8e3ec3"', f'"{proved}"')
    (finding,) = [each for each in check.check(Repository(tiny)) if each.rule == "definition"]
    assert finding.fix.endswith(f" -- definitions/greet/{proved}.json")

    edit(tiny / PROD, f'"{proved}"', '"4dbb8e3ec3"')
    file.write_text(text)
    commit(tiny)
    assert prune.prune(Repository(tiny), keep=1).removed == ()


def test_what_was_never_committed_goes_when_nothing_runs_it(tiny: Path, edit: Edit, commit: Commit) -> None:
    commit(tiny)
    first = _say(tiny, edit, "Hello", "Hi")

    edit(tiny / CODE, 'word: str = "Hi"', 'word: str = "Hey"')

    assert render.render(Repository(tiny)).removed == (f"definitions/greet/{first}.json",)
    assert (tiny / FIRST).exists()


def test_without_git_nothing_goes(tiny: Path, edit: Edit) -> None:
    _say(tiny, edit, "Hello", "Hi")

    edit(tiny / CODE, 'word: str = "Hi"', 'word: str = "Hey"')

    assert render.render(Repository(tiny)).removed == ()


def test_a_pin_to_what_only_the_history_has_says_how_to_bring_it_back(tiny: Path, edit: Edit, commit: Commit) -> None:
    commit(tiny)
    proved = _say(tiny, edit, "Hello", "Hi")
    commit(tiny)
    (tiny / f"definitions/greet/{proved}.json").unlink()
    _say(tiny, edit, "Hi", "Hey")
    commit(tiny)
    edit(tiny / PROD, '"4dbb8e3ec3"', f'"{proved}"')

    with pytest.raises(Refused) as refused:
        render.render(Repository(tiny))

    (finding,) = refused.value.findings
    subprocess.run(finding.fix.removeprefix("run: ").split(), cwd=tiny, check=True, capture_output=True)
    assert "has it" in finding.message
    render.render(Repository(tiny))


def test_prune_keeps_what_is_named_and_the_newest(tiny: Path, edit: Edit, commit: Commit) -> None:
    commit(tiny)
    hashes, word = [], "Hello"
    for new in ("One", "Two", "Three"):
        hashes.append(_say(tiny, edit, word, new))
        commit(tiny)
        word = new

    done = prune.prune(Repository(tiny), keep=1)

    assert done.removed == (f"definitions/greet/{hashes[0]}.json",), "the head, the pin, and one more are left"
    assert (done.left, prune.prune(Repository(tiny), keep=1).removed) == (3, ())
    assert render.compare(Repository(tiny)).written == ()


def test_prune_outside_git_says_that_there_is_no_history(tiny: Path) -> None:
    with pytest.raises(GraftError, match="is not in a Git repository") as refused:
        prune.prune(Repository(tiny))

    assert refused.value.fix == "go to one that is, or run: git init"


def test_prune_refuses_to_guess(tiny: Path, edit: Edit, commit: Commit, tmp_path: Path) -> None:
    commit(tiny)
    _say(tiny, edit, "Hello", "Hi")
    commit(tiny)
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{tiny}", str(shallow)], check=True)
    with pytest.raises(GraftError, match="shallow clone"):
        prune.prune(Repository(shallow))

    edit(tiny / PROD, "4dbb8e3ec3", "4dbb8e3ec4")
    with pytest.raises(Refused):
        prune.prune(Repository(tiny))


def test_new_code_in_an_image_is_a_new_definition_and_nothing_runs_on_the_old_image(tiny: Path, edit: Edit) -> None:
    edit(tiny / "components/greeter/src/greeter/words.py", "def greeting", "# better\ndef greeting")
    (tiny / "components/greeter/tests").mkdir(exist_ok=True)
    render.render(Repository(tiny))
    (newer,) = _definitions(tiny) - {FIRST}
    edit(tiny / PROD, '"4dbb8e3ec3"', f'"{Path(newer).stem}"')

    render.render(Repository(tiny))
    (finding,) = [found for found in check.check(Repository(tiny)) if found.failing]

    version = (tiny / "rendered/prod/east/greet/pipelineversion.yaml").read_text()
    assert "greeter@sha256:" + "0" * 64 in version and "1" * 64 not in version
    assert (finding.rule, finding.place.file) == ("unbuilt", PROD)
    source = Repository(tiny).source("components/greeter")
    assert (
        f"docker build --file components/greeter/Dockerfile --tag registry.test/greet/greeter:{source} .;"
        in finding.fix
    )


WORDS = "components/greeter/src/greeter/words.py"


def _unbuilt(tiny: Path) -> str:
    (finding,) = [each for each in check.check(Repository(tiny)) if each.rule == "unbuilt" and each.place.file == PROD]
    return finding.fix


def test_the_commit_that_is_named_has_the_source(tiny: Path, edit: Edit, commit: Commit) -> None:
    commit(tiny)
    edit(tiny / WORDS, "def greeting", "# one\ndef greeting")
    render.render(Repository(tiny))
    (one,) = _definitions(tiny) - {FIRST}
    source = Repository(tiny).source("components/greeter")
    commit(tiny)
    edit(tiny / PROD, '"4dbb8e3ec3"', f'"{Path(one).stem}"')
    edit(tiny / WORDS, "# one", "# two")
    (tiny / one).unlink()
    commit(tiny)
    subprocess.run(["git", "checkout", "-q", "HEAD~1", "--", one], cwd=tiny, check=True)
    commit(tiny)

    fix = _unbuilt(tiny)

    named = fix.removeprefix("git checkout ").split()[0]
    subprocess.run(["git", "stash", "-q", "--include-untracked"], cwd=tiny, check=True)
    subprocess.run(["git", "checkout", "-q", named], cwd=tiny, check=True)
    assert Repository(tiny).source("components/greeter") == source


def test_a_source_that_no_commit_has_cannot_be_built(tiny: Path, edit: Edit, commit: Commit) -> None:
    commit(tiny)
    edit(tiny / WORDS, "def greeting", "# one\ndef greeting")
    render.render(Repository(tiny))
    (one,) = _definitions(tiny) - {FIRST}
    edit(tiny / PROD, '"4dbb8e3ec3"', f'"{Path(one).stem}"')
    edit(tiny / WORDS, "# one", "# two")
    render.render(Repository(tiny))

    assert _unbuilt(tiny).startswith("no commit has that source")

    edit(tiny / WORDS, "# two", "# one")
    commit(tiny)
    edit(tiny / WORDS, "# one", "# two")
    assert _unbuilt(tiny).startswith("git checkout "), "what was found out before it was committed is not kept"


def test_a_run_of_other_code_than_is_here_is_refused(tiny: Path, edit: Edit) -> None:
    edit(tiny / LOCAL, "track: head", 'definition: "4dbb8e3ec3"')
    edit(tiny / "components/greeter/src/greeter/words.py", "def greeting", "# better\ndef greeting")
    render.render(Repository(tiny))

    with pytest.raises(GraftError, match="of source 723f2352, and the code here is"):
        run.run(Repository(tiny), "greet", "local", [], lambda event: None)


def test_a_reference_by_digest_stands_for_an_image_without_a_component(tiny: Path, edit: Edit) -> None:
    edit(tiny / "components/greeter/component.py", 'ContainerSpec(image="greeter"', 'ContainerSpec(image="busybox:1"')
    reference = "registry.other.test/busybox:1@sha256:" + "3" * 64
    with pytest.raises(Refused) as refused:
        render.render(Repository(tiny))
    assert all('add "busybox:1": "busybox:1@sha256:..." to images' in found.fix for found in refused.value.findings)

    edit(
        tiny / STAGING,
        "  unbuilt_images: accept",
        f'  unbuilt_images: accept\n  images: {{"busybox:1": "{reference}"}}',
    )
    edit(tiny / LOCAL, "  registry: localhost", f'  registry: localhost\n  images: {{"busybox:1": "{reference}"}}')

    render.render(Repository(tiny))

    assert f"image: {reference}\n" in (tiny / "rendered/staging/two/greet/workflowtemplate.yaml").read_text()


def _git(repository: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=repository, check=True, capture_output=True)
