"""Texts that Kubernetes reads: the form of a label's value, and the one that is filled when the pipeline runs."""

from __future__ import annotations

import pytest

from generators.ir.validate import kubernetes

LABELS = ("PodMetadata", "labels")


@pytest.mark.parametrize("text", ["", "a", "A-1_b.c", "x" * 63, "{{workflow.uid}}"])
def test_a_label_s_value_is_a_word_or_the_id_of_the_run(text: str) -> None:
    assert list(kubernetes.problems(*LABELS, text, ())) == []


@pytest.mark.parametrize(
    "text", ["a b", "x" * 64, "-a", "{{workflow.name}}", "run-{{workflow.uid}}", "{{$.pipeline_job_uuid}}", "{{=1}}"]
)
def test_no_other_text_of_an_engine_is_one(text: str) -> None:
    (problem,) = kubernetes.problems(*LABELS, text, ())
    assert problem.message == "is not the value of a label"


def test_elsewhere_the_id_of_the_run_is_filled_by_nobody() -> None:
    assert list(kubernetes.problems("NodeSelector", "labels", "{{workflow.uid}}", ()))
