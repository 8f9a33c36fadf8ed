"""`graft render` changes exactly the files that should change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.errors import Refused, Stale
from generators.fleet import environments
from generators.inventory import merge
from generators.inventory.read import Repository
from generators.verbs import render

Edit = Callable[[Path, str, str], None]
VERSION = "greet/pipelineversion.yaml"
TEMPLATE = "greet/workflowtemplate.yaml"
# A version, and what names it by its hash, in the order of their names.
IN_EAST, IN_WEST = (
    tuple(f"rendered/prod/{cluster}/greet/{file}.yaml" for file in ("intent", "pipelineversion", "schedule"))
    for cluster in ("east", "west")
)
IN_STAGING = (
    *(f"rendered/staging/one/greet/{file}.yaml" for file in ("intent", "pipelineversion", "run", "schedule")),
    *(f"rendered/staging/two/greet/{file}.yaml" for file in ("intent", "run", "schedule", "workflowtemplate")),
)

SMALL_CHANGES = {
    "a parameter": (
        ("environments/prod.yml", "{times: 2}", "{times: 3}"),
        {*IN_EAST, *IN_WEST},
    ),
    "a database URL": (
        ("environments/staging.yml", "db.staging.test", "db2.staging.test"),
        {*IN_STAGING},
    ),
    "an item inside a list in base": (
        ("base/pipelines/greet.yml", "[64, 32]", "[64, 33]"),
        {
            "rendered/local/laptop/greet/pipeline.yaml",
            *IN_STAGING,
            *IN_EAST,
            *IN_WEST,
        },
    ),
    "an image digest": (
        ("environments/prod.yml", "1" * 64, "2" * 64),
        {*IN_EAST, *IN_WEST},
    ),
    "a cluster's capacity": (
        ("environments/prod.yml", 'cpu: "32"', 'cpu: "48"'),
        {"rendered/prod/east/platform/resourcequota.yaml"},
    ),
    "a cluster's node selector": (
        ("environments/prod.yml", "pool: gpu", "pool: a100"),
        {*IN_EAST},
    ),
    "a variable of the local environment": (
        ("environments/local.yml", "TONE: warm", "TONE: cold"),
        {"rendered/local/laptop/greet/pipeline.yaml"},
    ),
    "a comment": (("environments/prod.yml", "  environment: prod", "  # nothing\n  environment: prod"), set()),
}


@pytest.mark.parametrize("what", SMALL_CHANGES)
def test_a_change_touches_the_files_that_it_means_and_no_other(tiny: Path, edit: Edit, what: str) -> None:
    (file, old, new), meant = SMALL_CHANGES[what]
    edit(tiny / file, old, new)

    done = render.render(Repository(tiny))

    assert (set(done.written), done.removed) == (meant, ())


def test_a_change_of_code_moves_what_tracks_head_and_nothing_that_is_pinned(tiny: Path, edit: Edit) -> None:
    edit(tiny / "generators/pipelines/greet.py", 'word: str = "Hello"', 'word: str = "Hi"')

    done = render.render(Repository(tiny))

    assert {path.split("/")[1] for path in done.written if path.startswith("rendered/")} == {"local", "staging"}
    assert len([path for path in done.written if path.startswith("definitions/")]) == 1
    assert done.removed == (), "prod still runs the old definition"


def test_an_unchanged_repository_is_not_touched(tiny: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (tiny / "rendered").rglob("*")}

    done = render.render(Repository(tiny))

    assert (done.written, done.removed) == ((), ())
    assert before == {path: path.stat().st_mtime_ns for path in (tiny / "rendered").rglob("*")}


def test_reverting_a_change_restores_the_bytes(tiny: Path, edit: Edit) -> None:
    before = {path: path.read_bytes() for path in (tiny / "rendered").rglob("*.yaml")}
    edit(tiny / "environments/prod.yml", "{times: 2}", "{times: 3}")
    render.render(Repository(tiny))
    edit(tiny / "environments/prod.yml", "{times: 3}", "{times: 2}")

    render.render(Repository(tiny))

    assert before == {path: path.read_bytes() for path in (tiny / "rendered").rglob("*.yaml")}


def test_rendering_one_environment_leaves_the_others_alone(tiny: Path, edit: Edit) -> None:
    edit(tiny / "base/pipelines/greet.yml", "[64, 32]", "[64, 33]")

    done = render.render(Repository(tiny), "staging")

    assert set(done.written) == {*IN_STAGING}


def test_an_environment_that_is_gone_takes_its_files_with_it(tiny: Path) -> None:
    (tiny / "environments/prod.yml").unlink()

    done = render.render(Repository(tiny))

    assert done.written == ()
    assert done.removed and all(path.startswith("rendered/prod/") for path in done.removed)


def test_check_names_every_stale_file_and_the_command(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{times: 3}")
    (tiny / "rendered/staging/one/greet/pipeline.yaml").unlink()
    (tiny / "rendered/local/left-over.yaml").write_text("a: b\n")

    with pytest.raises(Stale) as stale:
        render.compare(Repository(tiny))

    assert stale.value.files == (
        "rendered/local/left-over.yaml",
        *IN_EAST,
        *IN_WEST,
        "rendered/staging/one/greet/pipeline.yaml",
    )
    assert stale.value.fix == "run: graft render"


def test_nothing_is_written_where_an_input_is_refused(tiny: Path, edit: Edit) -> None:
    before = {path: path.read_bytes() for path in (tiny / "rendered").rglob("*.yaml")}
    edit(tiny / "environments/prod.yml", "{times: 2}", "{time: 2}")
    edit(tiny / "environments/staging.yml", "db.staging.test", "db2.staging.test")

    with pytest.raises(Refused):
        render.render(Repository(tiny))

    assert before == {path: path.read_bytes() for path in (tiny / "rendered").rglob("*.yaml")}


def test_every_file_names_its_sources_and_no_other(tiny: Path, edit: Edit) -> None:
    (tiny / "base/cluster.yml").write_text("parameters:\n  pull_policy: Always\n")
    edit(tiny / "environments/staging.yml", "pipelines.greet]", "pipelines.greet, cluster]")

    render.render(Repository(tiny))

    header = (tiny / f"rendered/staging/one/{VERSION}").read_text().splitlines()[:6]
    assert header == [
        "# Made by `graft render`; do not edit. Sources:",
        "#   base/defaults.yml",
        "#   base/pipelines/greet.yml",
        "#   base/cluster.yml",
        "#   environments/staging.yml",
        "#   definitions/greet/4dbb8e3ec3.json",
    ]


def test_a_layer_of_other_pipelines_is_no_source(tiny: Path) -> None:
    inventory = merge.load(Repository(tiny))
    (layer,) = [layer for layer in inventory.environments["prod"].layers if layer.name == "pipelines.greet"]

    assert environments.speaks_of(layer.parameters.value) == ("greet",)


def test_a_head_that_does_not_compile_does_not_block_what_is_pinned(tiny: Path, edit: Edit) -> None:
    edit(tiny / "generators/pipelines/greet.py", ', name="people"', "")
    edit(tiny / "environments/prod.yml", "{times: 2}", "{times: 3}")

    done = render.render(Repository(tiny), "prod")

    assert set(done.written) == {*IN_EAST, *IN_WEST}


def test_a_comma_in_a_description_changes_no_cache_key(tiny: Path, edit: Edit) -> None:
    template = tiny / "rendered/staging/two" / TEMPLATE
    keys = [line for line in template.read_text().splitlines() if "sprig.sha256sum" in line]
    edit(tiny / "generators/pipelines/greet.py", "Greets everybody.", "Greets, everybody.")

    done = render.render(Repository(tiny))

    assert f"rendered/staging/two/{TEMPLATE}" in done.written
    assert keys and keys == [line for line in template.read_text().splitlines() if "sprig.sha256sum" in line]
