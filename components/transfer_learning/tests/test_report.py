"""What a person reads: complete, self-contained, and safe against what stands in the data."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from graft_steps.gate import Decision
from transfer_learning.evaluation import read
from transfer_learning.report import page, summary
from transfer_learning_small import Trained


def test_the_summary_says_everything_once_in_a_screenful(trained: Trained) -> None:
    evaluated = read(trained.results / "results.json")
    text = summary(evaluated, Decision(True, "it is better"), {"plots": "/store/plots"})
    expected = ["accepted", str(evaluated.accuracy), "16 relu dropout 0.1", "| all | 60 |", "McNemar p", "it is better"]
    assert [part for part in [*expected, "/store/plots", "What to try next"] if part not in text] == []
    assert len(text.splitlines()) <= 25


def test_a_note_about_the_data_is_in_summary_and_page(trained: Trained) -> None:
    evaluated = read(trained.results / "results.json")
    noted = replace(evaluated, used={**evaluated.used, "data_note": "Writers are unknown."})
    assert "Writers are unknown." in summary(noted, Decision(False, "it is worse"), {})
    assert "Writers are unknown." in page(noted, {})


def test_what_promises_repeatability_says_how_far_it_goes(trained: Trained) -> None:
    evaluated = read(trained.results / "results.json")
    for text in (summary(evaluated, Decision(True, ""), {}), page(evaluated, {})):
        assert "the same figures in every repetition on the same kind of processor; on another kind" in text


@pytest.mark.parametrize("name", ["digits", "speakers", "other"])
def test_there_is_always_something_to_try_next(trained: Trained, name: str) -> None:
    evaluated = read(trained.results / "results.json")
    other = replace(evaluated, used={**evaluated.used, "data": name})
    assert re.search(r"What to try next: .*`", summary(other, Decision(True, ""), {}))


def test_the_page_needs_no_other_file(trained: Trained) -> None:
    text = trained.page.read_text()
    assert text.count('src="data:image/png;base64,') == 4
    assert not re.search(r'(src|href)="(?!data:)', text)
    assert text == (trained.evaluation / "report.html").read_text()


def test_names_cannot_break_the_page(trained: Trained) -> None:
    evaluated = read(trained.results / "results.json")
    hostile = replace(evaluated, used={**evaluated.used, "data": "<script>"})
    assert "<script>" not in page(hostile, {})
