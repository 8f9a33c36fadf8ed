"""What Git knows of a repository: what is committed, and where in its history a file stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from generators.errors import GraftError
from generators.inventory.read import Repository, source_of
from generators.ir.compile import SHARED

_LINK = "120000"  # the mode of one in a tree


def git(repository: Repository, *arguments: str, text: str = "", variables: Mapping[str, str] | None = None) -> bytes:
    """What a Git command prints, run in the repository's folder with `text` as its input; GraftError where it fails."""
    environment = os.environ | variables if variables else None
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=repository.root, env=environment, input=os.fsencode(text), capture_output=True,
            check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise GraftError("git is not installed", "install Git") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        fix = "name a commit, a branch or a tag of this repository"
        if "not a git repository" in reason:
            reason, fix = f"{repository.root} is not in a Git repository", "go to one that is, or run: git init"
        raise GraftError(f"git {arguments[0]}: {reason}", fix)
    return done.stdout


def is_tracking(repository: Repository) -> bool:
    """Whether the repository is a Git repository, or a folder in one."""
    try:
        return git(repository, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    except GraftError:
        return False


def committed(repository: Repository, folder: str) -> frozenset[str]:
    """The files of a folder that the commit which is checked out has, by their paths from the repository."""
    try:
        git(repository, "rev-parse", "--verify", "--quiet", "HEAD")
    except GraftError:
        return frozenset()  # nothing was committed yet
    listed = git(repository, "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", folder)
    return frozenset(os.fsdecode(listed).split("\0")[:-1])


def tracked(repository: Repository, *paths: str) -> list[str]:
    """The files of folders, or of Git's patterns, that stand in its index; none outside of a Git repository."""
    try:
        listed = git(repository, "ls-files", "-z", "--", *paths)
    except GraftError:
        return []
    return listed.decode("utf-8", "replace").split("\0")[:-1]


def head(repository: Repository) -> str:
    """The commit that is checked out, in full; GraftError where nothing was committed yet."""
    return _line(repository, "rev-parse", "--verify", "HEAD^{commit}")


def folder(repository: Repository) -> str:
    """Where the repository's folder stands in its Git repository, "" at the top."""
    return _line(repository, "rev-parse", "--show-prefix").rstrip("/")


def changed(repository: Repository, *paths: str) -> list[str]:
    """What of these paths is not as the commit which is checked out has it, what Git ignores included."""
    every = ("--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored=matching")
    listed = git(repository, "status", *every, "--", *paths).decode("utf-8", "replace")
    prefix = folder(repository)
    return [entry[3:].removeprefix(f"{prefix}/" if prefix else "") for entry in listed.split("\0")[:-1]]


def last_commit_with(repository: Repository, file: str) -> str:
    """The newest commit of any branch that wrote a file, as `<hash> of <date>`; "" where there is none."""
    try:
        every = ("log", "--all", "--full-history", "-1", "--diff-filter=AM", "--format=%h of %cs", "--", file)
        found = git(repository, *every)
    except GraftError:
        return ""
    return os.fsdecode(found).strip()


def commit_with_source(repository: Repository, folder: str, source: str) -> str:
    """The newest commit of any branch whose files of a component's folder give a source, written as above."""
    try:
        log = git(repository, "log", "--all", "--full-history", "--format=%h of %cs", "--", folder, SHARED)
    except GraftError:
        return ""
    commits = os.fsdecode(log).splitlines()
    return next((each for each in commits if _source(repository, each.split()[0], folder) == source), "")


def _source(repository: Repository, commit: str, folder: str) -> str:
    """The source of a component in one commit: of its folder, and of the package that all share where there is one."""
    contents = contents_at(repository, commit, folder, SHARED)
    return source_of([folder, SHARED], contents, contents.__getitem__)


def _contents(batch: bytes) -> dict[str, bytes]:
    """The content of each object by its name, from what `git cat-file --batch` prints."""
    found, at = {}, 0
    while at < len(batch):
        head, at = os.fsdecode(batch[at : (end := batch.index(b"\n", at))]).split(), end + 1
        found[head[0]], at = batch[at : at + int(head[2])], at + int(head[2]) + 1
    return found


def commits_of(repository: Repository, *paths: str, most: int = 0) -> list[str]:
    """The commits of the branch that changed any of these paths, the newest first; at most so many, 0 for all.

    Of a merge that is the merge itself: it is what the branch ran. None where nothing was committed yet.
    """
    limit = [f"--max-count={most}"] if most else []
    try:
        log = git(repository, "log", "--first-parent", *limit, "--format=%H", "--", *paths)
    except GraftError:
        return []
    return os.fsdecode(log).split()


def content_at(repository: Repository, commit: str, file: str) -> str:
    """A file as a commit has it, "" where it has none."""
    try:
        return git(repository, "show", f"{commit}:./{file}").decode()
    except (GraftError, UnicodeDecodeError):
        return ""


def contents_at(repository: Repository, commit: str, *folders: str) -> dict[str, bytes]:
    """The files of some folders as a commit has them, path to bytes, whatever Git's attributes say of them.

    A folder, or a file, that is a link has what the commit has there where it leads to.
    """
    ids = {}
    for folder in folders:
        listed = _entries(repository, commit, folder)
        ids |= {name: id_ for name, (mode, id_) in listed.items() if mode != _LINK}
        linked = [name for name, (mode, _) in listed.items() if mode == _LINK] if listed else [folder]
        for name, (kind, id_) in _led_to(repository, commit, linked).items():
            inside = _entries(repository, id_) if kind == "tree" and name == folder else {}
            plain = {f"{name}/{each}": id_ for each, (mode, id_) in inside.items() if mode != _LINK}
            ids |= {name: id_} if kind == "blob" else plain
    contents = _contents(git(repository, "cat-file", "--batch", text="".join(f"{id_}\n" for id_ in ids.values())))
    return {name: contents[id_] for name, id_ in ids.items()}


def _entries(repository: Repository, tree: str, *folders: str) -> dict[str, tuple[str, str]]:
    """Path to the mode and the id of each file and link below some folders of a tree."""
    within = ("--", *folders) if folders else ("--full-tree",)
    listed = os.fsdecode(git(repository, "ls-tree", "-r", "-z", tree, *within))
    entries = (entry.split("\t", 1) for entry in listed.split("\0")[:-1])
    return {name: (facts.split()[0], facts.split()[2]) for facts, name in entries if " blob " in facts}


def _led_to(repository: Repository, commit: str, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """What links of a commit, or links above a path, lead to: its kind and id; none that lead out of the commit."""
    found = {}
    for name in names:
        if "\n" not in name:
            asked = git(repository, "cat-file", "--batch-check", "--follow-symlinks", text=f"{commit}:./{name}\n")
            id_, kind, *_ = [*os.fsdecode(asked).partition("\n")[0].split(), ""]
            found |= {name: (kind, id_)} if kind in ("blob", "tree") else {}
    return found


def changed_files(repository: Repository, commit: str, *folders: str) -> list[str]:
    """The files that differ from a commit's, of some folders or of all; new ones that Git does not ignore too."""
    wanted = folders or (".",)
    listed = git(repository, "diff", "--name-only", "--no-renames", "--relative", "-z", commit, "--", *wanted)
    new = git(repository, "ls-files", "--others", "--exclude-standard", "-z", "--", *wanted)
    return sorted({name for each in (listed, new) for name in os.fsdecode(each).split("\0") if name})


def lines_at(repository: Repository, commit: str, pattern: str, folder: str) -> list[str]:
    """The lines of a commit's files below a folder that match a basic regular expression."""
    try:
        return git(repository, "grep", "-h", "-e", pattern, commit, "--", folder).decode(errors="replace").splitlines()
    except GraftError:  # none does
        return []


def origin(repository: Repository) -> str:
    """The URL of the remote `origin`, "" where there is none."""
    try:
        return _line(repository, "remote", "get-url", "origin")
    except GraftError:
        return ""


def revisions(repository: Repository) -> str:
    """What is checked out, and every branch and tag, as Git names them: another text once any of them has moved."""
    try:
        return _line(repository, "rev-parse", "HEAD", "--all")
    except GraftError:
        return ""


def newest_first(repository: Repository, folder: str) -> list[str]:
    """The files of a folder, the one that a commit added last first; GraftError where the history is cut off."""
    if git(repository, "rev-parse", "--is-shallow-repository").strip() == b"true":
        raise GraftError("this is a shallow clone, so it is not known which is newer", "run: git fetch --unshallow")
    # what a branch added is left out otherwise, where the merge of it changed the file again
    every = ("log", "--full-history", "-z", "--diff-filter=A", "--format=", "--name-only", "--relative", "--", folder)
    log = git(repository, *every)
    return list(dict.fromkeys(filter(None, os.fsdecode(log).split("\0"))))


@contextmanager
def checked_out(repository: Repository, revision: str, folders: Sequence[str]) -> Iterator[Repository]:
    """Some folders as they were at a revision, in a temporary folder; one that is a link has what it leads to."""
    with tempfile.TemporaryDirectory(prefix="graft-") as folder:
        if there := _line(repository, "ls-tree", "--name-only", revision, *folders).split():
            _unpack(repository, revision, there, Path(folder))
        for linked in (name for name in there if Path(folder, name).is_symlink()):
            Path(folder, linked).unlink()
            for name, content in contents_at(repository, revision, linked).items():
                Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
                Path(folder, name).write_bytes(content)
        yield Repository(Path(folder))


def write_revision(repository: Repository, revision: str, folder: Path) -> None:
    """Make a folder hold the whole repository as it was at a revision, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _unpack(repository, revision, (), folder)


def write_checkout(repository: Repository, folder: Path) -> None:
    """Make a folder hold what stands in the checkout, but for what Git ignores, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    listed = os.fsdecode(git(repository, "ls-files", "--cached", "--others", "--exclude-standard", "-z"))
    for file in filter(None, dict.fromkeys(listed.split("\0"))):
        source = repository.root / file
        if source.is_file() or source.is_symlink():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / file, follow_symlinks=False)


def _unpack(repository: Repository, revision: str, names: Sequence[str], folder: Path) -> None:
    """By an index of its own: `git archive` leaves out what attributes say, and `git checkout` runs a hook."""
    place = _line(repository, "rev-parse", "--absolute-git-dir")
    tree = _line(repository, "rev-parse", "--verify", f"{revision}:./")
    with tempfile.TemporaryDirectory(prefix="graft-index-") as scratch:
        apart = {"GIT_DIR": place, "GIT_WORK_TREE": str(folder), "GIT_INDEX_FILE": f"{scratch}/index"}
        git(Repository(folder), "read-tree", tree, variables=apart)
        files = git(Repository(folder), "ls-files", "-z", "--", *names, variables=apart)
        git(Repository(folder), "checkout-index", "-z", "--stdin", text=os.fsdecode(files), variables=apart)


def _line(repository: Repository, *arguments: str) -> str:
    return os.fsdecode(git(repository, *arguments)).strip()
