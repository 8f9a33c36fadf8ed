"""Warnings for what KFP's backend takes and then fails on, at the step or group that asks for it.

kfp reads the annotations of components as objects: no postponed annotations here.
"""

import pytest
from google.protobuf import json_format
from kfp import dsl

from generators.engines import kfp_backend


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def say(text: str) -> str:
    return text


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def join(texts: list[str]) -> str:
    return "".join(texts)


def _gathers(inside: bool):
    @dsl.pipeline(name="p")
    def pipeline(texts: list[str] = ["a"]):  # noqa: B006
        with dsl.ParallelFor(texts, name="all") as text:
            if inside:
                with dsl.If(text == "a", name="an-a"):
                    said = say(text=text)
            else:
                said = say(text=text)
        join(texts=dsl.Collected(said.output))

    return pipeline


def _chooses(caching: bool):
    @dsl.pipeline(name="p")
    def pipeline(text: str = "a"):
        with dsl.If(text == "a", name="an-a"):
            one = say(text=text).set_caching_options(caching)
        with dsl.Else(name="another"):
            other = say(text=text).set_caching_options(False)
        say(text=dsl.OneOf(one.output, other.output)).set_display_name("last")

    return pipeline


def _loops(items: list):
    @dsl.pipeline(name="p")
    def pipeline(texts: list = items):
        with dsl.ParallelFor(texts, name="all") as text:
            say(text=text)

    return pipeline


WARNED = {
    "gathering from a condition": (_gathers(True), "gathers-condition", "all/an-a/say"),
    "a OneOf of a cached branch": (_chooses(True), "one-of-cached", "an-a/say"),
    "a loop over mappings that are declared as text": (_loops([{"a": 1}]), "untyped-loop", "all/say"),
}
FINE = {
    "gathering": _gathers(False),
    "a OneOf of branches that run each time": _chooses(False),
    "a loop over texts": _loops(["a"]),
}


def _warnings(pipeline):
    return list(kfp_backend.warnings(json_format.MessageToDict(pipeline.pipeline_spec)))


@pytest.mark.parametrize("what", WARNED)
def test_what_the_backend_is_known_to_fail_on_is_a_warning(what):
    pipeline, rule, path = WARNED[what]

    (found,) = _warnings(pipeline)

    assert (found.rule, found.step, found.verdict) == (rule, path, "warning")
    assert "Kubeflow Pipelines 2.17" in found.message and found.fix


@pytest.mark.parametrize("what", FINE)
def test_what_the_backend_runs_is_not_warned_of(what):
    assert _warnings(FINE[what]) == []
