"""What the YAML readers return for a plain scalar, measured, and what graft makes of it.

PyYAML (YAML 1.1), ruamel.yaml (1.2) and reclass-rs are asked again by the test; what Kubernetes makes of it was
measured once, with `kubectl label --local -o json` 1.32 (Go's sigs.k8s.io/yaml), and is written down here.
"""

from __future__ import annotations

import math
import re

import pytest
import ruamel.yaml
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generators.inventory.read import Reclass, merge_copies
from generators.inventory.read.scalars import resolve

# The scalar, Kubernetes' value of it, and the fix that graft offers; None where it is accepted.
TABLE = [
    ("yes", True, 'write true, or "yes" if it is text'),
    ("no", False, 'write false, or "no" if it is text'),
    ("on", True, 'write true, or "on" if it is text'),
    ("off", False, 'write false, or "off" if it is text'),
    ("y", True, 'write true, or "y" if it is text'),
    ("n", False, 'write false, or "n" if it is text'),
    ("Yes", True, 'write true, or "Yes" if it is text'),
    ("OFF", False, 'write false, or "OFF" if it is text'),
    ("true", True, None),
    ("True", True, None),
    ("FALSE", False, None),
    ("null", None, None),
    ("Null", None, None),
    ("~", None, None),
    ("1e-4", 0.0001, "write 0.0001"),
    ("-1e-4", -0.0001, "write -0.0001"),
    ("1e5", 100000, "write 100000"),
    ("1.e5", 100000, "write 100000"),
    ("1.5e3", 1500, "write 1500"),
    ("+1e4", 10000, "write 10000"),
    ("-2E+05", -200000, "write -200000"),
    ("1e-30", 1e-30, "write 1.0e-30"),
    ("1.5e30", 1.5e30, "write 1.5e+30"),
    ("5e123456", "5e123456", 'write "5e123456" in quotes'),
    ("1.5e+3", 1500, None),
    ("1.5e-3", 0.0015, None),
    ("1_000", 1000, "write 1000"),
    ("1_000.5", 1000.5, "write 1000.5"),
    ("1_", 1, "write 1"),
    ("_1", "_1", None),
    ("._1", "._1", "write 0.1"),
    ("-_1", "-_1", "write -1"),
    ("-_", "-_", 'write "-_" in quotes'),
    ("017", 15, 'write 17, or 15 if octal was meant, or "017" if it is text'),
    ("-017", -15, 'write -17, or -15 if octal was meant, or "-017" if it is text'),
    ("08", 8, 'write 8, or "08" if it is text'),
    ("00", 0, 'write 0, or "00" if it is text'),
    ("0o17", 15, "write 15"),
    ("0O17", 15, "write 15"),
    ("0o8", "0o8", None),
    ("0x1F", 31, None),
    ("0X1F", 31, "write 31"),
    ("0x_1F", 31, "write 31"),
    ("0b101", 5, None),
    (".5", 0.5, None),
    ("-.5", -0.5, "write -0.5"),
    ("5.", 5, None),
    ("1.0", 1, None),
    ("+1", 1, None),
    ("-0", 0, None),
    ("010.5", 10.5, None),
    ("9223372036854775807", 9223372036854775807, None),
    ("18446744073709551616", 18446744073709551616, "write it in quotes, as text"),
    (".inf", "refused", "write a finite number"),
    ("-.Inf", "refused", "write a finite number"),
    (".nan", "refused", "write a finite number"),
    ("inf", "inf", None),
    ("12:30:45", "12:30:45", 'write "12:30:45" in quotes'),
    ("12:30", "12:30", 'write "12:30" in quotes'),
    ("2024-01-01", "2024-01-01", 'write "2024-01-01" in quotes'),
    ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", 'write "2024-01-01T00:00:00Z" in quotes'),
    ("2024-1-1", "2024-1-1", None),
    ("=", "=", 'write "=" in quotes'),
    ("<<", "<<", 'write "<<" in quotes'),
    ("1.2.3", "1.2.3", None),
    ("1e", "1e", None),
    ("2h", "2h", None),
    ("9c41f0a2", "9c41f0a2", None),
    ("32Gi", "32Gi", None),
]
ACCEPTED = [text for text, _, fix in TABLE if fix is None]


def _pyyaml(text: str) -> object:
    return yaml.safe_load(f"- {text}")[0]


def _ruamel(text: str) -> object:
    reader = ruamel.yaml.YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    return reader.load(f"- {text}")[0]


def _alike(one: object, other: object) -> bool:
    """Whether two readers gave the same value; JSON knows only one kind of number, but 1 is not true."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


@pytest.mark.parametrize(("text", "_kubernetes", "fix"), TABLE)
def test_each_scalar_is_accepted_or_refused_with_its_fix(text: str, _kubernetes: object, fix: str | None) -> None:
    _, doubt = resolve(text)
    assert (doubt.fix if doubt else None) == fix


@pytest.mark.parametrize("text", ACCEPTED)
def test_all_readers_agree_on_what_is_accepted(text: str) -> None:
    value, _ = resolve(text)
    kubernetes = next(value for scalar, value, _ in TABLE if scalar == text)
    for other in (_pyyaml(text), _ruamel(text), kubernetes):
        assert _alike(value, other), f"{text}: {value!r} here, {other!r} elsewhere"


def test_reclass_reads_every_scalar_as_this_module_says(write) -> None:
    texts = [text for text, _, fix in TABLE if fix is None or resolve(text)[1].rule == "ambiguous-scalar"]
    entries = "".join(f"  k{at}: {text}\n" for at, text in enumerate(texts))
    repository = write({"environments/prod.yml": f"parameters:\n{entries}"})
    read = Reclass(repository.root).parameters("prod")
    for at, text in enumerate(texts):
        assert _alike(read[f"k{at}"], resolve(text)[0]), text


@pytest.mark.parametrize("text", [text for text, _, fix in TABLE if fix and not fix.startswith("write a finite")])
def test_no_refusal_is_in_vain(text: str) -> None:
    """Some reader really differs, or the value does not fit where it has to go."""
    kubernetes = next(value for scalar, value, _ in TABLE if scalar == text)
    values = [resolve(text)[0], kubernetes]
    for reader in (_pyyaml, _ruamel):
        try:
            values.append(reader(text))
        except (yaml.YAMLError, ruamel.yaml.error.YAMLError, ValueError):
            values.append("refused")
    assert any(not _alike(values[0], other) for other in values[1:])


@pytest.mark.parametrize("text", [text for text, _, fix in TABLE if fix])
def test_the_offered_form_is_accepted_and_means_what_one_reader_read(text: str) -> None:
    _, doubt = resolve(text)
    offered = re.findall(r"(?:write|or) ([-+.\w]+)", doubt.fix)
    for form in [form for form in offered if form not in ("it", "a")]:
        value, again = resolve(form)
        assert again is None
        assert any(_alike(value, read) for read in (_pyyaml(text), _ruamel(text), *_kubernetes(text)))


def _kubernetes(text: str) -> list[object]:
    return [value for scalar, value, _ in TABLE if scalar == text]


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="0123456789_.eExXoObB+-:nNyY~=<", min_size=1, max_size=9))
@example("._8")
@example("0x_")
def test_whatever_is_accepted_the_readers_agree_on(text: str) -> None:
    value, doubt = resolve(text)
    if doubt is None and _is_plain(text):
        for other in (_pyyaml(text), _ruamel(text)):
            assert _alike(value, other), f"{text}: {value!r} here, {other!r} elsewhere"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="0123456789_.eExXoObB+-", min_size=1, max_size=9), min_size=20, max_size=60))
def test_a_number_survives_the_way_through_reclass(texts: list[str]) -> None:
    values = [value for text in texts for value, doubt in [resolve(text)] if doubt is None]
    assert merge_copies("prod", [{"values": values}]) == {"values": values}
    assert all(not isinstance(value, float) or math.isfinite(value) for value in values)


def _is_plain(text: str) -> bool:
    """Whether YAML takes the text for one plain scalar at all."""
    try:
        event = list(yaml.parse(f"- {text}"))[3]
    except yaml.YAMLError:
        return False
    return isinstance(event, yaml.ScalarEvent) and event.value == text
