"""What the tests of this folder run on: a real API server, a cluster with Argo Workflows, and two with Argo CD.

Each is started when the first test asks for it. The two with Argo CD, which is never idle, end with the module that
uses them, and a cluster that runs everything comes last; the rest ends with the session. Where this machine lacks what
one needs, its tests are not run, and one line of pytest's summary says how many and why.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path

import pytest

sys.path.extend([str(Path(__file__).parent), str(Path(__file__).parents[1] / "argo")])  # `cluster`; `suite`

from cluster import (
    binaries,
    controllers,
    definitions,
    delivery,
    elsewhere,
    images,
    node,
    permissive,
    plan,
    redis,
    registry,
    requirements,
    runs,
    s3,
    sandbox,
    scenario,
    whole,
    workflows,
)
from cluster.apiserver import ApiServer
from cluster.elsewhere import Elsewhere
from cluster.requirements import MissingRequirement, not_run
from cluster.runs import Runs
from cluster.scenario import Given, Scenario, Then, When
from cluster.whole import Running
from figures import figure, pytest_terminal_summary  # noqa: F401  (a fixture and a hook of this folder)

ENVIRONMENTS, RUNNING = (Path(__file__).with_name(name) for name in ("environments", "running"))
RENDERED = Path(__file__).resolve().parents[2] / "rendered"
CLUSTERS = ("delivered", "running", "argo", "control_plane")  # of several modules, in the order that they run in
ARGO_CD = ("delivered", "running")  # two of these at once would keep two cores busy
ENGINES = ("argo-workflows", "kubeflow-pipelines")
DEFINITIONS = Path(__file__).resolve().parents[3] / "shared" / "crds"


@pytest.fixture(scope="session")
def control_plane(request: pytest.FixtureRequest) -> Iterator[ApiServer | MissingRequirement]:
    """etcd and kube-apiserver with all definitions of custom resources, or what is missing."""
    try:
        files = definition_files()
        programs = _programs(request, binaries.CONTROL_PLANE)
        private = sandbox.create()
    except MissingRequirement as missing:
        yield missing
        return
    with private:
        yield definitions.start(private, programs, files)


@pytest.fixture(scope="session")
def api_server(request: pytest.FixtureRequest) -> Iterator[ApiServer | Elsewhere]:
    """A real API server that knows the kinds of Kubeflow, Argo Workflows and KServe; `make e2e` takes KUBECONFIG's."""
    try:
        if requirements.ALL and os.environ.get("KUBECONFIG"):
            kubectl = _programs(request, ["kubectl"]) / "kubectl"
            kinds = permissive.kinds(plan.all_objects(RENDERED)) | {("argoproj.io", "Workflow")}
            with elsewhere.entered(kubectl, kinds) as cluster:
                yield cluster
            return
        server = request.getfixturevalue("control_plane")
        if isinstance(server, MissingRequirement):
            raise server
    except MissingRequirement as missing:
        not_run(request, missing)
    yield server


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
        programs = _programs(request, binaries.NODE)
        node.prepare(server.sandbox)
        pause = images.pause(programs / "pause")
        images.build(images.LAYOUT, [pause, images.argoexec(executor), images.busybox(), images.python()])
    except MissingRequirement as missing:
        not_run(request, missing)
    controllers.start(server)
    registry.start(server.sandbox, node.ADDRESS, node.REGISTRY, images.LAYOUT)
    s3.start(server.sandbox, node.ADDRESS, node.STORAGE, workflows.BUCKET)
    node.start(server, f"http://{node.ADDRESS}:{node.REGISTRY}")
    workflows.namespace(server)
    return runs.watched(server, workflows.start(server, controller))


@pytest.fixture(scope="module")
def delivered(request: pytest.FixtureRequest, compiled_tiny: Path) -> Iterator[Scenario]:
    """Two clusters that Argo CD has brought to what a small repository renders for staging and prod."""
    try:
        if not requirements.ALL:
            raise MissingRequirement("`make e2e` runs Argo CD")
        files = definition_files()
        redis.require()
        programs = _programs(request, binaries.DELIVERY)
        private = sandbox.create()
    except MissingRequirement as missing:
        not_run(request, missing)
    with private:
        repository = scenario.repository(compiled_tiny, ENVIRONMENTS, private.folder / "repository")
        rendered = repository / "rendered"
        known = definitions.needed(files, plan.all_objects(rendered))
        running = delivery.start(private, programs, known, repository, plan.read(rendered))
        began = Scenario(repository, running)
        delivery.apply_by_hand(running)
        began.seconds = Then(began).synced(within=900)
        yield began


@pytest.fixture(scope="session")
def argocd_binary(request: pytest.FixtureRequest) -> Path:
    """Argo CD's command line."""
    try:
        return _programs(request, ["argocd"]) / "argocd"
    except MissingRequirement as missing:
        not_run(request, missing)


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest, compiled_tiny: Path) -> Iterator[Running]:
    """A cluster with a node and Argo Workflows, to which Argo CD delivers a pipeline, and `operations` beside it."""
    try:
        if not requirements.ALL:
            raise MissingRequirement("`make e2e` runs Argo CD")
        if os.geteuid() != 0:
            raise MissingRequirement("a node requires root")
        argo = workflows.binaries()
        files = [file for file in definition_files() if file.parent.name.startswith(ENGINES)]
        redis.require()
        programs = _programs(request, (*binaries.NODE, *binaries.DELIVERY))
        private = sandbox.create()
        prepared = whole.prepared(private, programs, argo, RUNNING)
    except MissingRequirement as missing:
        not_run(request, missing)
    with private:
        yield whole.start(prepared, files, compiled_tiny, RUNNING)


@pytest.fixture
def given(delivered: Scenario) -> Given:
    """What a test of delivery starts from."""
    return Given(delivered)


@pytest.fixture
def when(delivered: Scenario) -> When:
    """What is done in it."""
    return When(delivered)


@pytest.fixture
def then(delivered: Scenario) -> Then:
    """What comes of it."""
    return Then(delivered)


def definition_files() -> list[Path]:
    """The definitions of custom resources, as the projects publish them."""
    if not DEFINITIONS.is_dir():
        raise MissingRequirement("the folder shared/crds is not beside the repository")
    return sorted(DEFINITIONS.glob("*/*.yaml"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a node, so that it can be left out (-m 'not node'), and what one worker runs.

    Without workers, what needs everything at once comes last.
    """
    for item in items:
        cluster = runs_on(item)
        item.add_marker(pytest.mark.xdist_group("argo_cd" if cluster in ARGO_CD else cluster))
        if cluster in ("running", "argo"):
            item.add_marker("node")
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: CLUSTERS.index(runs_on(item)) if runs_on(item) in CLUSTERS else len(CLUSTERS))
    else:
        items.sort(key=lambda item: runs_on(item) == "running")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to have every worker start every cluster."""
    grouped = session.config.getoption("loadgroup", False)
    if grouped and not all("@" in item.nodeid for item in session.items):
        raise pytest.UsageError("this pytest-xdist does not group the tests of this pytest: see pyproject.toml")


def runs_on(item: pytest.Item) -> str:
    """The fixture that takes minutes to start and that one worker should start; the module where there is none."""
    asked = {*getattr(item, "fixturenames", ())}
    names = asked | ({"control_plane"} if "api_server" in asked else set())
    return next((name for name in CLUSTERS if name in names), item.path.stem)


def pytest_configure(config: pytest.Config) -> None:
    """Say what that mark is."""
    config.addinivalue_line("markers", "node: runs on a real node with Argo Workflows")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Have a run fail that was to check everything and has checked nothing."""
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if requirements.ALL and session.testscollected and reporter and not reporter.stats.get("passed"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Have all tests that lack the same thing stand in one line of the summary, not in one for each function."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        _, _, reason = report.longrepr
        report.longrepr = (str(Path(__file__).parent), None, reason)
    return report


def _programs(request: pytest.FixtureRequest, names: Iterable[str]) -> Path:
    """The folder of what runs the clusters: `make e2e` builds it, all others take what it has built."""
    return binaries.build(names, progress_printer(request)) if requirements.ALL else binaries.built(names)


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
