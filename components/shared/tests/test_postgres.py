"""Gate and register on a real PostgreSQL, as in the environments of a cluster: its password in PGPASSWORD alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
from graft_steps import records, registry, releasing
from graft_steps.gate import Baseline
from graft_steps.registry import Champion
from graft_steps.releasing import Measured
from graft_steps.run_context import RunContext
from graft_steps.statistics import Proportion

sys.path.append(str(Path(__file__).resolve().parents[3] / "tests" / "e2e"))

from cluster import host, postgres
from cluster.requirements import MissingRequirement, not_run

PASSWORD = 'it\'s "x" @:/%40'
REACHED = Proportion(30, 40).estimate()
TAGS = registry.measured(REACHED, "abc")


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with an empty database; its URL as an overlay has it."""
    place, port = host.Host(tmp_path_factory.mktemp("postgres")), host.free_port()
    try:
        process = postgres.start(place, host.LOOPBACK, port, "mlflow", PASSWORD, "mlflow")
    except MissingRequirement as missing:
        not_run(request, missing)
    yield f"postgresql://mlflow@{host.LOOPBACK}:{port}/mlflow"
    process.stop()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "MLmodel").write_text("flavors: {}")
    return tmp_path / "model"


@pytest.fixture
def context(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunContext:
    """The environment of a step, set."""
    variables = {
        "MLFLOW_TRACKING_URI": server,
        "STORAGE_URI": f"{tmp_path}/store",
        "GRAFT_PIPELINE": "transfer-learning",
        "GRAFT_ENVIRONMENT": "prod",
        "GRAFT_DEFINITION": "5b1e7d20c9",
        "GRAFT_IMAGE": "transfer-learning@sha256:0",
    }
    for name, value in {**variables, "PGPASSWORD": PASSWORD}.items():
        monkeypatch.setenv(name, value)
    return RunContext.from_variables(variables)


def test_the_server_asks_for_the_password(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with pytest.raises(psycopg2.OperationalError, match="no password supplied"):
        psycopg2.connect(server)


def test_a_run_is_gated_registered_and_the_champion_of_the_next(
    context: RunContext, model: Path, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    measured = Measured(REACHED, Baseline("a coin", 0.1), 0.5, "abc", "def", {"seed": 11}, {"model": model})
    first = releasing.gate(measured)
    version, uri = releasing.register(model, first.model_name, first.run_id, summary)
    second = releasing.gate(measured)

    assert first.accepted
    assert (Path(uri) / "MLmodel").read_text() == (model / "MLmodel").read_text()
    assert not second.accepted
    assert f"only equals champion version {version}" in second.reason
    recorded = records.client(context).get_run(second.run_id).data
    assert (recorded.tags["champion"], recorded.params["seed"]) == (version, "11")


def test_runs_that_register_at_the_same_moment_never_share_a_number(context: RunContext, model: Path) -> None:
    mlflow = records.client(context)
    run = records.write(mlflow, context, records.Record({}, {}, {}, {}, {})).info.run_id

    def register(_: int) -> tuple[str, str]:
        return registry.register(mlflow, "busy", context.models("busy"), model, run, TAGS)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(register, range(4)))
    assert len({version for version, _ in made}) == 4
    assert [uri for _, uri in made] == [f"{context.models('busy')}/{version}" for version, _ in made]
    found = registry.champion(mlflow, "busy")
    assert found == Champion(found.version, f"{context.models('busy')}/{found.version}", REACHED, "abc")
