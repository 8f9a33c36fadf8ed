"""What an engine is to the rest of graft: one value that holds everything that is true of it and of no other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generators.inventory.problem import Problem
from generators.ir import pod_security
from generators.ir.definitions import Definition
from generators.model import Cluster, Environment, Finding, Pipeline, Place, Schedule, StepOverlay

if TYPE_CHECKING:
    from generators.ir.normal_form import Names, Shape
    from generators.ir.validate.kubernetes import Form

Object = dict[str, Any]
Files = dict[str, list[Object]]  # file name to the documents in it
Document = dict[str, Any]  # a PipelineSpec or a PlatformSpec

# An object that Argo CD leaves alone when Git has it no longer, and does not take for a difference: a version that runs
# and schedules may still name. The component `operations` removes it in the end.
KEPT = {
    "argocd.argoproj.io/sync-options": "Prune=false",
    "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
}
STEPS_ACCOUNT = "pipelines"  # the service account that steps run as, where the installation has none for them
# The fact of clusters whose namespace takes no other pods.
POD_SECURITY = {
    "pod_security": {
        "description": "the Pod Security level that the namespace enforces",
        "enum": list(pod_security.LEVELS),
    }
}
# The fact of clusters that models are served on.
KSERVE = {"kserve": {"description": "whether the cluster has KServe, which serves models", "type": "boolean"}}
# What a container asks for that says nothing, where a cluster has a capacity: a quota takes no pod that says nothing.
DEFAULT_REQUEST = {"cpu": "50m", "memory": "128Mi"}


def kept(obj: Object) -> Object:
    """The object, to stay in the cluster as KEPT says."""
    metadata = obj["metadata"]
    return {**obj, "metadata": {**metadata, "annotations": {**metadata.get("annotations", {}), **KEPT}}}


def objects_used(wanted: StepOverlay) -> tuple[str, ...]:
    """The kinds of the cluster's objects that a step says that it uses."""
    return tuple(sorted(set(wanted.uses) - {"database", "storage"}))


def steps_account(uses: Sequence[str]) -> str:
    """The service account of steps that use these kinds of the cluster's objects."""
    return "-".join([STEPS_ACCOUNT, *uses])


@dataclass(frozen=True)
class Target:
    """All that the manifests of one pipeline on one cluster are made of; what is not in it cannot change them."""

    definition: Definition
    environment: Environment
    cluster: Cluster
    pipeline: Pipeline


@dataclass(frozen=True)
class Unsupported:
    """Something of a pipeline that an engine cannot run; with the verdict `warning`, that it may fail to run.

    `step` is the path of the step that asks for it ("" for the pipeline), `setting` the keys of the step's overlay that
    do where an overlay may, such as ("retry", "factor"). `field` is what asks for it in a compiled pipeline: keys below
    the step's task, its component, its executor or the pipeline, such as ("retryPolicy", "backoffFactor").
    """

    rule: str
    step: str
    message: str
    found: str = ""
    allowed: str = ""
    fix: str = ""
    setting: tuple[str, ...] = ()
    verdict: str = "invalid"
    field: tuple[str, ...] = ()

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Unsupported:
        """The same from its `vars`, read back from JSON."""
        return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in record.items()})

    def finding(self, file: str, line: int = 1) -> Finding:
        """The finding at the step, in the file and the line that ask for it."""
        at, texts = (Place(file, line), self.step), (self.message, self.found, self.allowed, self.fix)
        return Finding(self.verdict, "capability", self.rule, *at, *texts)


def above_level(spec: Document, platform: Document, level: str) -> list[Unsupported]:
    """What of a pipeline's steps no pod of a level of Pod Security may be."""
    field = (pod_security.FIELD,)
    return [
        Unsupported("pod-security", each.path, each.message, each.found, each.allowed, each.fix, field=field)
        for each in pod_security.unmet(spec, platform, level)
    ]


@dataclass(frozen=True)
class Rendered:
    """The manifests of one pipeline on one cluster, what the engine may fail on, or what it cannot run of it."""

    files: Files
    unsupported: tuple[Unsupported, ...] = ()


@dataclass(frozen=True)
class Converted:
    """The objects of any compiled pipeline, what the engine may fail on, or what it cannot run of it."""

    objects: list[Object]
    unsupported: tuple[Unsupported, ...] = ()


@dataclass(frozen=True)
class Start:
    """What is to be made of any compiled pipeline: its manifests alone, a run at once, or one by a schedule.

    `source` is the file that it was read from, `parameters` are those of the run or the schedule. `name` and
    `namespace` are those of the objects, `account` is the service account that pods run as: "" leaves each to its user.
    `pod_security` is the level of Pod Security that the namespace enforces, "" where nothing is known of it.
    """

    source: str = ""
    run: bool = False
    schedule: Schedule | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    namespace: str = ""
    account: str = ""
    pod_security: str = ""


def _ir_names() -> Names:
    from generators.ir.normal_form import IR_NAMES

    return IR_NAMES


@dataclass(frozen=True)
class Reach:
    """How the component `operations` reaches an engine: more arguments, and the audience of a token, "" for none."""

    arguments: tuple[str, ...] = ()
    audience: str = ""


@dataclass(frozen=True)
class CacheRule:
    """What an engine's cache goes by: a step whose key is the same is not run again, whatever else of it changes.

    `key` lists what is in it, in the words of `generators.diff`: image, command, argument, variable, ...
    `obeys_own_key` is whether a key that the author chose stands for all of that. `said` is how people call it.
    """

    key: frozenset[str]
    obeys_own_key: bool
    said: str


@dataclass(frozen=True)
class Pods:
    """How many pods an engine starts for what a pipeline is made of: for a run itself, for each group of tasks.

    A loop counts as a group, and each of its iterations. `claim` is for a task that makes or deletes one, `cached` for
    a step that its cache answers for.
    """

    run: int = 0
    group: int = 0
    step: int = 1
    claim: int = 1
    importer: int = 0
    cached: int = 0


# What decides what a step gives, and every cache looks at.
ALWAYS_IN_KEY = frozenset({"image", "command", "argument", "input", "output", "type", "artifact", "claim"})
Rule = dict[str, list[str]]  # of a Role: apiGroups, resources, verbs
Render = Callable[[Target, Document, Document], Rendered]
Convert = Callable[[Document, Document, Start], Converted]


@dataclass(frozen=True)
class Engine:
    """What runs pipelines on the clusters whose `engine` has its name.

    needs            the facts that a cluster must say for it
    takes            the facts that mean something to it, beside `engine` itself
    facts            the form of the facts that no other engine has, as JSON Schemas
    render           from a target and its overlaid IR to files
    convert          from any compiled pipeline to objects; None where there are no objects to apply
    starts           what `convert` can start: "run", "schedule"
    secures          whether what it makes fits a level of Pod Security
    accounts         the form of the service account that its objects may name, for steps to run as; None for none
    read_back        an object as the shape that every engine must agree on; None for one that holds no pipeline, or the
                     very IR
    names            how it calls the IR's tasks and parameters
    problems         what is wrong with the facts of a cluster in an environment, beyond their form
    in_containers    whether steps run in containers, which must find images, records and files away from this machine
    on_kubernetes    whether those are pods, so that a namespace, Secrets and a quota mean something
    devices          the accelerators that it has, by name; none where the nodes of a cluster decide
    owns_namespace   whether the namespace is graft's to make, and not the installation's
    only_pipelines   whether a namespace holds pipelines alone, so that policies and a quota may be of all in it
    here             the file that `graft run` runs on this machine, "" where a cluster runs it
    beside           what its own containers ask for in a step's pod while the step runs, where a cluster has a capacity
    version          the kind of the object that a run is started from, "" where nothing is started in a cluster
    run              the kind of the object that a run is, "" where it is none of the cluster's objects
    pages            from a cluster, a namespace, a version and a run ("" for none) to its own pages that show them, by
                     what they are called
    kinds            the group and the kind of everything that it renders, what makes a schedule too
    schedule         from a version, its pipeline and the schedule to the engine's own object; None where a CronJob does
    reach            how `operations` reaches it
    operations       what `operations` may do to its objects, as rules of a Role
    steps            what pods of steps must be allowed to do, by what they use: "" for all of them, else as under
                     `uses`; None where the installation gives them a service account
    cache            what its cache of a step's outputs goes by on a cluster, None where nothing is cached
    pods             how many pods it starts for what a pipeline is made of
    own_labels       the domains of the labels that it puts on pods itself
    own_variables    the variables that it sets itself, or patterns of them such as `ARGO_*`
    """

    name: str
    needs: Sequence[str]
    takes: frozenset[str]
    render: Render
    read_back: Callable[[Object], Shape | None] = lambda obj: None
    names: Callable[[], Names] = _ir_names
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    convert: Convert | None = None
    starts: frozenset[str] = frozenset()
    secures: bool = False
    accounts: Form | None = None
    problems: Callable[[Cluster, Environment], Iterable[Problem]] = lambda cluster, environment: ()
    in_containers: bool = True
    on_kubernetes: bool = True
    devices: Collection[str] = ()
    owns_namespace: bool = False
    only_pipelines: Callable[[Cluster], bool] = lambda cluster: True
    here: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    run: str = ""
    pages: Callable[[Cluster, str, str, str], Mapping[str, str]] = lambda cluster, namespace, version, run: {}
    kinds: Sequence[tuple[str, str]] = ()
    schedule: Callable[[Object, Document, Schedule, Cluster], Object] | None = None
    reach: Callable[[Cluster, Environment], Reach] = lambda cluster, environment: Reach()
    operations: Sequence[Rule] = ()
    steps: Mapping[str, Sequence[Rule]] | None = None
    cache: Callable[[Cluster], CacheRule | None] = lambda cluster: None
    pods: Pods = Pods()
    own_labels: Sequence[str] = ()
    own_variables: Sequence[str] = ()
