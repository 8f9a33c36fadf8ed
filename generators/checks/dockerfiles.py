"""Whether an image is made of what is named by its content: images by digest, packages by hash, downloads by sum."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generators.catalogue.dockerfiles import DOCKERFILE, images, installs, instructions, words_of
from generators.catalogue.locks import LOCK
from generators.catalogue.readmes import folders
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.ir.compile import SHARED
from generators.model import UNBUILT, Finding, Place

_DIGEST = re.compile(r"[^@\s]+@sha256:[0-9a-f]{64}")
_URL = re.compile(r"(https?|git|ssh)://|git@|.*\$", re.IGNORECASE)  # or what an argument may make one
_CHECKSUM = re.compile(r"--checksum=sha256:[0-9a-f]{64}")
_TAKING = {  # options of pip with a value of their own
    "-r", "--requirement", "-c", "--constraint", "-t", "--target", "--prefix", "--root", "--only-binary", "--no-binary",
    "--progress-bar",
}  # fmt: skip
_REQUIREMENT, _HASHED, _NOT_ISOLATED = {"-r", "--requirement"}, "--require-hashes", "--no-build-isolation"
_BUILT = {_NOT_ISOLATED, "--only-binary"}


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding for whatever an image is built from that may be something else tomorrow."""
    for folder in (SHARED, *folders(fleet.repository)):
        file = f"{folder}/{DOCKERFILE}"
        if fleet.repository.exists(file):
            yield from problems(file, fleet.repository.text(file))


def problems(file: str, text: str) -> Iterator[Finding]:
    """What is wrong with a Dockerfile."""
    for line, image in images(text):
        yield from _of_image(file, line, image)
    for each in instructions(text):
        is_checked = each.word != "ADD" or any(map(_CHECKSUM.fullmatch, each.flags))
        for source in () if is_checked else words_of(each.rest)[:-1]:
            if _URL.match(source):
                message, fix = "downloads what may change at that address", "write ADD --checksum=sha256:..."
                yield _finding(file, each.line, "download", message, source, fix)
    for line, arguments in installs(text):
        yield from _of_install(file, line, arguments)


def _of_image(file: str, line: int, image: str) -> Iterator[Finding]:
    if not image:
        message, fix = (
            "takes from an image that a build argument names, which has no default",
            "write ARG NAME=IMAGE@sha256:...",
        )
        yield _finding(file, line, "base-image", message, fix=fix)
    elif not _DIGEST.fullmatch(image):
        message = "takes from an image by a name that may be another image tomorrow"
        fix = f"write {image.partition('@')[0]}@sha256:..., with what docker buildx imagetools inspect says"
        yield _finding(file, line, "base-image", message, image, fix)
    elif image.endswith(UNBUILT):
        message, fix = "names no image yet: an all-zero digest stands here", "build or pull it, and write its digest"
        yield Finding("warning", "capability", "base-image", Place(file, line), "", message, image, fix=fix)


def _of_install(file: str, line: int, arguments: list[str]) -> Iterator[Finding]:
    named = [word for before, word in zip(["", *arguments], arguments, strict=False) if _is_named(before, word)]
    local = [word for word in named if word.startswith((".", "/"))]
    packages = [word for word in named if word not in local]
    from_file = any(word.partition("=")[0] in _REQUIREMENT or word.startswith("-r") for word in arguments)
    found = f"pip install {' '.join(arguments)}"
    if (packages or from_file) and _HASHED not in arguments:
        message = "installs packages without saying by hash which files they are"
        fix = f"pip install {_HASHED} --requirement {LOCK}, copied from beside this file"
        yield _finding(file, line, "pip-install", message, found, fix)
    if local and "--no-deps" not in arguments:
        message = "installs a folder with whatever it asks the registry for"
        fix = f"add --no-deps, and list what it asks for in {LOCK}"
        yield _finding(file, line, "pip-install", message, found, fix)
    if (named or from_file) and not any(word.partition("=")[0] in _BUILT for word in arguments):
        message = "builds what has no wheel with whatever the registry has when it is built"
        fix = f"lock the build's backend, install it before, and add {_NOT_ISOLATED}"
        yield _finding(file, line, "pip-install", message, found, fix)


def _is_named(before: str, word: str) -> bool:
    """Whether a word of `pip install` is a package or a folder: no option, and no value of one."""
    return not word.startswith("-") and before not in _TAKING


def _finding(file: str, line: int, rule: str, message: str, found: str = "", fix: str = "") -> Finding:
    return Finding("invalid", "capability", rule, Place(file, line), "", message, found, fix=fix)
