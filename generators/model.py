"""The nouns of graft as frozen values: what an inventory says, and what a check finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

UNBUILT = "sha256:" + "0" * 64  # stands for the digest of an image that nobody has built


@dataclass(frozen=True, order=True)
class Place:
    """Where a value was written: a file relative to the repository, a line and a column, both from 1.

    Line 0 is the file as a whole, or an option of the command line in its place.
    """

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Finding:
    """One problem, with its place, what was found, what is allowed, and what to do.

    `verdict` is `invalid`, `denied`, `warning` or `unchecked` (it could not be checked); `check` is the family
    (read, schema, ir, ...), `rule` the single rule inside it.
    """

    verdict: str
    check: str
    rule: str
    place: Place
    path: str
    message: str
    found: str = ""
    allowed: str = ""
    fix: str = ""

    @property
    def failing(self) -> bool:
        """Whether this finding alone makes a check fail; a warning does not."""
        return self.verdict != "warning"

    def to_record(self) -> dict[str, Any]:
        """The finding as JSON has it: its fields, and the place as file, line and column."""
        return {**vars(self), "place": [self.place.file, self.place.line, self.place.column]}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Finding:
        """The finding that `to_record` gave."""
        return cls(**{**record, "place": Place(*record["place"])})


@dataclass(frozen=True)
class SecretKey:
    """A reference to one key of a Kubernetes Secret; never its value."""

    secret: str
    key: str


@dataclass(frozen=True)
class Database:
    """Where MLflow keeps runs and models: a SQLAlchemy URL without credentials, the password by reference.

    The URL is "" where an environment has none.
    """

    url: str
    password: SecretKey | None = None


@dataclass(frozen=True)
class Storage:
    """The object store: its root URI, and the variables that clients read credentials from, by reference.

    `endpoint` is where one that speaks S3 answers, "" where that is Amazon's.
    """

    uri: str
    credentials: dict[str, SecretKey] = field(default_factory=dict)
    endpoint: str = ""
    region: str = ""


@dataclass(frozen=True)
class Image:
    """What an environment knows of an image: the digests of a component by the source that they were built from.

    One that is not a component of the repository has a whole `reference` by digest instead.
    """

    digests: dict[str, str] = field(default_factory=dict)
    reference: str = ""

    def digest(self, source: str) -> str:
        """The digest of the image that was built from a source; UNBUILT where there is none."""
        return self.digests.get(source, UNBUILT)


@dataclass(frozen=True)
class Accelerator:
    """What a pod needs to land on a cluster's nodes with this kind of accelerator."""

    type: str
    node_selector: dict[str, str] = field(default_factory=dict)
    tolerations: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Cluster:
    """Facts of one cluster; never parameters. `capacity` maps a resource name to a Kubernetes quantity.

    `facts` are those that only its engine knows the meaning of.
    """

    name: str
    engine: str
    server: str = ""
    capacity: dict[str, str] = field(default_factory=dict)
    accelerators: tuple[Accelerator, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StepOverlay:
    """What an environment says of one step; a field left at its default leaves the definition as it is."""

    image: str = ""
    resources: dict[str, str] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)
    node_selector: dict[str, str] = field(default_factory=dict)
    accelerator: str = ""
    env: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, SecretKey] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    cache: bool | None = None
    retry: dict[str, Any] = field(default_factory=dict)
    timeout: str = ""
    pull_policy: str = ""


@dataclass(frozen=True)
class Schedule:
    """When a pipeline runs by the clock: one or more schedules of five fields, and the time zone they are read in.

    `concurrency` says what becomes of a run that would begin beside another: allow, forbid, or replace the other.
    `starting_deadline` is how many seconds late a run may still begin, 0 where that does not matter.
    """

    cron: tuple[str, ...]
    timezone: str = ""
    concurrency: str = "allow"
    suspended: bool = False
    starting_deadline: int = 0


@dataclass(frozen=True)
class Serve:
    """How the registered model of a pipeline is served by KServe, on the clusters that run the pipeline.

    `component` is the component whose image serves it. `version` is the one that is served until a run that is accepted
    brings its own, 0 for none; where it is `pinned`, runs bring none. `canary` is the share of requests that a new
    version gets, in percent; `resources` are the limits of its container, and what it asks for where `requests` says
    nothing else.
    """

    component: str
    version: int = 0
    pinned: bool = False
    canary: int = 100
    resources: dict[str, str] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)
    min_replicas: int | None = None
    max_replicas: int | None = None


@dataclass(frozen=True)
class Pipeline:
    """One pipeline as one environment deploys it; an empty `definition` tracks head.

    It runs on all of the environment's clusters, or on those that `clusters` names. `timeout` is the longest that a
    whole run may take, "" for as long as it likes. `hold` is why nothing is promoted from here or to here.
    """

    name: str
    definition: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, StepOverlay] = field(default_factory=dict)
    clusters: tuple[str, ...] = ()
    schedule: Schedule | None = None
    run_on_merge: bool = False
    serve: Serve | None = None
    timeout: str = ""
    hold: str = ""

    def runs_on(self, cluster: str) -> bool:
        """Whether the environment deploys it to a cluster."""
        return not self.clusters or cluster in self.clusters


@dataclass(frozen=True)
class Statuses:
    """Where outcomes of runs are written to as commit statuses: a repository in GitHub's API, and its token."""

    url: str
    token: SecretKey


@dataclass(frozen=True)
class Delivery:
    """Where Argo CD reads the repository from, and the namespace that Argo CD itself is in.

    `manager` is the service account, NAMESPACE:NAME, that clusters' platforms are applied as: by default the one that
    `argocd cluster add` makes.
    """

    repository: str
    branch: str = "main"
    namespace: str = "argocd"
    manager: str = "kube-system:argocd-manager"
    statuses: Statuses | None = None


@dataclass(frozen=True)
class SecretStore:
    """A store of the External Secrets Operator; a Secret's values are found there under `prefix` and its name."""

    name: str
    kind: str = "ClusterSecretStore"
    prefix: str = ""


@dataclass(frozen=True)
class Keep:
    """What is kept of what is over: runs for a time after their end, and so many versions of each pipeline."""

    runs: str = "7d"
    versions: int = 10


@dataclass(frozen=True)
class Environment:
    """Everything that one environment decides, merged from its node and the classes that the node lists."""

    name: str
    namespace: str
    database: Database
    storage: Storage
    registry: str
    images: dict[str, Image]
    clusters: tuple[Cluster, ...]
    pipelines: tuple[Pipeline, ...]
    env: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    pull_policy: str = ""
    accept_unbuilt_images: bool = False
    owner: str = ""
    production: bool = False
    registries: tuple[str, ...] = ()  # where images may come from beside `registry`
    policies: dict[str, str] = field(default_factory=dict)  # those that are not enforced: `warn`, or `skip`
    delivery: Delivery | None = None
    keep: Keep = Keep()
    secret_store: SecretStore | None = None
    pull_secrets: tuple[str, ...] = ()
    node_selector: dict[str, str] = field(default_factory=dict)
    ephemeral_storage: dict[str, str] = field(default_factory=dict)  # `request` and `limit`
