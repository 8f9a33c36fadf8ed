"""The pages say what the repository says, the same each time, and show text of others as text."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from generators.diff.markdown import to_markdown
from generators.diff.model import Measure, RunChange
from generators.errors import GraftError, Refused
from generators.fleet import fleet as fleets
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.model import Place
from generators.pages.links import Links
from generators.pages.outcomes import Outcomes, read
from generators.pages.site import Site
from generators.verbs.render import render
from generators.verbs.report import write_report
from tests.unit.diff.samples import BUSY, PIPELINE

Edit = Callable[[Path, str, str], None]
Commit = Callable[[Path], None]
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\"'&{{ 7 * 7 }}"


def row(**more: object) -> dict:
    run = {"phase": "Failed", "metric": {"name": "accuracy", "value": 0.79}, "step": "people/greet"}
    names = {"environment": "prod", "cluster": "east", "pipeline": "greet"}
    return {**names, "version": {"git": "a", "live": "a"}, "application": None, "run": run, **more}


def status(*rows: dict) -> str:
    return json.dumps({"taken": "2026-01-30T10:00:00+00:00", "rows": rows})


class Page(HTMLParser):
    """What a test asks of a page: its headings, its tags, the places that it names and those that it leads to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.links: list[str] = []
        self.levels: list[int] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.names += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        self.levels += [int(tag[1])] if tag in ("h1", "h2", "h3", "h4") else []


def site(repository: Path, **more: object) -> Site:
    return Site(fleets.load(Repository(repository), Cache.of_user()), **more)


@pytest.fixture
def pages(tiny: Path) -> dict[str, str]:
    return site(tiny).files()


def test_there_is_a_page_for_everything(pages: dict[str, str]) -> None:
    assert {"index.html", "style.css", "pipelines/greet.html", "environments/prod.html", "policies.html"} <= set(pages)
    assert "policies/images-by-digest.html" in pages


def test_the_same_tree_gives_the_same_bytes(tiny: Path) -> None:
    program = (
        "import hashlib, pathlib, sys\n"
        "from generators.verbs.report import write_report\n"
        "from generators.inventory.read import Repository\n"
        "write_report(Repository(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2]))\n"
    )
    for seed in ("1", "2"):
        command = [sys.executable, "-c", program, tiny, tiny.parent / seed]
        environment = {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "1" else "UTC", "LC_ALL": "C"}
        subprocess.run(command, check=True, env={**os.environ, **environment})

    first, second = (
        {str(file.relative_to(tiny.parent / seed)): file.read_bytes() for file in (tiny.parent / seed).rglob("*.*")}
        for seed in ("1", "2")
    )
    assert first == second and len(first) > 30


def test_no_link_is_dead(pages: dict[str, str]) -> None:
    parsed = {path: Page(text) for path, text in pages.items() if path.endswith(".html")}
    for path, page in parsed.items():
        for link in page.links:
            file, name = urldefrag(link)
            target = (Path("/") / path).parent / file if file else Path("/") / path
            inside = target.resolve().relative_to("/").as_posix()
            assert inside in pages, f"{path} leads to {link}"
            assert not name or unquote(name) in parsed[inside].names, f"{path} leads to {link}"


def test_names_are_told_apart_and_headings_are_in_order(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        if path.endswith(".html"):
            page = Page(text)
            assert len(page.names) == len(set(page.names)), path
            assert page.levels[0] == 1 and page.levels.count(1) == 1, path
            assert all(after - before <= 1 for before, after in zip(page.levels, page.levels[1:], strict=False)), path


def test_nothing_is_run_and_nothing_comes_from_elsewhere(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        if path.endswith(".html"):
            page = Page(text)
            assert not page.tags & {"script", "style", "iframe", "img", "form", "object"}, path
            assert not [link for link in page.links if "//" in link], path
            assert "default-src 'none'" in text and "style=" not in text, path
    assert "url(" not in pages["style.css"] and "@import" not in pages["style.css"]


def test_a_value_is_shown_with_the_line_that_set_it(tiny: Path) -> None:
    lines = (tiny / "environments/prod.yml").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "{times: 2}" in text)

    text = site(tiny, links=Links("https://github.com/ml/fleet/blob/c0")).files()["pipelines/greet.html"]

    assert f'href="https://github.com/ml/fleet/blob/c0/environments/prod.yml#L{line}"' in text
    assert f">environments/prod.yml:{line}</a>" in text


def test_what_the_checkout_changes_of_a_base_is_a_page(tiny: Path, tmp_path: Path, edit: Edit, commit: Commit) -> None:
    commit(tiny)
    edit(tiny / "environments/prod.yml", "{times: 2}", "{times: 3}")
    render(Repository(tiny))

    write_report(Repository(tiny), tmp_path / "pages", base="HEAD")
    text = (tmp_path / "pages/changes.html").read_text()

    assert "pipelines.greet.parameters.times" in text and "environments/prod.yml:" in text
    assert 'href="../changes.html"' in (tmp_path / "pages/pipelines/greet.html").read_text()
    assert all((tmp_path / "pages" / link).exists() for link in Page(text).links if not link.startswith("#"))


def test_the_page_of_a_change_shows_all_that_its_comment_shows(tiny: Path) -> None:
    """Every text of a change that holds something of everything; values of base/ stand apart from the others."""
    measure = Measure("evaluate: accuracy", "0.7 (n=9)", "0.8 (n=9)", "+0.01 to +0.2", "higher", "on the same 9 items")
    tools = replace(PIPELINE, pipeline="tooled", toolchain="kfp-2.16.0 to kfp-2.17.0", lines=(), tasks=(), notes=())
    run = RunChange("greet", (measure,), (("a.png", "b.png"),), ("greet fails after the change: no",))
    change = replace(BUSY, runs=(run,), pipelines=(*BUSY.pipelines, tools))

    page = site(tiny, change=change).files()["changes.html"]
    comment = html.unescape(re.sub(r"<[^>]*>", " ", to_markdown(change)))
    shown = html.unescape(re.sub(r"<[^>]*>", " ", page))

    texts = {text for text in texts_of(asdict(change)) if text in comment}
    assert len(texts) > 60
    assert [text for text in texts if text not in shown] == []
    assert page.index("For every environment") < page.index("base/defaults.yml:6") < page.index("<summary>Inputs (1)")


def texts_of(value: object) -> Iterator[str]:
    """Every text in a record."""
    if isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_of(each)
    elif isinstance(value, str) and value:
        yield value


def test_without_a_base_nothing_is_said_of_changes(pages: dict[str, str]) -> None:
    assert "changes.html" not in pages and not any("changes.html" in text for text in pages.values())


def test_text_of_others_is_shown_as_text(tiny: Path, edit: Edit) -> None:
    edit(
        tiny / "environments/prod.yml",
        "labels: {team: greeters}",
        "labels: {team: greeters}\n  env: {WORD: " + json.dumps(HOSTILE) + "}",
    )
    hostile = {"run": {"phase": HOSTILE, "metric": None, "step": HOSTILE}}

    text = "".join(site(tiny, outcomes=read(status(row(**hostile))), links=Links("", "", HOSTILE)).files().values())

    assert "<script" not in text and "&lt;script&gt;" in text and "{{ 7 * 7 }}" in text


def test_outcomes_are_words(tiny: Path) -> None:
    text = site(tiny, outcomes=read(status(row()))).files()["pipelines/greet.html"]

    assert "Failed" in text and "failed at people/greet" in text and "accuracy 0.79" in text and "not asked" in text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"taken": "x", "rows": []}', status({"environment": "prod"})])
def test_what_is_no_state_of_a_fleet_is_refused(text: str) -> None:
    with pytest.raises(GraftError, match="is not what"):
        read(text)


def test_next_times_are_reckoned_from_the_instant_that_is_given(tiny: Path) -> None:
    assert "Sun 2026-02-01 05:00 CET" in site(tiny, now=NOW).files()["index.html"]
    assert "next " not in site(tiny, outcomes=Outcomes()).files()["index.html"]


def test_the_folder_is_made_the_pages_and_nothing_else(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    first = write_report(Repository(tiny), out)
    (out / "old.html").write_text("of an older report")

    again = write_report(Repository(tiny), out)

    assert "index.html" in first.written
    assert again.written == () and again.removed == ("old.html",)


def test_a_folder_of_something_else_is_left_alone(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work/thesis.txt").write_text("all of it")

    with pytest.raises(GraftError, match="not a report"):
        write_report(Repository(tiny), tmp_path / "work")

    assert (tmp_path / "work/thesis.txt").exists()


def test_guesses_are_not_shown(tiny: Path, edit: Edit, tmp_path: Path) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{tims: 2}")

    with pytest.raises(Refused):
        write_report(Repository(tiny), tmp_path / "pages")


def test_a_whole_file_has_no_line() -> None:
    assert Links("b").to(Place("f", 0)) == "b/f"
