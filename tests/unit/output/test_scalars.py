"""Claims about how one scalar is written."""

from __future__ import annotations

import pytest

from generators.output import scalars

PLAIN = [
    "train", "small_cnn", "gcr.io/ml/train@sha256:9c41", "https://eu.k8s.internal:6443/x", "$(params)",
    "--epochs", "-c",
    "500m", "32Gi", "2h", "v1.2.3", "a=b", "Trains, and stops.", "_x", "/bin/sh", "none", "a:b",
]  # fmt: skip
QUOTED = [
    "", "no", "Y", "on", "NULL", "true", "1e-4", "1e4", "0o17", "017", "1_000", "0x1F", "12:30:45",
    "2001-12-14", "1.5",
    "5e10", "5b1e7d20c9", "0 3 1 1", "nan", "infinity", "a: b", "a #b", "a:", "a ", "--- a", "...", "#a", "a#b", ".5",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_a_harmless_string_stays_plain(text):
    assert scalars.string(text) == scalars.key(text) == text


@pytest.mark.parametrize("text", QUOTED)
def test_a_string_that_a_reader_could_take_for_something_else_is_quoted(text):
    assert scalars.string(text) == scalars.key(text) == f'"{text}"'


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('{"epochs": 40}', """'{"epochs": 40}'"""),
        ("it's \\d", r"""'it''s \d'"""),
        ("tab\tquote\"", r'''"tab\tquote\""'''),
        ("\x00\x85\u2028\ufeff", r'"\x00\x85\u2028\uFEFF"'),
        ("caf\u00e9 \U0001f600", '"caf\u00e9 \U0001f600"'),
        ("unseen\u202eorder", r'"unseen\u202Eorder"'),
        ("\U000e0001", r'"\U000E0001"'),
        ("\n", r'"\n"'),
        ("  x\ny", r'"  x\ny"'),
        ("a\r\nb", r'"a\r\nb"'),
    ],
)  # fmt: skip
def test_quotes_are_the_ones_that_need_fewest_escapes(text, written):
    assert scalars.string(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\nb", "|-\n  a\n  b"),
        ("a\nb\n", "|\n  a\n  b"),
        ("a\n\n", "|+\n  a\n"),
        ("\nif x:\n\n    y\n", "|\n\n  if x:\n\n      y"),
        ("a:\n\tb # \"c\"\n", "|\n  a:\n  \tb # \"c\""),
    ],
)  # fmt: skip
def test_code_is_a_literal_block_whose_empty_lines_stay_empty(text, written):
    assert scalars.string(text) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1e-05, "1.0e-05"),
        (1.5e-07, "1.5e-07"),
        (1e16, "1.0e+16"),
        (0.1, "0.1"),
        (-0.0, "-0.0"),
        (64.0, "64.0"),
        (5e-324, "5.0e-324"),
        (-7, "-7"),
        (True, "true"),
        (None, "null"),
        ({}, "{}"),
        ([], "[]"),
    ],
)
def test_numbers_and_words_have_the_form_that_both_yaml_versions_share(value, written):
    assert scalars.atom(value) == written


@pytest.mark.parametrize(
    ("write", "value", "reason"),
    [
        (scalars.atom, float("nan"), "nan has no form in JSON"),
        (scalars.atom, float("-inf"), "-inf has no form in JSON"),
        (scalars.atom, 2**63, "beyond 64 bits"),
        (scalars.atom, -(2**63) - 1, "beyond 64 bits"),
        pytest.param(scalars.atom, 10**5000, "beyond 64 bits", id="an integer too long for str()"),
        (scalars.atom, {1}, "a set is not a YAML value"),
        (scalars.string, "x\ud800", r"the lone surrogate U\+D800"),
        (scalars.string, "x\n\udfff", r"the lone surrogate U\+DFFF"),
        (scalars.key, "k" * 1001, "a key of 1001 characters"),
        (scalars.key, "\x01" * 300, "a key of 300 characters"),
        (scalars.key, 1, "the key 1 is not a string"),
        (scalars.key, True, "the key True is not a string"),
    ],
)
def test_what_no_text_gives_back_in_every_reader_is_refused(write, value, reason):
    with pytest.raises(scalars.Unwritable, match=reason):
        write(value)


def test_a_comment_stays_on_its_line():
    assert scalars.escaped("base/a\nb.yml\x1b\u2028\x85 é") == r"base/a\nb.yml\x1B\u2028\x85 é"
