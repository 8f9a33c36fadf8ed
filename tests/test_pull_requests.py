"""Pull requests as people make them, each with a consequence that its edit does not show: the comment has to.

All are made in one copy of this repository, rendered once; each is taken back before the next one.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generators.diff import changes
from generators.diff.markdown import to_markdown
from generators.inventory.read import Repository
from generators.ir import definitions
from generators.verbs import render

ROOT = Path(__file__).resolve().parents[1]
NEEDED = ("base", "environments", "schemas", "definitions", "rendered", "components", "generators/pipelines")
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
OLD_KFP = "kfp-2.16.0"
PINNED = "sequence-preprocessing"  # which prod runs as an older kfp compiled it
BUILT, AGAIN = (f"sha256:{digit * 64}" for digit in "12")
Edit = Callable[[Path], None]


def replaced(file: str, old: str, new: str, times: int = 1) -> Edit:
    """An edit of a file in which a text stands so often."""

    def edit(folder: Path) -> None:
        text = (folder / file).read_text()
        assert text.count(old) == times, f"{old!r} stands {text.count(old)} times in {file}"
        (folder / file).write_text(text.replace(old, new))

    return edit


def together(*edits: Edit) -> Edit:
    def edit(folder: Path) -> None:
        for each in edits:
            each(folder)

    return edit


def without_cluster(folder: Path) -> None:
    file = folder / "environments/prod.yml"
    file.write_text(re.sub(r"    prod-ap:\n(      .*\n)+", "", file.read_text()))


def without_accelerators(folder: Path) -> None:
    file = folder / "environments/prod.yml"
    file.write_text(re.sub(r"      accelerators:\n(        .*\n)+", "", file.read_text()))


def by_this_kfp(folder: Path) -> None:
    """Prod's pin of PINNED moves to the same content as this kfp compiles it."""
    file = folder / "environments/prod.yml"
    (new,) = (each.stem for each in (folder / f"definitions/{PINNED}").iterdir() if each.stem in live(folder))
    file.write_text(re.sub(rf'({PINNED}:\n      definition: )"\w+"', rf'\1"{new}"', file.read_text()))


def live(folder: Path) -> set[str]:
    """The definition of PINNED that prod of this repository runs."""
    text = (ROOT / "environments/prod.yml").read_text()
    return set(re.findall(rf'{PINNED}:\n      definition: "(\w+)"', text))


@dataclass(frozen=True)
class PullRequest:
    """What its author calls it, the edit, what its first sentence must say, and patterns that lines must match."""

    title: str
    edit: Edit
    says: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


WEAKER = "  policies: {requests-are-set: warn}\n"
ON_MERGE = "      run_on_merge: true\n"
TRAINING = "base/pipelines/transfer_learning.yml"
TRAIN = 'variants/train: {resources: "${resources:train}", accelerator: optional, retry: {count: %d'
PULLS = [
    PullRequest(
        "give the shards a better name",  # prod is pinned: its steps are called as they were, and lose their settings
        together(
            replaced("generators/pipelines/latent_boundary.py", 'name="shards"', 'name="parts"'),
            replaced("base/pipelines/latent_boundary.yml", "sampled/shards/", "sampled/parts/", 2),
        ),
        ("prod: latent-boundary gets a new version on prod/prod-eu; ", "2 steps LOSE nvidia.com/gpu"),
        (r"^- resource sampled/shards/sample, sampled/shards/score cpu limit 1 -> \(none\)",),
    ),
    PullRequest(
        "fetch the data with another allocator",  # the cache of KFP 2.17 does not look at variables
        replaced(TRAINING, "        fetch-data: {", '        fetch-data: {env: {MALLOC_ARENA_MAX: "2"}, '),
        ("SERVED STALE",),
        (r"fetch-data \| directly changed \| served stale \| variable MALLOC_ARENA_MAX",),
    ),
    PullRequest(
        "small steps need less",  # for every environment, prod first
        replaced("base/defaults.yml", "memory: 2Gi}", "memory: 1Gi}"),
        ("prod: 5 pipelines change on 3 clusters; resources.small.memory 2Gi -> 1Gi; 3 runs start on merge",),
        (r"^#### For every environment\n- resources.small.memory 2Gi → 1Gi, and with it \S+ and 54 more .* prod",),
    ),
    PullRequest(
        "train at night",  # an hour that the clocks skip and repeat
        replaced(TRAINING, '"0 4 * * 1"', '"30 2 * * *"'),
        ("prod: transfer-learning keeps its version on 3 clusters; runs 30 2 * * * (At 02:30)",),
        (r"does not fire at 02:30 on 2027-03-28 .* and fires twice at 02:30 on 2027-10-31",),
    ),
    PullRequest(
        "give training more room",  # two at once do not fit a cluster any more
        replaced("environments/staging.yml", 'train: {cpu: "4"', 'train: {cpu: "6"'),
        ("WAIT for room",),
        (r"cpu at once +8.1 -> 12.1 of 10, MORE THAN THERE IS: some steps wait",),
    ),
    PullRequest(
        "list the image",  # prod ran another one of the same source
        replaced("environments/prod.yml", BUILT, AGAIN),
        ("prod: transfer-learning gets a new version on 3 clusters", "a run starts on merge"),
        (r"the source \w+ of transfer-learning is the same, and its image is another: it was built again",),
    ),
    PullRequest(
        "ask for more images a class",  # what one cached step reads decides what is registered
        replaced("base/pipelines/data_centric.yml", "least_per_class: 20", "least_per_class: 30"),
        ("prod: data-centric gets a new version on 3 clusters; least_per_class 20 -> 30; 4 of 9 steps rerun",),
        (r"check-data \| changed by what it depends on \| never \| least_per_class", r"^\| train \| - \|"),
    ),
    PullRequest(
        "let it through for now",  # a rule of production that only warns
        replaced("environments/prod.yml", "  production: true\n", f"  production: true\n{WEAKER}"),
        ("POLICIES CHANGE: prod-requests-are-set (Deny -> Warn)",),
    ),
    PullRequest(
        "a namespace that says more",  # what the old one holds goes; on Argo its model server stays
        replaced("environments/prod.yml", "namespace: ml-prod", "namespace: ml-production"),
        ("DESTROYS prod/prod-ap (8 Pipelines, 1 InferenceService), ", "prod/prod-us (1 Secret); "),
        (r"Secret/\S+ moves from the namespace ml-prod to ml-production, which starts empty",),
    ),
    PullRequest(
        "try harder to train",  # prod is pinned, and base/ reaches it all the same
        replaced(TRAINING, f"        {TRAIN % 1}", f"        {TRAIN % 4}"),
        (
            "prod: transfer-learning gets a new version on 3 clusters; steps.variants/train.retry.count 1 -> 4; "
            "15 of 19 steps rerun; a run starts on merge",
            "staging: transfer-learning likewise on 2 clusters",
        ),
        (r"^- retry variants/train 1 more, after 60s -> 4 more", r"CPU-hours +at most 911.4 -> 1008"),
    ),
    PullRequest(
        "run it when it changes",  # five trainings begin with the merge
        replaced("base/pipelines/data_centric.yml", "      timeout: 1d\n", f"      timeout: 1d\n{ON_MERGE}"),
        ("prod: data-centric keeps its version on 3 clusters; run_on_merge (none) -> true; a run starts on merge",),
        (r"^- created Job run-data-centric-\w+ in prod/prod-ap",),
    ),
    PullRequest(
        "the same by the new kfp",  # nothing but the toolchain
        by_this_kfp,
        ("kfp-2.16.0 to kfp-2.17.0: a new version of 1 pipeline, the same content; nothing is deleted.",),
    ),
    PullRequest(
        "answer by the model of May",  # what serves is another at once, though no version of the pipeline is
        replaced("environments/prod.yml", "serve: {canary: 10}", "serve: {version: 3, pinned: true}"),
        (
            "SERVING CHANGES: text-classifier (canaryTrafficPercent 10 -> 100, storageUri (none) -> s3://ml-prod/models/",
        ),
    ),
    PullRequest(
        "a bucket of our own",  # models, artifacts and caches stay in the other one
        replaced("environments/prod.yml", "uri: s3://ml-prod\n", "uri: s3://ml-models\n"),
        ("prod MOVES to another store s3://ml-prod -> s3://ml-models: what is in the old one stays there",),
    ),
    PullRequest(
        "rotate the keys",  # nobody has made the Secret yet
        replaced("environments/prod.yml", "{secret: ml-storage, key", "{secret: ml-storage-v2, key", 2),
        ("NEEDS the Secret ml-storage-v2 (access-key, secret-key) in prod",),
    ),
    PullRequest(
        "release from a branch",  # every cluster follows it from the merge on, and no pipeline is another
        replaced("base/defaults.yml", "branch: main", "branch: release"),
        ("delivery.branch main -> release; ", "Applications updated"),
    ),
    PullRequest(
        "pull from the mirror",  # eight new versions by one line
        replaced("environments/prod.yml", "registry: registry.internal/ml", "registry: mirror.internal/ml"),
        ("prod: 8 pipelines change on 3 clusters; registry registry.internal/ml -> mirror.internal/ml; ",),
        (r"^#### In one environment\n- registry registry.internal/ml → mirror.internal/ml environments/prod.yml:27",),
    ),
    PullRequest(
        "give the graphics cards away",  # training goes on without, and takes days
        without_accelerators,
        ("steps LOSE nvidia.com/gpu",),
    ),
    PullRequest(
        "less patience",  # prod is pinned, and each training is cut off after twenty minutes
        replaced(TRAINING, f"{TRAIN % 1}, backoff: 1m}}, timeout: 2h", f"{TRAIN % 1}, backoff: 1m}}, timeout: 20m"),
        ("prod: transfer-learning gets a new version on 3 clusters; steps.variants/train.timeout 2h -> 20m; ",),
    ),
    PullRequest(
        "name a helper better",  # every image of staging is built of it
        replaced("components/shared/src/graft_steps/__init__.py", "What the steps of", "What steps of"),
        ("staging: 9 pipelines change on 2 clusters; ", "NO IMAGE of the new code of 9 pipelines"),
    ),
    PullRequest(
        "leave Asia",  # its pipelines go with their versions
        without_cluster,
        (
            "DESTROYS prod/prod-ap (8 Pipelines, 1 InferenceService)",
            "prod: 8 pipelines are deleted on prod/prod-ap",
            "109 objects deleted",
        ),
        (r"^- prod/prod-ap loses 100 of its 111 objects at once",),
    ),
]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what this repository deploys, as one commit."""
    folder = tmp_path_factory.mktemp("pulls") / "graft"
    for name in NEEDED:
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    _with_an_image_and_an_older_pin(folder)
    render.render(Repository(folder))
    shutil.copy(ROOT / ".gitignore", folder)
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "as it is")):
        _git(folder, *arguments)
    return folder


@pytest.fixture
def checkout(fleet: Path) -> Iterator[Path]:
    yield fleet
    _git(fleet, "checkout", "-q", ".")
    _git(fleet, "clean", "-fdq")


@pytest.mark.parametrize("pull", PULLS, ids=[each.title for each in PULLS])
def test_the_comment_says_what_follows(checkout: Path, pull: PullRequest) -> None:
    pull.edit(checkout)

    comment = _shown(to_markdown(changes(Repository(checkout), "HEAD", NOW), 10**9))

    if folder := os.environ.get("GRAFT_COMMENTS"):  # to be read as a reviewer would
        (Path(folder) / f"{pull.title}.txt").write_text(comment)
    sentence = comment.partition("\n")[0]
    assert [each for each in pull.says if each not in sentence] == []
    assert [each for each in pull.lines if not re.search(each, comment, re.MULTILINE)] == []


def _shown(comment: str) -> str:
    """A comment as GitHub shows it, without its marks."""
    plain = re.sub(r"</?(?:code|details|summary)>|\*\*|```mermaid.*?```|<!--.*?-->", "", comment, flags=re.DOTALL)
    return html.unescape(plain).replace("\u200b", "")


def _with_an_image_and_an_older_pin(folder: Path) -> None:
    """Prod has an image of transfer-learning, and runs PINNED as an older kfp compiled it."""
    file = folder / "environments/prod.yml"
    text = file.read_text()
    (pinned,) = live(folder)
    old = (folder / f"definitions/{PINNED}/{pinned}.json").read_text().replace("kfp-2.17.0", OLD_KFP)
    hash_ = definitions.hash_of_text(old)
    (folder / f"definitions/{PINNED}/{hash_}.json").write_text(old)
    (trained,) = re.findall(r'transfer-learning:\n      definition: "(\w+)"', text)
    recorded = (folder / f"definitions/transfer-learning/{trained}.json").read_text()
    (source,) = re.findall(r'"sources": *\{\s*"transfer-learning": *"(\w+)"', recorded)
    text = text.replace(pinned, hash_)
    images = f'  images: {{transfer-learning: {{"{source}": "{BUILT}"}}}}\n'
    file.write_text(text.replace("  resources:\n", f"{images}  resources:\n", 1))


def _git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)
