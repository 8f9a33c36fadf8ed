"""What the registry says of a lock stands at the line of the package; the answers here are as uv gives them."""

from __future__ import annotations

from generators.catalogue.audit import Answer, problems

SIX, ATTRS, API = "a" * 64, "b" * 64, "c" * 64
LOCK = f"""\
attrs==21.1.0 \\
    --hash=sha256:{ATTRS}
    # via six
kfp-server-api==2.17.3 --hash=sha256:{API}
six==1.17.0 --hash=sha256:{SIX} --hash=sha256:{"d" * 64}
"""
HASHED = f"""\
attrs==21.1.0 --hash=sha256:{ATTRS} --hash=sha256:{"e" * 64}
kfp-server-api==2.17.3 --hash=sha256:{API}
six==1.17.0 --hash=sha256:{SIX}
"""
PYLOCK = f"""\
lock-version = "1.0"
[[packages]]
name = "kfp-server-api"
version = "2.17.3"
sdist = {{ url = "https://files.test/a.tar.gz", hashes = {{ sha256 = "{API}" }} }}
[[packages]]
name = "six"
version = "1.17.0"
sdist = {{ url = "https://files.test/b.tar.gz", hashes = {{ sha256 = "{SIX}" }} }}
wheels = [{{ url = "https://files.test/b.whl", hashes = {{ sha256 = "{SIX}" }} }}]
"""
YANKED = 'Resolved 3 packages in 2.00s\nwarning: `attrs==21.1.0` is yanked (reason: "Not importable on 3.4.")\n'


def test_what_the_registry_says_stands_at_the_line_of_the_package() -> None:
    found = list(problems("requirements.lock", LOCK, Answer(HASHED, PYLOCK, YANKED)))

    assert [(each.place.line, each.rule, each.verdict) for each in found] == [
        (1, "yanked", "invalid"),
        (4, "no-wheel", "warning"),
        (5, "hash", "invalid"),
    ]
    assert found[0].found == "Not importable on 3.4."
    assert found[2].found == f"sha256:{'d' * 64}" and found[2].message.startswith("six 1.17.0 is locked by a hash")


def test_a_lock_that_the_registry_agrees_with_has_no_findings() -> None:
    lock = HASHED.partition("kfp")[0]

    assert list(problems("requirements.lock", lock, Answer(HASHED, PYLOCK, ""))) == []


def test_a_release_that_is_not_answered_for_has_none_of_its_hashes() -> None:
    (finding,) = problems("requirements.lock", f"gone==1 --hash=sha256:{SIX}\n", Answer(HASHED, PYLOCK, ""))

    assert (finding.rule, finding.failing) == ("hash", True)
