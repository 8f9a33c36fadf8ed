"""Claims about how findings are shown."""

from __future__ import annotations

import io
import json
import os
import pty

import pytest

from generators.model import Finding, Place
from generators.output.github import to_commands
from generators.output.limited import MOST
from generators.output.report import in_order, one, print_findings, shortened, to_json, to_text
from generators.output.sarif import to_sarif

ALLOWED = (
    "backbone, batch_size, cut_layer, data, epochs, input_size, learning_rate, optimizer, seed, trainable_layers, "
    "variants (from the pipeline's definition 5b1e7d20c9)"
)
EPOCH = Finding(
    "invalid",
    "schema",
    "parameters/transfer-learning",
    Place("environments/prod.yml", 24, 17),
    "pipelines.transfer-learning.parameters.epoch",
    "unknown parameter",
    "epoch: 40",
    ALLOWED,
    "did you mean epochs?",
)


def finding(verdict: str = "invalid", file: str = "a.yml", line: int = 1, column: int = 1, **parts: str) -> Finding:
    return Finding(verdict, "schema", "rule", Place(file, line, column), **{"path": "", "message": "wrong", **parts})


def test_a_finding_gives_place_problem_and_next_step():
    assert to_text([EPOCH]) == (
        "environments/prod.yml:24:17: error: pipelines.transfer-learning.parameters.epoch: unknown parameter\n"
        "  found    epoch: 40\n"
        "  allowed  backbone, batch_size, cut_layer, data, epochs, ... (from the pipeline's definition 5b1e7d20c9)\n"
        "  did you mean epochs?\n"
        "1 error in 1 file\n"
    )


def test_parts_that_are_empty_are_left_out_and_a_fix_may_have_lines():
    assert one(finding()) == "a.yml:1:1: error: wrong"
    assert one(finding(message="wrong\nin two ways")) == "a.yml:1:1: error: wrong\n  in two ways"
    assert one(finding(fix="run\ngraft render")) == "a.yml:1:1: error: wrong\n  run\n  graft render"


@pytest.mark.parametrize(
    ("verdict", "word"),
    [("invalid", "error"), ("denied", "denied"), ("warning", "warning"), ("unchecked", "not checked")],
)
def test_each_verdict_has_its_word(verdict, word):
    assert one(finding(verdict)) == f"a.yml:1:1: {word}: wrong"


def test_findings_are_sorted_by_place_with_numbers_as_numbers_and_shown_once():
    unsorted = [finding(file="b.yml"), finding(line=10), finding(line=9, column=12), finding(line=9, column=2)]
    places = [str(each.place) for each in in_order(unsorted * 2)]
    assert places == ["a.yml:9:2", "a.yml:9:12", "a.yml:10:1", "b.yml:1:1"]


def test_findings_of_one_place_keep_the_order_in_which_they_were_found():
    found = [finding(found=str(number)) for number in range(20)]
    assert in_order(found) == found


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        ([], "no findings"),
        (["invalid"], "1 error in 1 file"),
        (["warning", "invalid", "invalid", "invalid"], "3 errors, 1 warning in 2 files"),
        (["unchecked", "denied", "denied", "warning", "warning"], "2 denied, 2 warnings, 1 not checked in 2 files"),
    ],
)
def test_the_last_line_counts(verdicts, line):
    findings = [finding(verdict, file=f"{min(n, 1)}.yml", line=n + 1) for n, verdict in enumerate(verdicts)]
    assert to_text(findings).splitlines()[-1] == line


def test_json_holds_every_field_whole_and_the_counts():
    document = json.loads(to_json([EPOCH, finding("warning")]))
    assert document["summary"] == {"invalid": 1, "denied": 0, "warning": 1, "unchecked": 0, "files": 2}
    assert document["findings"][0] == {  # what fails comes first
        "verdict": "invalid",
        "check": "schema",
        "rule": "parameters/transfer-learning",
        "file": "environments/prod.yml",
        "line": 24,
        "column": 17,
        "path": "pipelines.transfer-learning.parameters.epoch",
        "message": "unknown parameter",
        "found": "epoch: 40",
        "allowed": ALLOWED,
        "fix": "did you mean epochs?",
    }


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("a, b", "a, b"),
        ("aa, bb, cc, dd, ee, ff", "aa, bb, ..."),
        ("aaaa, bbbbbbb, cccccc", "aaaa, ..."),
        ("aa, bb, cc, dd (of x)", "aa, ... (of x)"),
        ("abcdefghijklmnopqrstuvw", "abcdefghijk..."),
        ("a\n  b", "a\n  b"),
        ("a (a remark longer than half of it)", "a (a remark..."),
    ],
)
def test_a_long_list_is_cut_after_a_whole_item_and_keeps_its_source(text, short):
    assert shortened(text, 16) == short


def test_what_would_drive_a_terminal_is_shown_as_an_escape():
    assert "\x1b" not in to_text([finding(found="\x1b[2J", message="\x07", path="a\u202eb")])
    assert one(finding(found="\x1b[2J")).endswith(r"  found    \x1b[2J")
    assert one(finding(found="\tepochs: 40\n")).endswith(r"  found    \tepochs: 40\n")
    assert to_json([finding(found="\x9b\udc80")]).isascii()


def test_colour_is_for_terminals_only(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain = io.StringIO()
    print_findings([EPOCH], plain)
    assert plain.getvalue() == to_text([EPOCH])
    shown = in_a_terminal([EPOCH])
    assert "\x1b[1;31merror\x1b[0m" in shown
    assert "pipelines.transfer-learning.parameters.epoch: unknown parameter\r\n" in shown


def test_json_is_never_coloured():
    assert json.loads(in_a_terminal([EPOCH], "json"))["summary"]["invalid"] == 1


def in_a_terminal(findings: list[Finding], output: str = "text") -> str:
    """Return what a real terminal receives."""
    master, slave = pty.openpty()
    try:
        with os.fdopen(slave, "w") as stream:
            print_findings(findings, stream, output)
            stream.flush()
            return os.read(master, 65536).decode()
    finally:
        os.close(master)


def test_what_is_said_of_several_places_in_the_same_words_is_printed_once():
    same = [finding(file=f"{name}.yml", line=3, message="wrong") for name in "abc"]

    lines = to_text([*same, finding(file="d.yml", message="another")]).splitlines()

    assert lines[0].startswith("a.yml:3:1: error: ") and lines[1].split() == ["also", "b.yml:3,", "c.yml:3"]
    assert lines[-1] == "4 errors in 4 files"
    assert len(json.loads(to_json(same))["findings"]) == 3


def test_several_findings_of_one_line_in_the_same_words_are_counted():
    found = [finding(path=f"steps.{name}") for name in "abc"]

    assert "  also     2 more at this line" in to_text(found).splitlines()


def test_what_fails_stands_before_what_may_be_meant():
    found = [finding("warning", file="a.yml"), finding("invalid", file="b.yml")]

    assert [each.verdict for each in in_order(found)] == ["invalid", "warning"]


def test_of_a_file_with_very_many_findings_the_rest_is_counted() -> None:
    many = [
        Finding("invalid", "schema", "unknown-key", Place("a.yml", n + 1), f"k{n}", "unknown key", f"k{n}: 1")
        for n in range(130)
    ]
    other = Finding("invalid", "schema", "unknown-key", Place("b.yml", 1), "k", "unknown key " + "x" * 5000)

    text = to_text([*many, other])

    assert text.count("a.yml:") == MOST + 1
    assert "a.yml: 30 more are not shown; mend these first" in text
    assert "b.yml:1:1: error: k: unknown key" in text and len(text) < 20_000
    assert text.endswith("131 errors in 2 files\n")
    document = json.loads(to_json([*many, other]))
    assert len(document["findings"]) == MOST + 1
    assert document["summary"]["invalid"] == 131 and document["summary"]["more"] == {"a.yml": 30}
    commands = to_commands([*many, other])
    assert commands.count("::error ") == MOST + 1 and "\na.yml: 30 more are not shown" in commands
    (run,) = json.loads(to_sarif([*many, other]))["runs"]
    assert len(run["results"]) == MOST + 1
    assert "30 more" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_no_credential_is_quoted_in_any_form() -> None:
    """By what it looks like, wherever it stands, and by the key that it stands under, whatever it looks like."""
    key = "ghp_" + "a1B2" * 9
    found = [
        Finding("invalid", "schema", "type", Place("a.yml"), "env.DB_PASSWORD", "expected text", '["swordfish"]'),
        Finding("invalid", "schema", "type", Place("a.yml"), "env.DB_PASSWORD[0]", "expected text", "swordfish"),
        Finding("invalid", "schema", "key", Place("a.yml"), f"env.{key}", f"no {key}", key, key, f"remove {key}"),
    ]

    for text in (to_text(found), to_json(found), to_sarif(found), to_commands(found)):
        assert "swordfish" not in text and key not in text and "not shown" in text
