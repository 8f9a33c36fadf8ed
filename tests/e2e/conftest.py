"""What the tests of this folder run on: a real API server, and a whole cluster with Argo Workflows.

Each is started when the first test asks for it and ends with the session. Where this machine lacks what one needs, its
tests are not run, and one line of pytest's summary says how many and why.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

sys.path.extend([str(Path(__file__).parent), str(Path(__file__).parents[1] / "argo")])  # `cluster`; `suite`

from cluster import binaries, controllers, definitions, images, node, registry, runs, s3, sandbox, workflows
from cluster.apiserver import ApiServer
from cluster.requirements import MissingRequirement, not_run
from cluster.runs import Runs

DEFINITIONS = Path(__file__).resolve().parents[3] / "shared" / "crds"


@pytest.fixture(scope="session")
def control_plane(request: pytest.FixtureRequest) -> Iterator[ApiServer | MissingRequirement]:
    """etcd and kube-apiserver with all definitions of custom resources, or what is missing."""
    try:
        if not DEFINITIONS.is_dir():
            raise MissingRequirement("the folder shared/crds is not beside the repository")
        programs = binaries.build(binaries.CONTROL_PLANE, progress_printer(request))
        private = sandbox.create()
    except MissingRequirement as missing:
        yield missing
        return
    with private:
        yield definitions.start(private, programs, sorted(DEFINITIONS.glob("*/*.yaml")))


@pytest.fixture(scope="session")
def api_server(request: pytest.FixtureRequest, control_plane: ApiServer | MissingRequirement) -> ApiServer:
    """A real API server that knows the kinds of Kubernetes, Kubeflow, Argo Workflows and KServe."""
    if isinstance(control_plane, MissingRequirement):
        not_run(request, control_plane)
    return control_plane


@pytest.fixture(scope="session")
def argo(request: pytest.FixtureRequest) -> Runs:
    """A cluster of one real node whose pipelines the real controller of Argo Workflows runs."""
    try:
        if os.geteuid() != 0:
            raise MissingRequirement("a node requires root")
        controller, executor = workflows.binaries()
        server = request.getfixturevalue("control_plane")
        if isinstance(server, MissingRequirement):
            raise server
        programs = binaries.build(binaries.NODE, progress_printer(request))
        node.prepare(server.sandbox)
        pause = images.pause(programs / "pause")
        images.build(images.LAYOUT, [pause, images.argoexec(executor), images.busybox(), images.python()])
    except MissingRequirement as missing:
        not_run(request, missing)
    controllers.start(server)
    registry.start(server.sandbox, node.ADDRESS, node.REGISTRY, images.LAYOUT)
    s3.start(server.sandbox, node.ADDRESS, node.STORAGE, workflows.BUCKET)
    node.start(server, f"http://{node.ADDRESS}:{node.REGISTRY}")
    return runs.watched(server, workflows.start(server, controller))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Have all tests that lack the same thing stand in one line of the summary, not in one for each function."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        _, _, reason = report.longrepr
        report.longrepr = (str(Path(__file__).parent), None, reason)
    return report


def progress_printer(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """A function that prints a line now, though pytest captures what tests print; a worker of pytest-xdist too."""
    plugins = request.config.pluginmanager
    worker = hasattr(request.config, "workerinput")  # its terminal is nobody's, and its standard error is everybody's

    def report(line: str) -> None:
        with plugins.getplugin("capturemanager").global_and_fixture_disabled():
            if worker:
                print(f"\n{line}", file=sys.stderr, flush=True)
            else:
                plugins.getplugin("terminalreporter").write_line(line)

    return report
