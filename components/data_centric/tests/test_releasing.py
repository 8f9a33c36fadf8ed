"""The gate on a real MLflow: two verdicts, the record of the data version, the history, what is kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from data_centric import champion, evaluation, history
from data_centric.evaluation import Evaluation
from data_centric.steps import profiling
from data_centric.steps.releasing import Blessed, gate
from data_centric_small import Trained
from graft_steps import records, releasing
from graft_steps.run_context import RunContext


@pytest.fixture
def profile(tmp_path: Path, trained: Trained, variables: dict[str, str]) -> Path:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "issues.json").write_text("{}")
    places = tmp_path / "profile", tmp_path / "profile.html"
    profiling.profile(trained.data, tmp_path / "issues", "v2", 0.25, 0.05, *places)
    return places[0]


def gated(trained: Trained, profile: Path, evaluated: Path | None = None, threshold: float = 0.3) -> Blessed:
    folder = profile.parent
    places = evaluated or trained.evaluation, trained.records, trained.model, profile
    return gate(*places, threshold, folder / "summary.md", folder / "history.html")


def changed(trained: Trained, folder: Path, wrong: int, **fields: object) -> Path:
    """The evaluation with other answers: right but for the first `wrong`."""
    shutil.copytree(trained.evaluation, folder)
    written = json.loads((folder / evaluation.FILE).read_text())
    answers = [(label + 1) % 10 if i < wrong else label for i, label in enumerate(written["truth"])]
    used = {**written["used"], **{name: value for name, value in fields.items() if name in written["used"]}}
    other = {name: value for name, value in fields.items() if name in written}
    (folder / evaluation.FILE).write_text(json.dumps({**written, "answers": answers, "used": used, **other}))
    return folder


def register(trained: Trained, blessed: Blessed, folder: Path) -> None:
    found = blessed.gated
    releasing.register(trained.model, found.model_name, found.run_id, folder / "registered.md")


def test_a_run_is_recorded_with_data_version_digest_pictures_and_profile(
    trained: Trained, profile: Path, variables: dict[str, str]
) -> None:
    first = gated(trained, profile)
    mlflow = records.client(RunContext.from_variables(variables))
    data = mlflow.get_run(first.gated.run_id).data
    assert first.gated.accepted, first.gated.reason
    assert data.params["data_version"] == data.tags["data_version"] == "v2"
    assert data.tags["data_digest"] == trained.used["data_digest"] and data.params["epochs"] == "6"
    assert data.metrics["accuracy_n"] == 50 and "accuracy_vii" in data.metrics and "suspected_share" in data.metrics
    places = ("", "plots", "profile")
    files = {each.path for place in places for each in mlflow.list_artifacts(first.gated.run_id, place)}
    pictures = {f"plots/{name}.png" for name in ("classes", "confusion", "curves", "errors")}
    assert {"report.html", "errors.csv", "results.json", "model", "profile/profile.json", *pictures} <= files
    assert len(mlflow.get_metric_history(first.gated.run_id, "validation_accuracy_curve")) == 6
    assert (first.threshold.outcome, first.regression.outcome) == ("passed", "not compared")


def test_the_two_verdicts_stand_each_for_itself(trained: Trained, profile: Path, tmp_path: Path) -> None:
    good = gated(trained, profile, changed(trained, tmp_path / "good", 10))
    register(trained, good, tmp_path)
    better = gated(trained, profile, changed(trained, tmp_path / "better", 0))
    equal = gated(trained, profile, changed(trained, tmp_path / "equal", 10))
    worse = gated(trained, profile, changed(trained, tmp_path / "worse", 25))
    strict = gated(trained, profile, changed(trained, tmp_path / "strict", 5), threshold=0.95)
    outcomes = [(each.threshold.outcome, each.regression.outcome) for each in (better, equal, worse, strict)]
    assert outcomes == [("passed", "passed"), ("passed", "passed"), ("passed", "failed"), ("failed", "passed")]
    assert "better, +0.200 to champion version 1 (data v2) on the same 50 test images" in better.regression.reason
    assert better.gated.accepted and not any(each.gated.accepted for each in (equal, worse, strict))
    assert "only equals champion version 1" in equal.gated.reason
    assert "worse, -0.300" in worse.regression.reason and "McNemar p < 0.001" in worse.regression.reason


def test_the_history_shows_every_data_version_with_its_difference(
    trained: Trained, profile: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    one = gated(trained, profile, changed(trained, tmp_path / "one", 20, data_version="v1", data_digest="1" * 64))
    register(trained, one, tmp_path)
    gated(trained, profile, changed(trained, tmp_path / "two", 2, data_version="v2", data_digest="2" * 64))
    entries = history.read(records.client(RunContext.from_variables(variables)), "data-centric")
    assert [(each.data_version, each.digest[:2], each.accuracy.value) for each in entries] == [
        ("v1", "11", 0.6),
        ("v2", "22", 0.96),
    ]
    assert entries[0].difference is None and entries[1].difference[0] == pytest.approx(0.36)
    assert entries[1].accuracy.low > entries[0].accuracy.high
    for shown in ((tmp_path / "summary.md").read_text(), (tmp_path / "history.html").read_text()):
        assert "v1" in shown and "v2" in shown and "0.960 (n=50)" in shown


def test_the_profile_of_the_champion_is_what_the_next_version_is_held_against(
    trained: Trained, profile: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    mlflow = records.client(RunContext.from_variables(variables))
    assert profiling.last_good(mlflow, "data-centric") is None
    register(trained, gated(trained, profile), tmp_path)
    found = profiling.last_good(mlflow, "data-centric")
    assert found["version"] == "v2" and found["schema"]["labels"][0] == "i"


def test_a_champion_of_another_test_is_run_again_on_what_it_has_not_seen(
    trained: Trained, profile: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    register(trained, gated(trained, profile), tmp_path)
    mlflow = records.client(RunContext.from_variables(variables))
    other: Evaluation = evaluation.read(changed(trained, tmp_path / "other", 0, test_digest="another"))
    compared = champion.compare(mlflow, "data-centric", other, trained.records)
    same = evaluation.read(trained.evaluation)
    assert compared.champion.right == same.accuracy.right and compared.new.value == 1.0
    assert compared.paired.n == 50 and compared.data_version == "v2"
    renamed = evaluation.read(changed(trained, tmp_path / "renamed", 0, test_digest="x", classes=list("abcdefghij")))
    assert champion.compare(mlflow, "data-centric", renamed, trained.records).not_compared == (
        "it was trained on other classes"
    )


def test_a_network_that_names_one_class_for_all_is_no_measurement() -> None:
    from graft_steps.checks import StepError

    with pytest.raises(StepError, match="names the same class for all 4 test images"):
        evaluation.require_answers([3, 3, 3, 3], 4)
    with pytest.raises(StepError, match="gave 3 answers to 4 test images"):
        evaluation.require_answers([1, 2, 3], 4)
