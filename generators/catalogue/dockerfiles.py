"""Reads a component's Dockerfile: which images it takes from, and what its commands install.

The format is https://docs.docker.com/reference/dockerfile/; a build argument is taken at its default.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from generators.inventory.read import Repository
from generators.ir.compile import SHARED

DOCKERFILE = "Dockerfile"
_DIRECTIVE = re.compile(r"(?:#|//)\s*([A-Za-z]+)\s*=\s*(\S+)")  # in the first lines, before any other comment
_SYNTAX, _ESCAPE = "syntax", "escape"  # the image that reads the file; what a line that goes on ends in
_HERE = re.compile(r"<<-?\s*([\"']?)(\w+)\1")  # the word that ends a text in the file itself
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_MOUNTED = re.compile(r"(?:^|,)from=([^,]+)")
_PYTHON = re.compile(r"(?:^|/)python:(\d+\.\d+)")
_PIP = re.compile(r"(.*/)?pip[\d.]*")
_BASE = re.compile(r"/base(?:[:@]|$)")
_WITH_TEXTS = re.compile(r"\s*(ONBUILD\s+)?(RUN|COPY|ADD)\s", re.IGNORECASE)
_BETWEEN = re.compile(r"[;|&()`]+")  # two commands of a shell


@dataclass(frozen=True)
class Instruction:
    """One instruction: its line, its word in capitals, its flags (`--from=x`) and the text after them."""

    line: int
    word: str
    flags: tuple[str, ...]
    rest: str


def instructions(text: str) -> Iterator[Instruction]:
    """Those of a Dockerfile in their order, each with the lines that it goes on in and its texts, without comments."""
    begun, whole, ends = 0, "", []
    escape = "`" if directives(text).get(_ESCAPE, ("", 0))[0] == "`" else "\\"
    for number, line in enumerate(text.splitlines(), start=1):
        if ends:  # inside a text
            whole += f"; {line}" if line.strip() != ends[0] else ""
            ends = ends[1:] if line.strip() == ends[0] else ends
        elif line.lstrip().startswith("#") or not line.strip():
            continue
        else:
            begun = begun if whole else number
            whole += line.rstrip().removesuffix(escape)
            if line.rstrip().endswith(escape):
                continue
            ends = [word for _, word in _HERE.findall(whole)] if _WITH_TEXTS.match(whole) else []
        if not ends and whole.strip():
            yield _instruction(begun, whole)
            whole = ""
    if whole.strip():
        yield _instruction(begun, whole)


def directives(text: str) -> dict[str, tuple[str, int]]:
    """What a Dockerfile tells whoever reads it, by its word: the value and the line."""
    found: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not (said := _DIRECTIVE.fullmatch(line.strip())) and not (number == 1 and line.startswith("#!")):
            break
        if said:
            found.setdefault(said[1].lower(), (said[2], number))
    return found


def images(text: str) -> Iterator[tuple[int, str]]:
    """(line, reference) of every image that building takes something from, "" for one that has no default."""
    if found := directives(text).get(_SYNTAX):
        yield found[1], found[0]
    known: dict[str, tuple[str, int]] = {}  # arguments as they stand here; a stage knows none of those before it
    before: dict[str, tuple[str, int]] | None = None  # those before the first stage, which alone FROM knows
    stages = {"scratch"}
    for each in instructions(text):
        if each.word == "FROM":
            before = before if before is not None else known
            known = {}
        if each.word == "ARG":
            known |= {name: (value, each.line) for name, value in _arguments(each, before)}
        for image in _taken(each):
            of_a_stage = image.isdigit() and each.word != "FROM"
            if image.lower() not in stages and not of_a_stage:
                yield _filled(image, each.line, before or {} if each.word == "FROM" else known)
        if each.word == "FROM" and len(words := each.rest.split()) == 3:
            stages.add(words[2].lower())


def _arguments(each: Instruction, before: dict[str, tuple[str, int]] | None) -> Iterator[tuple[str, str]]:
    """The build arguments of an ARG with their defaults; one without any has that of before the first stage."""
    for name, given, value in (part.partition("=") for part in words_of(each.rest)):
        yield name, value if given else (before or {}).get(name, ("", 0))[0]


def python_of_image(repository: Repository, folder: str) -> str:
    """The version of Python, such as `3.12`, in the image of a component; "" where its Dockerfile does not say it."""
    file = f"{folder}/{DOCKERFILE}"
    if not repository.exists(file):
        return ""
    named = [image for _, image in images(repository.text(file))]
    if found := next(filter(None, map(_PYTHON.search, named)), None):
        return found[1]
    return python_of_image(repository, SHARED) if folder != SHARED and stands_on_base(repository, folder) else ""


def stands_on_base(repository: Repository, folder: str) -> bool:
    """Whether the image of a component stands on the base image that is built here."""
    text = repository.text(f"{folder}/{DOCKERFILE}")
    return any(_BASE.search(image) for _, image in images(text))


def installs(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, arguments) of every `pip install` that building runs."""
    for each in instructions(text):
        for command in _BETWEEN.split(each.rest) if each.word == "RUN" else ():
            words = words_of(command)
            after = next((words[at + 1 :] for at, word in enumerate(words) if _PIP.fullmatch(word)), [])
            if "install" in after:
                yield each.line, after[after.index("install") + 1 :]


def _instruction(line: int, text: str) -> Instruction:
    word, *rest = text.split()
    if word.upper() == "ONBUILD" and rest:  # what it says is done where another image stands on this one
        return _instruction(line, " ".join(rest))
    flags = tuple(itertools.takewhile(lambda part: part.startswith("--"), rest))
    return Instruction(line, word.upper(), flags, " ".join(rest[len(flags) :]))


def _taken(instruction: Instruction) -> Iterator[str]:
    """The images and stages that an instruction names."""
    if instruction.word == "FROM":
        yield from instruction.rest.split()[:1]
    for flag, _, value in (flag.partition("=") for flag in instruction.flags):
        if flag == "--from":
            yield value
        elif flag == "--mount" and (found := _MOUNTED.search(value)):
            yield found[1]


def _filled(image: str, line: int, defaults: dict[str, tuple[str, int]]) -> tuple[int, str]:
    """An image with its build arguments at their defaults, at the line of the default where that is all of it."""
    whole = _VARIABLE.fullmatch(image)
    if whole:
        value, at = defaults.get(whole[1], ("", 0))
        return at or line, value
    return line, _VARIABLE.sub(lambda found: defaults.get(found[1], ("", 0))[0], image)


def words_of(text: str) -> list[str]:
    """The words of a command, as far as a reader needs them: without the quotes and brackets around them."""
    listed = text.strip().startswith("[")
    words = re.split(r"[\s,]+", text.strip().strip("[]")) if listed else text.split()
    return [word.strip("\"'") for word in words]
