"""Whether what belongs to one environment alone stands in what is rendered for another.

That is a host, a bucket, a Secret's name or an image's digest that one file of `environments/` names and no other does:
a value of production in a default of `base/`, or in code, would have staging write to production.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import RENDERED, Rendering
from generators.inventory.read import Repository, read_document, walk
from generators.model import UNBUILT, Finding, Place

_KIND = "leaks"
_FOLDER = "environments"
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOTTED = rf"((?:{_NAME}\.)+[A-Za-z][A-Za-z0-9-]*)"
_HOST = re.compile(rf"(?://|@){_DOTTED}(?=[:/?]|$)|^{_DOTTED}(?=:\d+$)")
_BUCKET = re.compile(r"^(?:s3|gs)://([^/]+)")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_WRITTEN = ("base/**/*.yml", "environments/*.yml", "generators/pipelines/*.py", "components/**/*.py")


@dataclass(frozen=True, order=True)
class Own:
    """Something that an environment's file names: what it is called, and its text."""

    what: str
    text: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """Where it stands as itself, and not as a part of another name."""
        if self.what == "Secret":
            return re.compile(
                rf"(?:secretName|secretKeyRef\S*\s+(?:key: \S+\s+)?name|secret): [\"']?{re.escape(self.text)}(?![\w.-])"
            )
        before = "://" if self.what == "bucket" else r"(?<![\w.-])"
        return re.compile(rf"{before}{re.escape(self.text)}(?!\.?[\w-])")


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding for each thing of one environment in the tree of another, at the line that a person has written."""
    repository = fleet.repository
    named = {name: set(own(repository, f"{_FOLDER}/{name}.yml")) for name in sorted(fleet.environments)}
    for name in named:
        tree = {file: each for file, each in rendering.tree.items() if file.startswith(f"{name}/")}
        foreign = {(other, each) for other in named for each in alone(named, other) if other != name}
        told = sorted((other, each.what, each.text) for other, each in foreign)
        key = fleet.cache.key(*(part for one in told for part in one), *(each.digest for each in tree.values()))
        if fleet.cache.get(_KIND, key):
            continue
        texts = {f"{RENDERED}/{file}": content.text for file, content in tree.items()}
        found = list(problems(repository, name, foreign, texts))
        yield from found
        if not found:
            fleet.cache.put(_KIND, key, True)


def own(repository: Repository, file: str) -> Iterator[Own]:
    """The hosts, buckets, Secrets and digests that a file of an environment names; none where it cannot be read."""
    document = read_document(file, repository.text(file))
    for path, node in walk(document.root) if document.root else ():
        if not isinstance(node.value, str):
            continue
        if path and path[-1] == "secret":
            yield Own("Secret", node.value)
        yield from (Own("host", found[1] or found[2]) for found in _HOST.finditer(node.value))
        yield from (Own("bucket", found[1]) for found in _BUCKET.finditer(node.value))
        yield from (Own("digest", found[0]) for found in _DIGEST.finditer(node.value) if found[0] != UNBUILT)


def alone(named: Mapping[str, set[Own]], environment: str) -> set[Own]:
    """What this environment names and no other one does."""
    others = (each for name, each in named.items() if name != environment)
    return named[environment].difference(*others)


def problems(
    repository: Repository, environment: str, foreign: set[tuple[str, Own]], texts: Mapping[str, Callable[[], str]]
) -> Iterator[Finding]:
    """A finding for each foreign thing in the files of an environment's tree, for the first file that has it."""
    left = sorted(foreign)
    for file, read in texts.items():
        text = read()
        for other, each in [one for one in left if one[1].text in text]:
            if found := each.pattern.search(text):
                left.remove((other, each))
                line = text.count("\n", 0, found.start()) + 1
                yield _finding(repository, environment, other, each, Place(file, line))


def _finding(repository: Repository, environment: str, other: str, each: Own, rendered: Place) -> Finding:
    place = _written(repository, each, f"{_FOLDER}/{other}.yml") or rendered
    message = f"the {each.what} {each.text} is {other}'s alone, and is in what {environment} runs"
    fix = (
        f"say {environment}'s own in {_FOLDER}/{environment}.yml, or, where both are meant to use it, name it there too"
    )
    return Finding(
        "invalid", "leaks", each.what.lower(), place, "", message, f"{rendered.file}:{rendered.line}", fix=fix
    )


def _written(repository: Repository, each: Own, but: str) -> Place | None:
    """The first line that a person has written it on, but in the file of the environment that it belongs to."""
    for pattern in _WRITTEN:
        for file in repository.files(pattern):
            text = repository.content(file).decode("utf-8", "replace")
            at = -1 if file == but else text.find(each.text)
            if at >= 0:
                return Place(file, text.count("\n", 0, at) + 1)
    return None
