"""The registry, asked as containerd asks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from cluster import images, registry
from cluster.host import LOOPBACK, Host, free_port
from cluster.image_build import Image, Layer
from cluster.image_layout import Layout

NAME = "docker.io/library/thing:1"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "images")


@pytest.fixture
def asked(layout: Layout, tmp_path: Path) -> Iterator[HTTPConnection]:
    """A connection to a registry that serves one image."""
    images.build(layout.folder, [thing(NAME, b"content")])
    port = free_port()
    process = registry.start(Host(tmp_path), LOOPBACK, port, layout.folder)
    connection = HTTPConnection(LOOPBACK, port)
    yield connection
    connection.close()
    process.stop()


def thing(name: str, content: bytes) -> Image:
    return Image((name,), (Layer(content.decode(), lambda folder: {"file": content}),), {})


def get(asked: HTTPConnection, path: str, method: str = "GET") -> tuple[int, bytes, dict[str, str]]:
    asked.request(method, path)
    answer = asked.getresponse()
    return answer.status, answer.read(), dict(answer.headers)


def test_an_image_is_served_by_its_tag_under_the_registry_that_was_meant(asked: HTTPConnection, layout: Layout) -> None:
    status, content, headers = get(asked, "/v2/library/thing/manifests/1?ns=docker.io")
    digest = layout.names()[NAME]
    assert (status, headers["Docker-Content-Digest"]) == (200, digest)
    assert content == layout.blob(digest).read_bytes()
    assert headers["Content-Type"] == json.loads(content)["mediaType"]
    assert get(asked, "/v2/library/thing/manifests/1?ns=elsewhere.example")[0] == 404


def test_a_digest_is_served_whole_whatever_the_repository_is_called(asked: HTTPConnection, layout: Layout) -> None:
    digest = layout.names()[NAME]
    status, content, _ = get(asked, f"/v2/team/model/manifests/{digest}?ns=registry.internal")
    layer = json.loads(content)["layers"][0]
    assert status == 200
    assert get(asked, f"/v2/team/model/blobs/{layer['digest']}?ns=x")[1] == layout.blob(layer["digest"]).read_bytes()


def test_a_head_says_the_size_and_sends_nothing(asked: HTTPConnection, layout: Layout) -> None:
    size = layout.blob(layout.names()[NAME]).stat().st_size
    status, content, headers = get(asked, "/v2/library/thing/manifests/1?ns=docker.io", "HEAD")
    assert (status, content, headers["Content-Length"]) == (200, b"", str(size))


@pytest.mark.parametrize(
    "path", ["manifests/2?ns=docker.io", "blobs/sha256:0", "blobs/sha256:", "tags/list", "blobs/.."]
)
def test_what_is_not_there_is_not_found(asked: HTTPConnection, path: str) -> None:
    assert get(asked, f"/v2/library/thing/{path}")[0] == 404


def test_an_image_that_is_added_later_is_served_too(asked: HTTPConnection, layout: Layout) -> None:
    images.build(layout.folder, [thing("docker.io/library/other:1", b"other")])
    assert get(asked, "/v2/library/other/manifests/1?ns=docker.io")[0] == 200
    assert get(asked, "/v2/library/thing/manifests/1?ns=docker.io")[0] == 200
