"""`graft verify`: whether a rendered tree is the one that its provenance speaks of, and is rendered by it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from generators import options
from generators.checks import tracked
from generators.errors import GraftError, Refused, Stale
from generators.fleet import manifests, provenance
from generators.fleet.cache import Cache
from generators.fleet.manifests import COMMAND
from generators.fleet.provenance import Provenance
from generators.fleet.stale import stale, stale_files
from generators.inventory.read import Repository
from generators.model import Finding, Place
from generators.output import report
from generators.output import write as output_write


def command(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The provenance: an in-toto statement.", show_default=False)
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="FILE", help="Write the provenance of this checkout, which must be clean."),
    ] = None,
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Check that rendered/ and definitions/ are what a provenance says, file by file, and that they are rendered again.

    It says the SHA-256 of each file, the commit, graft's version and the hash of what they were made from. Whoever
    makes one signs it: gh attestation verify, or cosign, says by whom it is.
    """
    if (file is None) == (write is None):
        raise GraftError("give either a FILE to verify, or --write FILE", "graft verify FILE")
    repository = options.repository(repo)
    found = write_provenance(repository, write) if write else verify(repository, options.text_of(str(file)), str(file))
    options.show(found, output)


@dataclass(frozen=True)
class Outcome:
    """The provenance that holds, the file that it is in, and whether it was written just now."""

    provenance: Provenance
    file: str
    written: bool = False

    def to_text(self) -> str:
        of = self.provenance
        files = f"{len(of.subjects)} files of commit {of.commit[:12]}, rendered by graft {of.graft}"
        return f"{self.file}: {files}" + ("" if self.written else ": each is as it says, and is rendered again")

    def to_json(self) -> str:
        of = self.provenance
        said = {"commit": of.commit, "inputs": of.inputs, "graft": of.graft, "subjects": len(of.subjects)}
        done = report.files([self.file], "written" if self.written else "verified")
        return report.as_json((), {"files": done, **said})


def verify(repository: Repository, text: str, name: str, cache: Cache | None = None) -> Outcome:
    """Hold the checkout against a statement, and render it again from nothing; Refused where anything is otherwise."""
    said = provenance.read(text, name)
    findings = list(provenance.differences(said, provenance.of_checkout(repository), name))
    findings += _rendered_again(repository, cache or Cache.empty())
    if findings:
        raise Refused(findings, f"this is not the tree that {name} speaks of")
    return Outcome(said, name)


def _rendered_again(repository: Repository, cache: Cache) -> Iterator[Finding]:
    """What the checkout renders otherwise than is in it, or why it renders nothing."""
    try:
        fleet, rendering = manifests.accepted(repository, "", cache)
    except Refused as refused:
        yield from refused.findings
        return
    for each in stale(fleet, rendering):
        place = Place(each.path, int(each.is_there))
        yield Finding("invalid", "rendered", "stale", place, "", each.message, fix=each.fix)


def write_provenance(repository: Repository, file: Path, cache: Cache | None = None) -> Outcome:
    """Write the statement of a checkout; refused where it is not what its commit has, or not what that renders."""
    if changed := provenance.changed_since_commit(repository):
        more = f" (and {len(changed) - 1} more)" if len(changed) > 1 else ""
        message = f"{changed[0]} is not as the commit has it{more}, and a provenance is of a commit"
        raise GraftError(message, "commit it, or do it in a clean clone")
    if unread := tracked.run_unread(repository):  # which is no part of the hashes of inputs and of graft
        what, (first, *_) = next(iter(unread.items()))
        raise GraftError(f"{first} is {what}, and nobody reads what that runs", f"run: git rm --cached {first}")
    fleet, rendering = manifests.accepted(repository, "", cache or Cache.empty())
    if files := stale_files(fleet, rendering):
        raise Stale(files, f"run: {COMMAND}, and commit")
    found = provenance.of_checkout(repository)
    output_write.write_file_atomically(file.absolute(), provenance.to_text(found, repository), file.absolute().parent)
    return Outcome(found, str(file), written=True)
