"""A person's contexts are those that kubectl would have, and the one of a declared cluster is found by its server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from generators.errors import GraftError
from generators.live import kubeconfig

EU, US = "https://eu.test:6443", "https://us.test"


def written(file: Path, current: str = "", user: dict[str, Any] | None = None, **contexts: str) -> Path:
    """A kubeconfig with these contexts, each of a cluster of its own."""
    document = {
        "current-context": current,
        "clusters": [{"name": f"c-{name}", "cluster": {"server": url}} for name, url in contexts.items()],
        "users": [{"name": "me", "user": user or {"token": "secret"}}],
        "contexts": [{"name": name, "context": {"cluster": f"c-{name}", "user": "me"}} for name in contexts],
    }
    file.write_text(yaml.safe_dump(document))
    return file


def load(*files: Path) -> kubeconfig.Kubeconfig:
    return kubeconfig.load({"KUBECONFIG": os.pathsep.join(map(str, files))})


@pytest.mark.parametrize("server", [US, "https://us.test:443", "https://us.test/", "https://US.test"])
def test_a_cluster_is_found_by_its_server_however_that_is_written(tmp_path: Path, server: str) -> None:
    known = load(written(tmp_path / "config", eu=EU, us=US))

    assert known.of_server(server).context_name == "us"
    assert known.of_server("https://us.test:6443") is None


def test_of_several_contexts_of_a_cluster_the_current_one_is_taken(tmp_path: Path) -> None:
    known = load(written(tmp_path / "config", "b", a=EU, b=EU, c=EU))

    assert known.of_server(EU).context_name == "b"
    assert known.named("").context_name == "b"


def test_files_are_merged_and_of_what_two_call_the_same_the_first_counts(tmp_path: Path) -> None:
    first = written(tmp_path / "first", "eu", eu=EU)
    second = written(tmp_path / "second", "us", eu=US, us=US)

    known = load(first, tmp_path / "missing", second)

    assert (known.current, list(known.contexts)) == ("eu", ["eu", "us"])
    assert known.named("eu").cluster.server == EU


def test_a_path_is_read_from_the_file_that_it_stands_in(tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    user = {"client-certificate": "me.crt", "client-key": "/keys/me.key"}

    known = load(written(tmp_path / "first", eu=EU), written(folder / "config", user=user, us=US))

    assert known.named("us").user.token == "secret", "both files call a user the same, and the first counts"
    known = load(written(folder / "config", user=user, us=US))
    assert known.named("us").user.client_cert == str(folder / "me.crt")
    assert known.named("us").user.client_key == "/keys/me.key"


def test_a_context_that_is_not_there_is_answered_with_the_nearest(tmp_path: Path) -> None:
    known = load(written(tmp_path / "config", staging=EU))

    with pytest.raises(GraftError) as refused:
        known.named("stagin")
    assert refused.value.fix == "did you mean staging?"
    with pytest.raises(GraftError, match="no current context"):
        known.named("")


def test_no_kubeconfig_is_no_contexts_and_what_is_none_is_refused(tmp_path: Path) -> None:
    assert load(tmp_path / "missing").contexts == {}
    for text in ("", "{}", "clusters: null\ncontexts: null\nusers: null\n"):
        (tmp_path / "config").write_text(text)
        assert load(tmp_path / "config").contexts == {}
    for text in ("[1]", "clusters: 3\ncontexts: []", "a: [", "contexts: [{name: a, context: {}}]"):
        (tmp_path / "config").write_text(text)
        with pytest.raises(GraftError, match="is not a kubeconfig"):
            load(tmp_path / "config")
