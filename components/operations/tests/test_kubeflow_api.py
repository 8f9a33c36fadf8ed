"""Names become ids as they are at that moment, and what KFP refuses is told in its own words."""

from __future__ import annotations

from pathlib import Path

import kfp_server_api as kfp_models
import kfp_state
import pytest
from operations.errors import Unanswered
from operations.kubeflow_api import KubeflowApi, connect
from operations_servers import Served


def run(api: KubeflowApi, name: str = "churn-a", **more: object) -> kfp_models.V2beta1Run:
    given = {
        "experiment_id": api.made_experiment("graft"),
        "pipeline_version_reference": api.version("churn", "churn-1"),
    }
    return kfp_models.V2beta1Run(display_name=name, **{**given, **more})


def test_an_experiment_is_made_once(api: KubeflowApi, kfp: Served) -> None:
    assert api.experiment("graft") == ""
    assert api.made_experiment("graft") == api.made_experiment("graft") == api.experiment("graft") != ""
    assert len(kfp.state["experiments"]) == 1


def test_an_experiment_that_somebody_else_makes_first_is_taken(api: KubeflowApi, kfp: Served, monkeypatch) -> None:
    known = api.made_experiment("graft")
    answers = iter(["", known])  # as it is between the look and the request
    monkeypatch.setattr(KubeflowApi, "experiment", lambda self, name: next(answers))
    assert api.made_experiment("graft") == known


@pytest.mark.parametrize(
    ("more", "status", "message"),
    [
        ({"experiment_id": None}, 400, "Experiment id can not be empty in multi-user mode"),
        ({"display_name": None}, 400, "The run name is empty"),
        (
            {"runtime_config": kfp_models.V2beta1RuntimeConfig(parameters={"epoch": 4})},
            400,
            "not required by pipeline: epoch",
        ),
    ],
)
def test_what_kfp_refuses_is_told(more: dict[str, object], status: int, message: str, api: KubeflowApi) -> None:
    wanted = run(api)
    for key, value in more.items():
        setattr(wanted, key, value)
    with pytest.raises(Unanswered, match=message) as refused:
        api.create_run(wanted)
    assert refused.value.status == status


@pytest.mark.parametrize("names", [("churn", "churn-9"), ("fraud", "fraud-1")])
def test_a_name_that_is_not_there_is_not_found(names: tuple[str, str], api: KubeflowApi) -> None:
    with pytest.raises(Unanswered) as missing:
        api.version(*names)
    assert missing.value.status == 404


def test_runs_are_listed_page_by_page_the_newest_first(api: KubeflowApi) -> None:
    wanted = run(api)
    for number in range(103):
        wanted.display_name = f"churn-{number}"
        api.create_run(wanted)

    assert [it.display_name for it in api.list_runs(api.experiment("graft"))] == [
        f"churn-{n}" for n in range(102, -1, -1)
    ]


def test_versions_of_live_and_of_recurring_runs_are_live(api: KubeflowApi, kfp: Served) -> None:
    api.create_run(run(api, "over"))
    kfp_state.change(kfp.file, lambda known: known["runs"][0].update(state="FAILED"))
    api.create_run(run(api, "live", pipeline_version_reference=api.version("churn", "churn-2")))
    reference = {"pipeline_version_reference": {"pipeline_version_id": "uid-3"}}
    kfp_state.change(kfp.file, lambda known: known["recurring"].append(reference))

    assert api.live_versions() == {"uid-2", "uid-3"}


def test_a_server_that_does_not_answer_is_told_from_one_that_refuses(kfp: Served) -> None:
    kfp.server.shutdown()
    kfp.server.server_close()
    with pytest.raises(Unanswered) as silent:
        connect(kfp.url, "ml", None, 1).experiment("graft")
    assert silent.value.status == 0


def test_a_token_is_read_anew_for_each_request(kfp: Served, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("first\n")
    client = connect(kfp.url, "ml", token, 5)
    for now in ("first", "second"):
        kfp_state.change(kfp.file, lambda known, now=now: known.update(token=now))
        token.write_text(f"{now}\n")
        assert client.experiment("graft") == ""
