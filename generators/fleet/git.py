"""What Git knows of a repository: what is committed, and where in its history a file stands."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from generators.errors import GraftError
from generators.inventory.read import Repository, source_of
from generators.ir.compile import SHARED


def git(repository: Repository, *arguments: str, text: str = "") -> bytes:
    """What a Git command prints, run in the repository's folder with `text` as its input; GraftError where it fails."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=repository.root, input=text.encode(), capture_output=True, check=False
        )
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
    return frozenset(listed.decode().split("\0")[:-1])


def tracked(repository: Repository, folder: str) -> list[str]:
    """The files of a folder that stand in Git's index, none outside of a Git repository."""
    try:
        listed = git(repository, "ls-files", "-z", "--", folder)
    except GraftError:
        return []
    return listed.decode("utf-8", "replace").split("\0")[:-1]


def head(repository: Repository) -> str:
    """The commit that is checked out, in full; GraftError where nothing was committed yet."""
    return git(repository, "rev-parse", "--verify", "HEAD^{commit}").decode().strip()


def folder(repository: Repository) -> str:
    """Where the repository's folder stands in its Git repository, "" at the top."""
    return git(repository, "rev-parse", "--show-prefix").decode().strip().rstrip("/")


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
    return found.decode().strip()


def commit_with_source(repository: Repository, folder: str, source: str) -> str:
    """The newest commit of any branch whose files of a component's folder give a source, written as above."""
    try:
        log = git(repository, "log", "--all", "--full-history", "--format=%h of %cs", "--", folder, SHARED)
    except GraftError:
        return ""
    commits = log.decode().splitlines()
    return next((each for each in commits if _source(repository, each.split()[0], folder) == source), "")


def _source(repository: Repository, commit: str, folder: str) -> str:
    """The source of a component in one commit: of its folder, and of the package that all share where there is one."""
    contents = contents_at(repository, commit, folder, SHARED)
    return source_of([folder, SHARED], contents, contents.__getitem__)


def _contents(batch: bytes) -> dict[str, bytes]:
    """The content of each object by its name, from what `git cat-file --batch` prints."""
    found, at = {}, 0
    while at < len(batch):
        head, at = batch[at : (end := batch.index(b"\n", at))].decode().split(), end + 1
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
    return log.decode().split()


def content_at(repository: Repository, commit: str, file: str) -> str:
    """A file as a commit has it, "" where it has none."""
    try:
        return git(repository, "show", f"{commit}:./{file}").decode()
    except (GraftError, UnicodeDecodeError):
        return ""


def contents_at(repository: Repository, commit: str, *folders: str) -> dict[str, bytes]:
    """The files of some folders as a commit has them, path to bytes, whatever Git's attributes say of them."""
    listed = git(repository, "ls-tree", "-r", "-z", commit, "--", *folders).decode("utf-8", "surrogateescape")
    entries = (entry.split("\t", 1) for entry in listed.split("\0")[:-1])
    ids = {name: facts.split()[2] for facts, name in entries if " blob " in facts}
    contents = _contents(git(repository, "cat-file", "--batch", text="".join(f"{id_}\n" for id_ in ids.values())))
    return {name: contents[id_] for name, id_ in ids.items()}


def changed_files(repository: Repository, commit: str, *folders: str) -> list[str]:
    """The files that differ from a commit's, of some folders or of all; new ones that Git does not ignore too."""
    wanted = folders or (".",)
    listed = git(repository, "diff", "--name-only", "--no-renames", "--relative", "-z", commit, "--", *wanted)
    new = git(repository, "ls-files", "--others", "--exclude-standard", "-z", "--", *wanted)
    return sorted({name for each in (listed, new) for name in each.decode().split("\0") if name})


def lines_at(repository: Repository, commit: str, pattern: str, folder: str) -> list[str]:
    """The lines of a commit's files below a folder that match a basic regular expression."""
    try:
        return git(repository, "grep", "-h", "-e", pattern, commit, "--", folder).decode(errors="replace").splitlines()
    except GraftError:  # none does
        return []


def origin(repository: Repository) -> str:
    """The URL of the remote `origin`, "" where there is none."""
    try:
        return git(repository, "remote", "get-url", "origin").decode().strip()
    except GraftError:
        return ""


def revisions(repository: Repository) -> str:
    """What is checked out, and every branch and tag, as Git names them: another text once any of them has moved."""
    try:
        return git(repository, "rev-parse", "HEAD", "--all").decode()
    except GraftError:
        return ""


def newest_first(repository: Repository, folder: str) -> list[str]:
    """The files of a folder, the one that a commit added last first; GraftError where the history is cut off."""
    if git(repository, "rev-parse", "--is-shallow-repository").strip() == b"true":
        raise GraftError("this is a shallow clone, so it is not known which is newer", "run: git fetch --unshallow")
    # what a branch added is left out otherwise, where the merge of it changed the file again
    every = ("log", "--full-history", "-z", "--diff-filter=A", "--format=", "--name-only", "--relative", "--", folder)
    log = git(repository, *every)
    return list(dict.fromkeys(filter(None, log.decode().split("\0"))))


@contextmanager
def checked_out(repository: Repository, revision: str, folders: Sequence[str]) -> Iterator[Repository]:
    """Some folders as they were at a revision, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="graft-") as folder:
        if there := git(repository, "ls-tree", "--name-only", revision, *folders).decode().split():
            _unpack(repository, revision, there, Path(folder))
        yield Repository(Path(folder))


def write_revision(repository: Repository, revision: str, folder: Path) -> None:
    """Make a folder hold the whole repository as it was at a revision, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _unpack(repository, revision, (), folder)


def write_checkout(repository: Repository, folder: Path) -> None:
    """Make a folder hold what stands in the checkout, but for what Git ignores, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    listed = git(repository, "ls-files", "--cached", "--others", "--exclude-standard", "-z").decode().split("\0")
    for file in filter(None, dict.fromkeys(listed)):
        source = repository.root / file
        if source.is_file() or source.is_symlink():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / file, follow_symlinks=False)


def _unpack(repository: Repository, revision: str, names: Sequence[str], folder: Path) -> None:
    packed = git(repository, "archive", "--format=tar", revision, *names)
    import tarfile

    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
