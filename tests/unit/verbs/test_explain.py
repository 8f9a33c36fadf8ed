"""`graft explain` says what is known, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.errors import GraftError, Refused
from generators.inventory.read import Repository
from generators.verbs import explain

Edit = Callable[[Path, str, str], None]
TIMES = "pipelines.greet.parameters.times"


def test_a_value_is_not_guessed_where_another_one_of_the_environment_is_refused(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{times: 2, rate: 1e-4}")

    with pytest.raises(Refused) as refused:
        explain.explain(Repository(tiny), "prod", TIMES)

    assert [finding.found for finding in refused.value.findings] == ["1e-4"]
    assert refused.value.consequence == f"what {TIMES} is in prod cannot be known until this is mended"
    assert explain.explain(Repository(tiny), "staging", TIMES).to_text().endswith("(the pipeline's own default)")


@pytest.mark.parametrize(
    ("environment", "key", "fix"),
    [("prd", TIMES, "did you mean prod?"), ("prod", "pipelines.greet.parameters.polte", "did you mean polite?")],
)
def test_what_does_not_exist_is_told_with_the_nearest(tiny: Path, environment: str, key: str, fix: str) -> None:
    with pytest.raises(GraftError) as refused:
        explain.explain(Repository(tiny), environment, key)

    assert refused.value.fix == fix


def test_a_parameter_that_nobody_sets_has_the_pipeline_s_own_default(tiny: Path) -> None:
    assert explain.explain(Repository(tiny), "local", TIMES).to_text().startswith(f"{TIMES} = 1\n  definitions/greet/")
