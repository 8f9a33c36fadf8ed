"""What is to be built is what an environment waits for and this checkout is the source of."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from generators.fleet import fleet as fleets
from generators.fleet.buildable import Buildable, buildable
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.verbs.images import images
from generators.verbs.render import render

Edit = Callable[[Path, str, str], None]


def _found(repository: Path) -> list[Buildable]:
    return buildable(fleets.load(Repository(repository), Cache.of_user()))


def test_a_component_that_no_digest_is_listed_of_is_built_for_those_that_run_it(tiny: Path) -> None:
    (found,) = _found(tiny)

    assert (found.component, found.folder, found.environments) == ("greeter", "components/greeter", ("staging",))
    assert found.image.endswith("/greeter") and found.source == Repository(tiny).source("components/greeter")


def test_what_is_listed_is_built(tiny: Path, edit: Edit) -> None:
    source = _found(tiny)[0].source
    prod = (tiny / "environments/prod.yml").read_text()
    listed = re.search(r"  images:\n    greeter: .*\n", prod)
    assert listed and source in listed[0]
    staging = tiny / "environments/staging.yml"
    staging.write_text(staging.read_text().rstrip("\n") + f"\n{listed[0]}")

    assert _found(tiny) == []
    assert images(Repository(tiny)).to_text() == "every image that this checkout can build is listed"


def test_a_pin_to_an_older_source_is_not_for_this_checkout(tiny: Path) -> None:
    words = tiny / "components/greeter/src/greeter/words.py"
    words.write_text(words.read_text() + "\nNEW = 1\n")
    render(Repository(tiny))

    (found,) = _found(tiny)

    assert found.environments == ("staging",)  # prod runs the definition that it is pinned to
    assert found.source == Repository(tiny).source("components/greeter")
