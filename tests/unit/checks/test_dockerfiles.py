"""What an image is built from is named by its content, or the line that is not is said."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from generators.catalogue.dockerfiles import instructions, python_of_image
from generators.checks.dockerfiles import problems
from generators.inventory.read import Repository

DIGEST = "@sha256:" + "1" * 64
FROM = f"FROM x{DIGEST}\n"
LOOSE = {  # a Dockerfile to the lines and rules of what is wrong with it
    "FROM python:3.12\n": [(1, "base-image")],
    "# c\nARG BASE=python:3.12\nFROM ${BASE}\n": [(2, "base-image")],
    "ARG TAG=3.12\nFROM python:$TAG\n": [(2, "base-image")],
    "ARG BASE\nFROM $BASE\n": [(1, "base-image")],
    "FROM --platform=linux/amd64 python@sha256:12\n": [(1, "base-image")],
    f"FROM x{DIGEST} AS build\nFROM build AS next\nCOPY --from=next /a /b\nCOPY --from=0 /a /b\nFROM scratch\n": [],
    f"{FROM}COPY --from=ghcr.io/tool:latest /tool /tool\n": [(2, "base-image")],
    f"{FROM}RUN --mount=type=bind,from=tool:1,target=/t /t/run\n": [(2, "base-image")],
    f"# syntax=docker/dockerfile:1\n{FROM}": [(1, "base-image")],
    f"{FROM}ADD https://x.test/a.tar /a\n": [(2, "download")],
    f"{FROM}ADD --checksum=sha256:{'1' * 64} https://x.test/a.tar /a\n": [],
    f"{FROM}ADD src /src\n": [],
    f"{FROM}RUN pip install --only-binary :all: numpy\n": [(2, "pip-install")],
    f"{FROM}RUN a && \\\n  # why\n  python -m pip install --no-build-isolation -r r.txt\n": [(2, "pip-install")],
    f"{FROM}RUN /opt/venv/bin/pip3 install --only-binary=:all: --requirement=r.lock\n": [(2, "pip-install")],
    f"{FROM}RUN pip install --require-hashes --requirement r.lock\n": [(2, "pip-install")],
    f"{FROM}RUN pip install --require-hashes --no-build-isolation --requirement r.lock\n": [],
    f"{FROM}RUN uv pip install --require-hashes --only-binary :all: -r r.lock\n": [],
    f"{FROM}RUN pip install --no-deps /opt/shared\n": [(2, "pip-install")],
    f"{FROM}RUN pip install --no-build-isolation .\n": [(2, "pip-install")],
    f"{FROM}RUN pip install --no-deps --no-build-isolation /opt/shared\n": [],
    f"{FROM}RUN pip install --require-hashes --only-binary :all: -r a && pip install --only-binary :all: six\n": [
        (2, "pip-install")
    ],
    # what docker does otherwise than it looks at first
    f"# escape=`\n# syntax=evil/frontend\n{FROM}": [(2, "base-image")],
    f"# SYNTAX=evil/frontend\n{FROM}": [(1, "base-image")],
    f"# a comment, after which there are no directives\n# syntax=docker/dockerfile:1\n{FROM}": [],
    f"ARG B=evil:1\nFROM x{DIGEST} AS a\nARG B=x{DIGEST}\nFROM $B\n": [(1, "base-image")],
    f"ARG B=x{DIGEST}\nFROM $B AS a\nARG B\nCOPY --from=$B a b\n": [],
    f"FROM x{DIGEST} AS a\nARG B=x{DIGEST}\nFROM scratch\nCOPY --from=$B a b\n": [(4, "base-image")],
    "FROM 0\n": [(1, "base-image")],
    f"{FROM}ONBUILD COPY --from=evil:1 a b\n": [(2, "base-image")],
    f"{FROM}ADD here.txt https://x.test/a /a/\n": [(2, "download")],
    f'{FROM}ADD ["https://x.test/a", "/a"]\n': [(2, "download")],
    f"{FROM}ARG URL=https://x.test/a\nADD $URL /a\n": [(3, "download")],
    f"{FROM}ADD --checksum=none https://x.test/a /a\n": [(2, "download")],
    f'{FROM}RUN ["pip","install","--only-binary=:all:","six"]\n': [(2, "pip-install")],
    f"{FROM}RUN <<END\nset -e\npip install --only-binary :all: six\nEND\nCOPY a b\n": [(2, "pip-install")],
    f"{FROM}RUN true \\\n&& p\\\nip install --only-binary :all: six\n": [(2, "pip-install")],
    f"# escape=`\n{FROM}RUN p`\nip install --only-binary :all: six\n": [(3, "pip-install")],
    f"{FROM}RUN (pip install --only-binary :all: six) | tee log\n": [(2, "pip-install")],
    f"{FROM}ONBUILD RUN pip install --only-binary :all: six\n": [(2, "pip-install")],
    f"{FROM}RUN echo 'pip\n": [],
    f"{FROM}RUN apt-get install pip\n": [],
}


@pytest.mark.parametrize("text", LOOSE)
def test_what_may_be_something_else_tomorrow_is_named_at_its_line(text: str) -> None:
    found = list(problems("Dockerfile", text))

    assert [(each.place.line, each.rule) for each in found] == LOOSE[text]
    assert all(each.failing and each.fix for each in found)


@pytest.mark.parametrize("part", ["--a ", "pip install a && ", "$A", "'", "COPY --from=a b c\n", "ARG A=$A\n", "\\\n"])
def test_a_hostile_file_is_read_in_seconds(part: str) -> None:
    before = time.process_time()

    list(problems("Dockerfile", f"ARG A={'$A' * 1000}\nRUN {part * (100_000 // len(part))}"))

    assert time.process_time() - before < 10  # what grows with the square takes minutes


def test_a_digest_of_zeros_is_a_warning() -> None:
    (finding,) = problems("Dockerfile", f"FROM x@sha256:{'0' * 64}\n")

    assert (finding.verdict, finding.rule) == ("warning", "base-image")


def test_an_instruction_goes_on_over_lines_and_comments() -> None:
    (first, second) = instructions("RUN a \\\n\n# no\n  b\nCOPY --chown=1 --from=x a b\n")

    assert (first.line, first.word, first.rest.split()) == (1, "RUN", ["a", "b"])
    assert (second.line, second.flags, second.rest) == (5, ("--chown=1", "--from=x"), "a b")


@pytest.mark.parametrize(
    ("own", "python"),
    [
        ("FROM registry/ml/base@sha256:1", "3.11"),
        ("ARG X=registry/python:3.13-slim@sha256:1\nFROM $X", "3.13"),
        ("FROM registry/other@sha256:1", ""),
    ],
)
def test_the_python_of_an_image_is_that_of_its_own_base(tmp_path: Path, own: str, python: str) -> None:
    for folder, text in {"shared": "FROM python:3.11.4\n", "greeter": own}.items():
        (tmp_path / "components" / folder).mkdir(parents=True)
        (tmp_path / "components" / folder / "Dockerfile").write_text(text)

    assert python_of_image(Repository(tmp_path), "components/greeter") == python
