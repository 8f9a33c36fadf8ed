"""A change as frozen values: texts ready to be shown, places as `<environment>/<cluster>`."""

from __future__ import annotations

from dataclasses import dataclass

CATEGORIES = ("directly changed", "changed by what it depends on", "metadata only", "added", "removed")
CONSEQUENCES = ("reruns", "served from the cache", "served stale", "at the next tick", "never")
ACTIONS = ("created", "updated", "replaced", "deleted", "left")
BESIDE = ("differs", "only in the first", "only in the second")  # of two environments, where nothing becomes of it


@dataclass(frozen=True)
class Line:
    """One value that changes: what kind of value, of which step ("" for none), its name, and both texts.

    `before` or `after` is None where there is none. `origin` is the file and line that did it, as `file:line`.
    """

    what: str
    step: str
    name: str
    before: str | None
    after: str | None
    origin: str = ""


@dataclass(frozen=True)
class Task:
    """A step: what kind of change it sees, what becomes of it in the next run (CATEGORIES, CONSEQUENCES), and why.

    `after` are the steps that it waits for. A step that nothing changes is there too, with the category "".
    """

    step: str
    category: str
    consequence: str
    why: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """When a pipeline runs by the clock, in words, "" for never; `times` are the next ones after the change."""

    before: str
    after: str
    times: tuple[str, ...] = ()


@dataclass(frozen=True)
class Amount:
    """Something counted before and after, such as pods or CPU-hours; `of` is what the cluster may give, "" unknown.

    `at_most` says that it is an upper bound, from what steps ask for and their timeouts, `above` that it is more after
    the change than the cluster has: some of it waits.
    """

    name: str
    before: str
    after: str
    of: str = ""
    at_most: bool = False
    above: bool = False


@dataclass(frozen=True)
class Cost:
    """What a run costs at most, by declared prices: a currency (ISO 4217), and two amounts with two decimals.

    An amount is "no bound" where a step may take as long as it likes. Where the currency itself changes it is "", and
    stands in the amounts.
    """

    currency: str
    before: str
    after: str


NEVER_BUILT = "steps name images that were never built, and cannot start until they are"

NOBODY_RUNS = "no other environment runs this definition, so nothing here says that it works"


@dataclass(frozen=True)
class PipelineChange:
    """What changes of one pipeline of an environment, alike on all clusters that `versions` lists.

    `action` is created, updated or deleted, or one of BESIDE. `versions` are rows of a place and the names of its
    version before and after, `definition` the hashes before and after, "" for none;
    `runs_already` are environments that run the new definition before the change. `starts` says what makes the next
    run: "on merge", a time of its schedule, or "" where somebody has to. `toolchain` is the only thing that changes
    where it is not "": the content is the same.
    """

    pipeline: str
    environment: str
    versions: tuple[tuple[str, str, str], ...]
    action: str
    definition: tuple[str, str]
    runs_already: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    tasks: tuple[Task, ...] = ()
    schedule: Schedule | None = None
    starts: str = ""
    amounts: tuple[Amount, ...] = ()
    cost: Cost | None = None
    toolchain: str = ""
    notes: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(place for place, _, _ in self.versions)

    @property
    def is_unproved(self) -> bool:
        """Whether it is pinned to a definition that runs nowhere else."""
        return NOBODY_RUNS in self.notes

    @property
    def lacks_image(self) -> bool:
        """Whether its steps run other code, of which no image is built."""
        return NEVER_BUILT in self.notes and any(line.what == "source" for line in self.lines)


@dataclass(frozen=True)
class ObjectChange:
    """What becomes of an object, alike in all of `places`: one of ACTIONS or BESIDE.

    `lines` are its fields that nothing else speaks of.
    A replaced object has a name with a hash: `was` is the old one's, which stays until it is cleaned up.
    """

    action: str
    kind: str
    name: str
    places: tuple[str, ...]
    part: str
    was: str = ""
    lines: tuple[Line, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class InputChange:
    """One value of the inventory that changes, in the environments that it changes for; `origin` as `file:line`.

    `also` are the paths of others that the same line gives the same value: it is written once, and referred to.
    """

    path: str
    before: str | None
    after: str | None
    origin: str
    environments: tuple[str, ...]
    also: tuple[str, ...] = ()

    @property
    def in_base(self) -> bool:
        """Whether it was written for every environment."""
        return self.origin.startswith("base/")


@dataclass(frozen=True)
class Destruction:
    """Something that holds data, or that others depend on, and goes: its name, and what becomes of it."""

    name: str
    why: str


@dataclass(frozen=True)
class RuleLine:
    """A rule that is not what it was: whether it refuses less, where it stands, and what is other.

    `origin` is `file:line`, or the file alone where it is gone.
    """

    weaker: bool
    origin: str
    what: str

    @property
    def file(self) -> str:
        file, _, line = self.origin.rpartition(":")
        return file if line.isdigit() else self.origin


@dataclass(frozen=True)
class Measure:
    """A metric of both runs as text, with n and interval where the step logged them, and what may be said of the two.

    `difference` is the interval of 95 % of after - before, "" where one of the runs has none; `how` says what it was
    made of: the same test items, or two runs that count as independent.
    """

    name: str
    before: str
    after: str
    difference: str
    verdict: str
    how: str = ""


@dataclass(frozen=True)
class RunChange:
    """What a pipeline comes to here before and after a change: its metrics, pictures that differ, and what failed.

    `pictures` are pairs of files, before and after, "" where a run has none.
    """

    pipeline: str
    measures: tuple[Measure, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    failed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """Everything that a change does; `sentence` is what a reviewer decides by.

    `base` and `head` name the two states. `files` are those that changed and that no render writes, `runs` those that
    were asked for. `costs` are those of one run of each pipeline on each cluster, as far as they change, by currency.
    `rules` are those that the change is judged by, and itself changes.
    """

    base: str
    head: str
    sentence: str = ""
    destroyed: tuple[Destruction, ...] = ()
    pipelines: tuple[PipelineChange, ...] = ()
    objects: tuple[ObjectChange, ...] = ()
    inputs: tuple[InputChange, ...] = ()
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    runs: tuple[RunChange, ...] = ()
    costs: tuple[Cost, ...] = ()
    rules: tuple[RuleLine, ...] = ()

    @property
    def has_effect(self) -> bool:
        """Whether anything that is rendered changes."""
        return bool(self.pipelines or self.objects or self.destroyed)

    def steps_of(self, each: PipelineChange) -> PipelineChange | None:
        """The change before it of the same pipeline whose steps fare alike, so that they are shown once."""
        before = self.pipelines[: self.pipelines.index(each)]
        return next((one for one in before if (one.pipeline, one.tasks) == (each.pipeline, each.tasks)), None)

    def called(self, action: str) -> str:
        """What becomes of something in words; of two environments with their names."""
        _, first, second = BESIDE
        return {first: f"only in {self.base}", second: f"only in {self.head}"}.get(action, action)
