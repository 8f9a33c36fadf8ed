"""`make fleet`: real clusters and Argo CD on this machine, syncing what this checkout has committed in `rendered/`.

Everything is in a sandbox, as in the tests. The checkout is read and not changed; what is committed on its current
branch is synced within seconds. Ctrl-C ends it, and nothing is left.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from cluster import (
    applications,
    argocd_server,
    binaries,
    definitions,
    delivery,
    permissive,
    plan,
    redis,
    sandbox,
    wrappers,
)
from cluster.applications import Application
from cluster.delivery import Delivery
from cluster.plan import Plan, Unusable
from cluster.process import CommandFailed
from cluster.requirements import MissingRequirement

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT.parent / "shared" / "crds"
BAD_USE = 2


def main(checkout: Path = ROOT) -> int:
    """Show the fleet of a checkout until Ctrl-C; the exit status."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        redis.require()
        programs = binaries.build(binaries.DELIVERY, say)
        with sandbox.create() as private:
            show(private, programs, checkout)
    except (MissingRequirement, Unusable, CommandFailed) as error:
        print(f"error: {error}", file=sys.stderr)
        return BAD_USE
    except KeyboardInterrupt:
        say("ended; nothing is left of it")
    return 0


def interrupt(number: int, frame: FrameType | None) -> None:
    """End as by Ctrl-C."""
    raise KeyboardInterrupt


def say(line: str) -> None:
    """Print a line with the time."""
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


def show(private: sandbox.Sandbox, programs: Path, checkout: Path) -> None:
    """Start everything, say how to look at it, and then each change, for as long as nobody interrupts."""
    rendered = committed(checkout, private.folder / "committed")
    found = plan.read(rendered)
    say(f"starting {len(found.local())} clusters for the {len(found.destinations)} of the fleet, and Argo CD")
    running = delivery.start(private, programs, known(rendered), checkout, found)
    argocd_server.start(running)
    delivery.apply_by_hand(running)
    with wrappers.written(running, checkout / ".graft" / "fleet") as folder:
        print(introduction(found, folder.relative_to(checkout)), flush=True)
        follow(running)


def committed(checkout: Path, folder: Path) -> Path:
    """What is committed of `rendered/`, in `folder`."""
    command = ["git", "-c", "safe.directory=*", "-C", checkout, "archive", "HEAD", "rendered"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise Unusable(f"{checkout}: {done.stderr.decode().strip()}")
    folder.mkdir()
    subprocess.run(["tar", "--extract", "--directory", folder], input=done.stdout, check=True)
    return folder / "rendered"


def known(rendered: Path) -> list[Path]:
    """The definitions of custom resources: those that their projects publish, where they are beside the checkout."""
    objects = plan.all_objects(rendered)
    if PUBLISHED.is_dir():
        return definitions.needed(sorted(PUBLISHED.glob("*/*.yaml")), objects)
    say(f"{PUBLISHED} is not there: custom resources are not held against the definitions of their projects")
    return [permissive.write(objects, rendered.parent / "definitions.json")]


def introduction(found: Plan, folder: Path) -> str:
    """How to look at the fleet, and what to try."""
    clusters = "\n".join(f"  {each.name:<16} {each.server}" for each in found.destinations)
    first = found.destinations[0]
    return f"""
{found.repository} is this checkout, and its branch {found.branch} is what is committed here.

Clusters, by the names of their contexts:
{clusters}

In another terminal:
  {folder}/argocd app list
  {folder}/argocd app get {first.name}-platform    (what is synced, and why something is not)
  {folder}/kubectl --context {first.name} get all,workflowtemplates,pipelineversions -n {first.namespace}

There is no node: pods stay pending, and an Application whose run began with its merge stays Progressing.
To see a change: edit a file of environments/, `graft render`, `git commit -a`, and watch below.
Ctrl-C ends it all.
"""


def follow(running: Delivery) -> None:
    """Say each change of an Application, until something ends or somebody interrupts.

    A commit that changes nothing of an Application but the commit that it is at is said once for all of these.
    """
    seen: dict[str, Application] = {}
    while not (ended := [process for process in running.processes if process.ended]):
        moved: Counter[str] = Counter()
        for name, each in applications.read(running.home).items():
            before = seen.get(name)
            if before and before.line != each.line and before.at(each.revision).line == each.line:
                moved[each.revision] += 1
            elif not before or before.line != each.line:
                say(each.line)
            seen[name] = each
        for revision, count in moved.items():
            say(f"{count} Applications: at {revision[:10]}, otherwise as before")
        time.sleep(0.5)
    raise CommandFailed(f"{ended[0].name} ended; its log ends with:\n{ended[0].tail()}")


if __name__ == "__main__":
    sys.exit(main(*(Path(argument).resolve() for argument in sys.argv[1:])))
