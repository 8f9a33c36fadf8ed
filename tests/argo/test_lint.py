"""The linter raises no false alarm: every case that is sound means all that it says, but for what two leave over."""

import pytest
from generators.ir import lint, validate

import suite

LEFT_OVER = {
    "artifact-never-written": "the function never names its output artifact never, so nothing writes it",
    "refused-list-in-container": "the container's command does not name the input artifact data",
}


@pytest.mark.parametrize("name", suite.NAMES)
def test_a_sound_case_means_all_that_it_says(name):
    spec, platform = suite.compiled(name)
    if validate.problems(spec, platform):
        assert suite.expected(name).refused
        return

    assert [each.message for each in lint.problems(spec, platform)] == [
        said for case, said in LEFT_OVER.items() if case == name
    ]
