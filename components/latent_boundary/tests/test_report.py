"""What a person reads: complete, self-contained, and safe against what stands in the data."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from graft_steps.gate import Decision
from latent_boundary import evaluation
from latent_boundary.evaluation import Evaluation
from latent_boundary.report import page, summary
from latent_boundary_small import Run


@pytest.fixture(scope="module")
def evaluated(finished: Run) -> Evaluation:
    return evaluation.read(finished.evaluation)


def test_the_summary_says_everything_in_a_screenful(evaluated: Evaluation) -> None:
    text = summary(evaluated, Decision(True, "it is better"), {"plots": "/store/plots"})
    expected = ["accepted", f"Lowest cosine {evaluated.estimate}, that of {evaluated.worst}", "| smile |", "| hair |"]
    expected += ["3000 pictures of linear", "it is better", "/store/plots", "What to try next", "same seed"]
    assert [part for part in expected if part not in text] == []
    assert len(text.splitlines()) <= 25


def test_without_planted_directions_accuracy_is_judged_against_one_side(evaluated: Evaluation) -> None:
    blind = replace(evaluated, boundaries=[replace(each, cosine=None) for each in evaluated.boundaries])
    text = summary(blind, Decision(False, "it is worse"), {})
    assert "not accepted" in text and "Lowest validation accuracy 1.00" in text and "| - |" in text
    baseline = blind.baseline(512)
    assert (baseline.name, baseline.value) == ("always naming the same side", 0.5)


def test_chance_of_a_cosine_is_what_random_directions_reach(evaluated: Evaluation) -> None:
    drawn = np.random.default_rng(0).normal(size=(100_000, 64))
    cosines = np.abs(drawn[:, 0]) / np.linalg.norm(drawn, axis=1)
    assert evaluated.baseline(64).value == pytest.approx(np.quantile(cosines, 0.999), abs=0.01)


def test_the_page_needs_no_other_file(finished: Run) -> None:
    text = finished.page.read_text()
    assert text.count('src="data:image/png;base64,') == 5
    assert not re.search(r'(src|href)="(?!data:)', text)
    assert text == (finished.evaluation / "report.html").read_text()


def test_names_cannot_break_the_page(evaluated: Evaluation) -> None:
    assert "<script>" not in page(replace(evaluated, used={**evaluated.used, "generator": "<script>"}), {})


def test_results_that_are_cut_off_or_empty_are_named(finished: Run, tmp_path: Path) -> None:
    with pytest.raises(StepError, match=r"results\.json does not exist"):
        evaluation.read(tmp_path)
    (tmp_path / "changes.json").write_bytes((finished.evaluation / "changes.json").read_bytes())
    (tmp_path / "results.json").write_text('{"used": {}, "boundaries": []}')
    with pytest.raises(StepError, match="contains no boundaries"):
        evaluation.read(tmp_path)
    (tmp_path / "results.json").write_text('{"used": {')
    with pytest.raises(StepError, match="may be cut off"):
        evaluation.read(tmp_path)
