"""The Git server of the tests serves a checkout's current branch, whatever it is called, and follows its commits."""

from __future__ import annotations

import subprocess

import pytest
from cluster import certificates, git_server
from cluster.host import LOOPBACK, Host, free_port

BRANCH = "delivered"


def git(*arguments):
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(["git", *identity, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path):
    git("init", "-q", "-b", "work", tmp_path / "origin")
    return tmp_path / "origin"


@pytest.fixture
def url(checkout, tmp_path):
    committed(checkout, "one")
    port = free_port()
    process = git_server.start(Host(tmp_path), LOOPBACK, port, checkout, BRANCH, None)
    yield f"http://{LOOPBACK}:{port}/any/path.git"
    process.stop()


def committed(folder, text):
    (folder / "file").write_text(text)
    git("-C", folder, "add", "file")
    git("-C", folder, "commit", "-qm", text)
    return git("-C", folder, "rev-parse", "HEAD")


def test_the_head_of_the_checkout_is_the_branch_that_is_served(url, checkout):
    head = committed(checkout, "two")
    git("-C", checkout, "switch", "-qc", "another")
    other = committed(checkout, "three")

    assert git("ls-remote", url, BRANCH).split() == [other, f"refs/heads/{BRANCH}"]
    git("-C", checkout, "reset", "-q", "--hard", head)
    assert git("ls-remote", url).split() == [head, "HEAD", head, f"refs/heads/{BRANCH}"]


def test_what_is_committed_can_be_fetched_and_nothing_can_be_pushed(url, checkout, tmp_path):
    git("clone", "-q", url, tmp_path / "clone")
    assert (tmp_path / "clone" / "file").read_text() == "one"
    committed(checkout, "two")
    git("-C", tmp_path / "clone", "pull", "-q")
    assert (tmp_path / "clone" / "file").read_text() == "two"

    committed(tmp_path / "clone", "three")
    with pytest.raises(subprocess.CalledProcessError):
        git("-C", tmp_path / "clone", "push", "-q")
    assert git("-C", checkout, "log", "--format=%s", "--all").split() == ["two", "one"]


def test_a_worktree_is_served_too(url, checkout, tmp_path):
    git("-C", checkout, "worktree", "add", "-q", "-b", "side", tmp_path / "side")
    head = committed(tmp_path / "side", "two")
    port = free_port()
    (tmp_path / "other").mkdir()
    process = git_server.start(Host(tmp_path / "other"), LOOPBACK, port, tmp_path / "side", BRANCH, None)
    assert git("ls-remote", f"http://{LOOPBACK}:{port}/", BRANCH).split()[0] == head
    process.stop()


def test_by_https_a_client_that_trusts_its_authority_reads_it(checkout, tmp_path, monkeypatch):
    head, port = committed(checkout, "one"), free_port()
    authority = certificates.authority(tmp_path / "pki")
    certificate = authority.issue("server", "git", hosts=(LOOPBACK,))
    process = git_server.start(Host(tmp_path), LOOPBACK, port, checkout, BRANCH, certificate)
    url = f"https://{LOOPBACK}:{port}/x.git"

    monkeypatch.setenv("GIT_SSL_CAINFO", str(authority.file))
    assert git("ls-remote", url, BRANCH).split()[0] == head
    monkeypatch.setenv("GIT_SSL_CAINFO", "/etc/ssl/certs/ca-certificates.crt")
    with pytest.raises(subprocess.CalledProcessError):
        git("ls-remote", url)
    process.stop()
