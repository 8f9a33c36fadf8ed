"""A new name is one that a folder, an image, a Python package and an object of Kubernetes can all have."""

from __future__ import annotations

import pytest

from generators.errors import GraftError
from generators.scaffold.names import checked


def test_a_name_has_a_form_for_python_and_one_for_people() -> None:
    name = checked("churn-model")

    assert (name.text, name.module, name.title) == ("churn-model", "churn_model", "Churn model")
    assert checked("churn_model") == name


def test_every_form_of_the_template_s_name_is_replaced_once() -> None:
    assert checked("my-pipeline-2").into("my_pipeline my-pipeline My pipeline") == (
        "my_pipeline_2 my-pipeline-2 My pipeline 2"
    )


@pytest.mark.parametrize("text", ["", "Churn", "churn model", "-a", "a-", "a--b", "2a", "../a", "a" * 41, "a.b", "ä"])
def test_what_kubernetes_or_python_would_refuse_is_no_name(text: str) -> None:
    with pytest.raises(GraftError, match="lower-case letters"):
        checked(text)


@pytest.mark.parametrize("text", ["true", "null", "no", "on", "y", "steps", "parameters"])
def test_what_yaml_or_an_environment_would_read_otherwise_is_no_name(text: str) -> None:
    with pytest.raises(GraftError, match=f"{text} cannot be a name"):
        checked(text)


@pytest.mark.parametrize("text", ["class", "statistics", "numpy", "shared", "generators", "components", "graft-steps"])
def test_a_package_that_is_there_already_is_not_hidden(text: str) -> None:
    with pytest.raises(GraftError, match="is there already"):
        checked(text)
