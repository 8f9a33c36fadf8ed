"""The workflows may do little, trust nothing that a pull request brings, and call what is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from generators.diff.markdown import to_markdown
from generators.diff.model import Change
from generators.diff.sentence import sentence
from tests.unit.diff.samples import BUSY

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / ".github/workflows").glob("*.yaml"))
READ_ONLY = {"check", "describe", "judge"}  # what looks at anybody's pull request
_VERB = re.compile(r"\.venv/bin/graft (\S+)((?: --[\w-]+)*)")


def _workflow(file: Path) -> dict[str, Any]:
    return yaml.load(file.read_text(), yaml.CSafeLoader)


def _steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in _workflow(file)["jobs"].values() for step in job["steps"]]


def _script(name: str, step: str) -> str:
    return next(each["run"] for each in _steps(ROOT / f".github/workflows/{name}.yaml") if each.get("name") == step)


# What GitHub starts where a workflow says `shell: bash`; where it says nothing that is `bash -e`, and of a pipe only
# the last command counts.
_BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]


def test_zizmor_finds_nothing() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [zizmor, "--offline", "--persona", "auditor", "--no-progress", ROOT / ".github"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert "No findings to report" in done.stdout + done.stderr


def test_zizmor_finds_what_is_there(tmp_path: Path) -> None:
    loose = tmp_path / ".github/workflows/loose.yaml"
    loose.parent.mkdir(parents=True)
    loose.write_text("on: pull_request_target\njobs: {a: {runs-on: x, steps: [{uses: actions/checkout@v4}]}}\n")
    zizmor = Path(sys.executable).with_name("zizmor")

    done = subprocess.run([zizmor, "--offline", tmp_path], capture_output=True, text=True, check=False)

    assert done.returncode != 0


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_job_ends_and_says_what_it_may_do(file: Path) -> None:
    workflow = _workflow(file)

    assert workflow["permissions"] == {} and workflow["concurrency"]
    assert all(job["timeout-minutes"] <= 60 and job["permissions"] for job in workflow["jobs"].values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_step_fails_with_any_command_of_a_pipe(file: Path) -> None:
    assert _workflow(file)["defaults"] == {"run": {"shell": "bash"}}


def test_an_image_that_cannot_be_built_fails_the_step_and_hands_on_no_digest(tmp_path: Path) -> None:
    docker, out = tmp_path / "docker", tmp_path / "out"
    docker.write_text(
        '#!/bin/sh\ncase "$*" in login*) cat > /dev/null ;; *broken*) exit 1 ;;\n'
        '*) echo \'{"containerimage.digest": "sha256:1"}\' > built.json ;; esac\n'
    )
    docker.chmod(0o755)
    rows = [f"{name}\tcomponents/{name}\tabc\tregistry/{name}\tstaging\n" for name in ("sound", "broken")]
    (tmp_path / "images.tsv").write_text("".join(rows))
    environment = {
        "PATH": f"{tmp_path}:/usr/bin:/bin", "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(out),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }  # fmt: skip

    done = subprocess.run([*_BASH, _script("images", "Build and push")], cwd=tmp_path, env=environment, check=False)

    assert done.returncode == 1
    assert not out.exists()


def test_what_runs_code_of_any_pull_request_may_only_read() -> None:
    for name in READ_ONLY:
        jobs = _workflow(ROOT / f".github/workflows/{name}.yaml")["jobs"]
        assert all(job["permissions"] == {"contents": "read"} for job in jobs.values())
        assert all("secrets" not in str(job) for job in jobs.values())


def test_what_judges_is_the_bases() -> None:
    workflow, steps = _workflow(ROOT / ".github/workflows/judge.yaml"), _steps(ROOT / ".github/workflows/judge.yaml")
    folders = {each["with"]["path"]: each["with"]["ref"] for each in steps if "path" in each.get("with", {})}
    commands = [each["run"] for each in steps if "run" in each]

    assert list(workflow[True]) == ["pull_request_target"]  # YAML 1.1 reads `on` as true
    assert folders["base"] == "${{ github.event.pull_request.base.sha }}"
    assert folders["pr"] == "refs/pull/${{ github.event.pull_request.number }}/merge"
    assert commands[0] == "make -C base install"
    assert len(commands) == 2 and commands[1].startswith("base/.venv/bin/graft check --repo pr --base ")
    assert "--sandbox require" in commands[1]


def test_a_pull_request_cannot_loosen_what_judges_it(
    tiny: Path, commit: Callable[[Path], None], tmp_path: Path
) -> None:
    policy, schema = "schemas/policies/requests-are-set.yaml", "schemas/parameters/transfer-learning.schema.json"
    commit(tiny)
    (tiny / policy).unlink()
    (tiny / schema).write_text("{}")
    (tiny / "generators/cli.py").write_text("print('no findings')\n")
    (tiny / "sitecustomize.py").write_text("import os\nos._exit(0)\n")
    commit(tiny)
    tiny.rename(tmp_path / "pr")
    graft = tmp_path / "base/.venv/bin/graft"
    graft.parent.mkdir(parents=True)
    graft.write_text(f'#!/bin/sh\nexec {sys.executable} -m generators.cli "$@"\n')
    graft.chmod(0o755)
    script = _script("judge", "The base's rules and its own, none of them weaker without an approval")
    script = script.replace("--sandbox require", "--sandbox auto")  # what this machine has

    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT), "BASE": "HEAD~1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1, done.stdout + done.stderr
    told = [line for line in done.stdout.splitlines() if "title=graft rules/weaker" in line]
    assert [line.split(",")[0] for line in told] == [f"::error file={schema}", f"::error file={policy}"]


def test_what_comments_runs_nothing_of_the_pull_request() -> None:
    steps = _steps(ROOT / ".github/workflows/comment.yaml")

    assert all("uses" not in step for step in steps)
    assert not any(word in step["run"] for step in steps for word in ("git ", "make", ".venv", "python", "source "))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_scripts_are_short_and_take_values_from_variables(file: Path) -> None:
    for step in _steps(file):
        script = step.get("run", "")
        assert "${{" not in script
        assert len(script.splitlines()) <= 10, step["name"]


def _take(folder: Path, text: bytes | None, link: bool = False, ended: str = "success") -> int:
    """Run the step of `comment` that takes the file, with it downloaded already, and return its exit status."""
    found, programs = folder / "found", folder / "programs"
    programs.mkdir()
    if ended == "success":
        found.mkdir()
    (programs / "gh").write_text("#!/bin/sh\n")  # it would download what stands in `found`
    (programs / "gh").chmod(0o755)
    if link:
        (found / "comment.md").symlink_to("/etc/hostname")
    elif text is not None:
        (found / "comment.md").write_bytes(text)
    script = _script("comment", "Take one file of at most 300,000 bytes")
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "RUN": "1", "ENDED": ended, "PAGE": "https://ci.test/1"}
    return subprocess.run([*_BASH, script], cwd=folder, env=environment, check=False).returncode


@pytest.mark.parametrize(("size", "taken"), [(0, True), (300_000, True), (300_001, False)])
def test_a_comment_is_at_most_so_long(tmp_path: Path, size: int, taken: bool) -> None:
    assert (_take(tmp_path, b"x" * size) == 0) is taken


def test_a_comment_is_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert _take(tmp_path / "a", None) != 0
    assert _take(tmp_path / "b", None, link=True) != 0


def test_where_the_change_could_not_be_described_the_comment_says_so_and_has_no_label(tmp_path: Path) -> None:
    """What stood there is of an earlier commit."""
    assert _take(tmp_path, None, ended="failure") == 0

    found = (tmp_path / "found/comment.md").read_text()
    assert found.startswith("**What it does to any cluster is not known: `describe` has failed.** https://ci.test/1")
    assert _labels_asked(tmp_path, "no effect\\n") == [
        "api --silent --method DELETE repos/ml/pipelines/issues/7/labels/no%20effect"
    ]


def test_a_comment_says_of_which_commit_it_is_and_is_as_long_as_github_takes(tmp_path: Path) -> None:
    (tmp_path / "found").mkdir()
    (tmp_path / "found/comment.md").write_text("é" * 70_000)
    (tmp_path / "gh").write_text("#!/bin/sh\n")
    (tmp_path / "gh").chmod(0o755)
    mark = _workflow(ROOT / ".github/workflows/comment.yaml")["jobs"]["comment"]["env"]["MARK"]
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MARK": mark, "SHA": "a" * 40}
    script = _script("comment", "Write the comment, or write it again")
    subprocess.run([*_BASH, script], cwd=tmp_path, env=environment, check=True)

    body = (tmp_path / "body.md").read_text()
    assert body.startswith(mark) and body.endswith(f"Of the commit {'a' * 40}.")
    assert len(body) <= 65536


def test_a_comment_notifies_nobody(tmp_path: Path) -> None:
    script = _script("comment", "Write the comment, or write it again")
    quieted = re.search(r"sed -E '.*?' ", script)
    assert quieted
    done = subprocess.run(
        ["bash", "-c", f"{quieted[0]} -"], input="@ml/leads (@you) image@sha256:1 x@\n", capture_output=True, text=True
    )

    assert done.stdout == "@\u200bml/leads (@\u200byou) image@sha256:1 x@\n"


def _label(folder: Path, change: Change, known: str) -> list[str]:
    """What the step of `comment` that labels asks of a `gh` that knows the labels of the pull request."""
    (folder / "found").mkdir()
    (folder / "found/comment.md").write_text(to_markdown(change))
    return _labels_asked(folder, known)


def _labels_asked(folder: Path, known: str) -> list[str]:
    gh, asked = folder / "gh", folder / "asked"
    gh.write_text(f'#!/bin/sh\ncase "$*" in *--method*) echo "$*" >> {asked};; *) printf "{known}";; esac\n')
    gh.chmod(0o755)
    script = _script("comment", "Label it where nothing that runs changes")
    environment = {"PATH": f"{folder}:/usr/bin:/bin", "GH_REPO": "ml/pipelines", "NUMBER": "7", "LABEL": "no effect"}
    subprocess.run([*_BASH, script], cwd=folder, env=environment, check=True)
    return asked.read_text().splitlines() if asked.exists() else []


NOTHING = Change("main", "the checkout", sentence(Change("main", "the checkout")))


@pytest.mark.parametrize(
    ("change", "known", "asked"),
    [
        (NOTHING, "bug\\n", ["--silent --method POST {labels} --raw-field labels[]=no effect"]),
        (NOTHING, "no effect\\n", []),
        (BUSY, "bug\\nno effect\\n", ["--silent --method DELETE {labels}/no%20effect"]),
        (BUSY, "no effect at all\\n", []),
    ],
    ids=["is given", "is there", "is taken", "was never there"],
)
def test_the_label_says_whether_anything_that_runs_changes(
    tmp_path: Path, change: Change, known: str, asked: list[str]
) -> None:
    labels = "repos/ml/pipelines/issues/7/labels"

    assert _label(tmp_path, change, known) == [f"api {each.format(labels=labels)}" for each in asked]


def test_owners_and_the_template_name_what_is_there() -> None:
    owned = [line.split()[0] for line in (ROOT / ".github/CODEOWNERS").read_text().splitlines() if line[:1] == "/"]
    template = (ROOT / ".github/pull_request_template.md").read_text()

    assert {"/base/", "/environments/", "/schemas/policies/", "/approvals/", "/.github/"} <= set(owned)
    assert {"/.ci/", "/Makefile", "/pyproject.toml", "/requirements.lock"} <= set(owned)  # which CI installs and runs
    assert all((ROOT / path.strip("/")).exists() for path in owned if path != "/approvals/")
    assert (ROOT / "docs/changes.md").exists() and "docs/changes.md" in template
