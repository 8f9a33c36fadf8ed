"""Reading what was emitted gives back the same tree: with PyYAML, with a YAML 1.2 reader, with Kubernetes' own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from generators.output.emit import to_yaml

AWKWARD = [
    # words
    "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "OFF", "off", "true", "True",
    "TRUE", "false",
    "null", "Null", "NULL", "~", "", "nan", ".nan", ".NaN", ".inf", "-.inf", "+.INF", "inf", "none", "=", "<<",
    # numbers, times and dates
    "0", "1", "-1", "+1", "1.", ".5", "-.5", "1.5", "1e4", "1e-4", "1E+4", "1.0e-05", "0o17", "017", "08",
    "0b11", "0x1F",
    "1_000", "1_000.5", "12:30:45", "190:20:30.15", "1:2", "2001-12-14", "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10 -5", "5b1e7d20", "5e10", "9223372036854775808", "0x1p-2", "-0", "1,000",
    # indicators
    "-", "- a", "-a", "--", "---", "--- a", "...", "?", "? a", "?a", ":", ": a", "a: b", "a:", "a :b", "a:b",
    "#", "# a",
    "a #b", "a#b", "&a", "*a", "!a", "!!str a", "|", ">", ">-", "%YAML 1.1", "@a", "`a", "{", "}", "{a: 1}", "[", "]",
    "[a]", ",", ", a", "'", "''", "'a'", '"', '"a"', 'it\'s "x"', "\\", "\\n", "{{workflow.name}}",
    "{{=1+1}}", "$(HOME)",
    # white space and line breaks
    " ", "  ", " a", "a ", "a  b", "\t", "\ta", "a\t", "a\tb", "\n", "\n\n", "\na", "a\n", "a\n\n",
    "\n\na\n\n\n", "a\nb",
    " a\nb", "a\n b", "a \nb", "a\n  \nb", "a\n ", "\n a", "\t\na", "\n\ta", "a\r", "a\r\nb", "\ra",
    "a\n---\nb", "a\n# b",
    "a: |\n  b", "\x85", "a\x85b", "\u2028", "a\nb\u2029c", "\xa0", "\xa0a\xa0", "\u3000",
    # characters
    "\ufeff", "\ufeffa", "a\n\ufeff", "\x00", "\x07", "\x1b[31m", "\x7f", "\x9f", "a\n\x0b", "\ufffe",
    "\uffff", "\U0001f600",
    "a\n\U0001f600", "\U0010ffff", "\u202e", "\u200b", "ünïcode", "١٢", "x" * 2000, "a b " * 600 + "c", "k" * 900,
]  # fmt: skip

LINES = st.sampled_from(["", " ", "a", "  a", "\t", "a ", "- a", "a: b", "# a", "---", "é", "'", '"', "\\"])
TEXTS = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(max_size=20),
    st.text(st.sampled_from("01.e-+:_xTyn #'\"\\"), max_size=8),
    st.lists(LINES, max_size=6).map("\n".join),
)
KEYS = TEXTS.filter(lambda text: len(text) < 1000)
SCALARS = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
DOCUMENTS = st.lists(st.dictionaries(KEYS, TREES, max_size=4), min_size=1, max_size=3)

READERS: dict[str, Callable[[str], list]] = {
    "PyYAML": lambda text: list(yaml.load_all(text, yaml.SafeLoader)),
    "PyYAML over libyaml": lambda text: list(yaml.load_all(text, yaml.CSafeLoader)),
    "ruamel.yaml, YAML 1.2": lambda text: list(YAML(typ="safe", pure=True).load_all(text)),
}


@pytest.mark.parametrize("reader", READERS)
@given(documents=DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_reading_what_was_emitted_gives_the_same_documents(reader, documents):
    assert exactly(READERS[reader](to_yaml(documents, ["from x"]))) == exactly(documents)


@pytest.mark.parametrize("reader", READERS)
def test_awkward_strings_come_back_wherever_they_stand(reader):
    assert READERS[reader](to_yaml(awkward_places())) == awkward_places()


@given(documents=DOCUMENTS)
@settings(max_examples=50, deadline=None)
def test_emitting_what_was_read_gives_the_same_text(documents):
    text = to_yaml(documents)
    assert to_yaml(yaml.load_all(text, yaml.CSafeLoader)) == text


def test_kubernetes_reads_what_was_emitted_as_the_same_values(tmp_path):
    cases: list[dict] = awkward_places()

    @given(documents=DOCUMENTS)
    @settings(max_examples=200, deadline=None, phases=[Phase.generate], database=None)
    def collect(documents):
        cases.extend(documents)

    collect()
    read = kubernetes_reader(tmp_path)
    if read is None:
        pytest.skip(f"not run: {len(cases)} cases, neither kubectl nor go found")
    objects = [{"apiVersion": "v1", "kind": "Case", "metadata": {"name": "a"}, "spec": case} for case in cases]
    found = [numbers_alike(text)["spec"] for text in read(to_yaml(objects))]
    wanted = [numbers_alike(json.dumps(case)) for case in cases]
    assert len(found) == len(wanted)
    assert [pair for pair in zip(found, wanted, strict=True) if pair[0] != pair[1]] == []


def awkward_places() -> list[dict]:
    """Every awkward string as a value, an item, an item of an item, a value in an item and, if not too long, a key."""
    return [
        {
            "values": {f"k{n}": text for n, text in enumerate(AWKWARD)},
            "items": AWKWARD,
            "lists": [[text] for text in AWKWARD],
            "mappings": [{"first": text, "second": [text]} for text in AWKWARD],
            "keys": {text: {text: [text]} for text in AWKWARD if len(text) < 1000},
        }
    ]


def exactly(tree: object) -> str:
    """Tell 1 from 1.0 and from true, and one order of keys from another."""
    return json.dumps(tree)


def numbers_alike(text: str) -> dict:
    """Read JSON, where 1.0 and 1 are the same number and true is none."""

    def number(digits: str) -> tuple[str, Decimal]:
        return "number", Decimal(digits)

    return json.loads(text, parse_int=number, parse_float=number)


def kubernetes_reader(scratch: Path) -> Callable[[str], list[str]] | None:
    """Return what reads a YAML stream as Kubernetes does, into one JSON text a document; None where nothing can."""
    if shutil.which("kubectl"):
        return lambda text: read_with_kubectl(scratch, text)
    program = build_go_reader(scratch)
    return program and (lambda text: run(scratch, [str(program)], text).rstrip("\n").split("\n"))


def read_with_kubectl(scratch: Path, text: str) -> list[str]:
    """An empty patch without a server prints what kubectl has read."""
    file = scratch / "cases.yaml"
    file.write_text(text, encoding="utf-8", newline="")
    command = ["kubectl", "patch", "--local", "-f", str(file), "--type=merge", "-p", "{}", "-o", "json"]
    return [f"{document}}}" for document in run(scratch, command, "").removesuffix("\n}\n").split("\n}\n")]


def run(scratch: Path, command: list[str], text: str) -> str:
    environment = {**os.environ, "KUBECONFIG": str(scratch / "none"), "HOME": str(scratch)}
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", env=environment, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


READER = """
package main

import ("fmt"; "io"; "os"; "regexp"; "sigs.k8s.io/yaml")

func main() {
    text, err := io.ReadAll(os.Stdin)
    if err != nil { panic(err) }
    for _, document := range regexp.MustCompile("(?m)^---\\n").Split(string(text), -1) {
        converted, err := yaml.YAMLToJSON([]byte(document))
        if err != nil { panic(err) }
        fmt.Println(string(converted))
    }
}
"""


def build_go_reader(scratch: Path) -> Path | None:
    """Build a reader around sigs.k8s.io/yaml, if Go and that module are on this machine already."""
    go = shutil.which("go")
    if not go:
        return None
    cache = subprocess.run([go, "env", "GOMODCACHE"], capture_output=True, text=True).stdout.strip()
    versions = sorted(Path(cache, "cache/download/sigs.k8s.io/yaml/@v").glob("*.zip"))
    if not versions:
        return None
    (scratch / "main.go").write_text(READER)
    (scratch / "go.mod").write_text(f"module reader\n\ngo 1.22\n\nrequire sigs.k8s.io/yaml {versions[-1].stem}\n")
    environment = {**os.environ, "GOPROXY": "off", "GOSUMDB": "off", "GOFLAGS": "-mod=mod"}
    built = subprocess.run([go, "build", "-o", "reader", "."], cwd=scratch, capture_output=True, env=environment)
    return scratch / "reader" if built.returncode == 0 else None
