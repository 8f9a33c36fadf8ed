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
_SYNTAX = re.compile(r"#\s*syntax\s*=\s*(\S+)")  # the image that reads the file, in its first line
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_MOUNTED = re.compile(r"(?:^|,)from=([^,]+)")
_PYTHON = re.compile(r"(?:^|/)python:(\d+\.\d+)")
_PIP = re.compile(r"(.*/)?pip[\d.]*")
_BASE = re.compile(r"/base(?:[:@]|$)")


@dataclass(frozen=True)
class Instruction:
    """One instruction: its line, its word in capitals, its flags (`--from=x`) and the text after them."""

    line: int
    word: str
    flags: tuple[str, ...]
    rest: str


def instructions(text: str) -> Iterator[Instruction]:
    """Those of a Dockerfile in their order, each with the lines that it goes on in, without comments."""
    begun, parts = 0, []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#") or not line.strip():
            continue
        begun = begun if parts else number
        parts.append(line.rstrip().removesuffix("\\"))
        if not line.rstrip().endswith("\\"):
            yield _instruction(begun, " ".join(parts))
            parts = []


def images(text: str) -> Iterator[tuple[int, str]]:
    """(line, reference) of every image that building takes something from, "" for one that has no default."""
    if found := _SYNTAX.match(text):
        yield 1, found[1]
    defaults: dict[str, tuple[str, int]] = {}
    stages = {"scratch"}
    for each in instructions(text):
        if each.word == "ARG":
            for name, _, value in (part.partition("=") for part in _words(each.rest)):
                defaults[name] = (value, each.line)
        for image in _taken(each):
            if image.lower() not in stages and not image.isdigit():
                yield _filled(image, each.line, defaults)
        if each.word == "FROM" and len(words := each.rest.split()) == 3:
            stages.add(words[2].lower())


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
        for command in re.split(r"&&|\|\||;", each.rest) if each.word == "RUN" else ():
            words = _words(command)
            after = next((words[at + 1 :] for at, word in enumerate(words) if _PIP.fullmatch(word)), [])
            if "install" in after:
                yield each.line, after[after.index("install") + 1 :]


def _instruction(line: int, text: str) -> Instruction:
    word, *rest = text.split()
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


def _words(text: str) -> list[str]:
    """The words of a command, as far as a reader needs them: without the quotes around them."""
    return [word.strip("\"'") for word in text.split()]
