"""The YAML reader: what it makes of a file, and what it refuses, with place and next step."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.inventory.read import find, plain, read_document
from generators.inventory.read.reader import MAX_BYTES

# What is written, the rule, the place of the finding, words of its message, words of its fix.
REFUSED = [
    ("a:\n\tb: 1\n", "tab", "2:1", "YAML does not allow tabs for indentation; use spaces", "spaces"),
    ("a: 1\n\tb: 2\n", "tab", "2:1", "does not allow tabs", "spaces"),
    ("a:\n  b: 1\n  \tc: 1\n\td: 1\n", "tab", "3:3", "also on line 4", "spaces"),
    (
        "a: {b: 1\n",
        "syntax",
        "1:4",
        "did not find expected",
        "close the {, or put a comma between two entries; a # after a space begins a comment",
    ),
    ("a: b: c\n", "syntax", "1:5", "mapping values are not allowed", "quote a value that holds ': '"),
    ("a: @b\n", "syntax", "1:4", "cannot start any token", "quote the value"),
    ("a: {b: ${c:d}}\n", "syntax", "1:9", "", 'quote a reference inside [...] or {...}: "${a:b}"'),
    ("a: 1\nb: 2\na: 3\n", "duplicate-key", "3:1", "a is written twice: in line 1 and in line 3", "keep one"),
    ("a: 1\n~a: 3\n", "duplicate-key", "2:1", "a is written twice", "keep one"),
    ("a: " + "[" * 60 + "]" * 60, "depth", "1:53", "deeper than 50 levels", "flatten"),
    ("a: &x 1\n", "alias", "1:4", "an anchor", "remove &x"),
    ("a: *x\n", "alias", "1:4", "an alias", '"${a:b}"'),
    ("a: !!str 1\n", "tag", "1:4", "a tag", "remove the tag"),
    ("a: !secret x\n", "tag", "1:4", "a tag", "remove the tag"),
    ("a: 1\n---\nb: 2\n", "documents", "2:1", "several documents", "one document"),
    ("%YAML 1.1\n---\na: 1\n", "directive", "1:1", "directive", "remove the % line"),
    ("1: a\n", "key", "1:1", "a key must be text", 'write "1": in quotes'),
    ("true: a\n", "key", "1:1", "a key must be text", 'write "true": in quotes'),
    ("on: a\n", "key", "1:1", "readers disagree on this key", 'write "on": in quotes'),
    ("? [a]\n: 1\n", "key", "1:3", "a list or mapping is used as a key", "quotes"),
    ("a: {{b}}: 1\n", "key", "1:5", "a list or mapping is used as a key", "quotes"),
    ('"~": 1\n', "key", "1:1", "special meaning to reclass", "rename"),
    ("=a: 1\n", "key", "1:1", "special meaning to reclass", "rename"),
    ("k${b}: 1\n", "key", "1:1", "not resolved", "write the key out"),
    ("a:\n  <<: {b: 1}\n", "merge-key", "2:3", "merge key", "write the keys out"),
    ("- 1\n", "top-level", "1:1", "not a mapping", "key: value"),
    ("a\n", "top-level", "1:1", "not a mapping", "key: value"),
    ("", "empty", "1:1", "empty", "parameters: {}"),
    ("# only words\n", "empty", "1:1", "empty", "parameters: {}"),
    ("a: 1\nb: \x00\n", "control-character", "2:4", "control character", "remove"),
    ("a: b \u2028 c\n", "control-character", "1:6", "control character", "escape"),
    ('a: "b\\0c"\n', "control-character", "1:4", "a zero byte", "remove it"),
    ('a: "\\x00"\n', "control-character", "1:4", "a zero byte", "remove it"),
    ("a: 1e-4\n", "ambiguous-scalar", "1:4", "1e-4 is a number to some", "write 0.0001"),
    ("a: .nan\n", "number-range", "1:4", "cannot be written as JSON", "finite"),
]


@pytest.mark.parametrize(("text", "rule", "place", "message", "fix"), REFUSED)
def test_what_an_inventory_must_not_hold_is_refused_with_place_and_fix(
    text: str, rule: str, place: str, message: str, fix: str
) -> None:
    findings = read_document("base/a.yml", text).findings
    assert [(finding.rule, str(finding.place)) for finding in findings] == [(rule, f"base/a.yml:{place}")]
    assert findings[0].verdict == "invalid" and findings[0].check == "read"
    assert message in findings[0].message and fix in findings[0].fix


def test_bytes_that_are_not_utf8_are_refused_at_their_line() -> None:
    (finding,) = read_document("a.yml", b"a: 1\nb: \xff\n").findings
    assert (finding.rule, finding.place.line, finding.found) == ("encoding", 2, "byte 0xff")


def test_a_file_over_the_limit_is_refused_unread() -> None:
    (finding,) = read_document("a.yml", b"a: " + b"x" * MAX_BYTES).findings
    assert finding.rule == "size"
    assert not read_document("a.yml", b"a: " + b"x" * (MAX_BYTES - 3)).findings


def test_aliases_that_would_multiply_are_refused_and_not_expanded() -> None:
    laughs = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    document = read_document("a.yml", "a0: &a0 ha\n" + laughs)
    assert {finding.rule for finding in document.findings} == {"alias"}
    assert plain(document.root)["a11"] == [None] * 9


BROKEN = {  # a text that cannot be read, the line where it is mended, and what to do
    "what a merge left": ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", 2, "keep the lines that are meant"),
    "half of what a merge left": ("a: 1\nb: {c: 1}\n>>>>>>> x\n", 3, "keep the lines that are meant"),
    "a mapping that is closed nowhere": ("a: 1\nb: {c: 1\n", 2, "close the {"),
    "a mapping that a comment closes": ("a: 1\nb: {c: s3://b #1}\n\n", 2, "close the {"),
    "a list that is closed nowhere": ("a: 1\nb: [c\n", 2, "close the ["),
    "the same where a carriage return ends lines": ('a: 1\rb: "c\rd: {e: "f"}\r', 2, "close the quote"),
    "a quote that the next one closes": ('a: 1\nb: "c\nd: {e: "f"}\n', 2, "close the quote"),
    "a schedule without quotes": ("a: 1\nb: * * * * *\n", 2, "quote the value"),
    "nothing": ("", 1, "restore it from Git"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_read_is_told_once_where_it_is_mended(what: str) -> None:
    text, line, fix = BROKEN[what]

    (finding,) = read_document("environments/a.yml", text).findings

    assert (finding.place.line, finding.fix[: len(fix)]) == (line, fix)


def test_what_a_comma_cuts_off_a_number_is_no_key() -> None:
    document = read_document("a.yml", "a: {b: 1,000}\n")

    (finding,) = document.findings
    assert (finding.found, finding.fix[:10]) == ("1,000", "write 1000")
    assert plain(document.root) == {"a": {"b": 1}}


def test_one_pass_finds_every_problem_of_a_file() -> None:
    text = "a: yes\nb: {x: 1, x: 2}\n1: 2\nc:\n\td: 017\ne: !t 1\n"
    rules = [finding.rule for finding in read_document("a.yml", text).findings]
    assert rules == ["tab", "ambiguous-scalar", "duplicate-key", "key", "ambiguous-scalar", "tag"]


def test_the_first_of_two_values_is_kept_to_read_on_with() -> None:
    assert plain(read_document("a.yml", "a: {b: 1}\na: {c: 2}\nd: 3\n").root) == {"a": {"b": 1}, "d": 3}


def test_every_value_and_key_knows_its_place() -> None:
    root = read_document("a.yml", "# first\na:\n  b: [x, {é: 'y'}]\nc: |\n  text\n").root
    places = {
        ("a",): ("3:3", "2:1"),
        ("a", "b"): ("3:6", "3:3"),
        ("a", "b", 0): ("3:7", None),
        ("a", "b", 1, "é"): ("3:14", "3:11"),
        ("c",): ("4:4", "4:1"),
    }
    for path, (value, key) in places.items():
        node = find(root, path)
        assert str(node.place) == f"a.yml:{value}"
        assert node.key_place is None if key is None else str(node.key_place) == f"a.yml:{key}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a:\n", {"a": None}),
        ("a: 'on'\nb: \"1e5\"\n", {"a": "on", "b": "1e5"}),
        ("a: |\n  yes\n", {"a": "yes\n"}),
        ("~a: [1, x]\n", {"~a": [1, "x"]}),
        ("\ufeffa: 1\n", {"a": 1}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("---\na: ${b:c}\n...\n", {"a": "${b:c}"}),
        ('a: \U0001f600 é\nb: "\\u2028"\n', {"a": "\U0001f600 é", "b": "\u2028"}),
        ("a: {\n\tb: 1}\n", {"a": {"b": 1}}),
    ],
)
def test_what_is_plain_yaml_to_every_reader_is_read_without_a_finding(text: str, value: object) -> None:
    document = read_document("a.yml", text)
    assert document.findings == () and document.mergeable
    assert plain(document.root) == value


@pytest.mark.parametrize("text", ["a: *x\n", "a: !t 1\n", "a: 1\na: 2\n", "a: [\n", "1: a\n", "a: .inf\n"])
def test_a_file_that_reclass_may_not_read_is_told_from_one_that_is_only_ambiguous(text: str) -> None:
    assert not read_document("a.yml", text).mergeable
    assert read_document("a.yml", "a: 1e-4\n").mergeable


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="ab1: -?[]{}#&*!|>'\"%@`~,\t\n${}\\.\x00\x85é\u2028\ufeff", max_size=40) | st.binary(max_size=30)
)
def test_no_file_can_make_the_reader_raise(content: str | bytes) -> None:
    document = read_document("a.yml", content)
    assert document.findings or document.whole
    assert all(finding.message and finding.place.line >= 1 for finding in document.findings)
