"""One comment: what is decided by stands first, it fits, it is found again, and nothing in it acts."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from generators.diff.markdown import LIMIT, MARKER, to_markdown
from generators.diff.mermaid import flowchart
from generators.diff.model import Change, InputChange, Task
from tests.unit.diff.samples import ATTACKS, BUSY, HOSTILE, LARGE, PIPELINE

TAGS = {"details", "summary", "code"}


class Seen(HTMLParser):
    """The tags and the comments of a text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.comments: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.add(tag)
        assert attrs == []

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def without_graphs(text: str) -> str:
    return re.sub(r"^```mermaid\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def test_the_sentence_is_first_and_the_marker_last() -> None:
    found = to_markdown(BUSY).splitlines()

    assert found[0].startswith("**DESTROYS ")
    assert found[-1] == MARKER
    assert found.index("#### Destroyed") < found.index("#### For every environment")


def test_rules_that_are_weaker_stand_above_all_that_they_judge_and_others_are_folded() -> None:
    found = to_markdown(BUSY)

    assert found.index("#### Changes of the rules") < found.index("#### Destroyed")
    assert found.index("#### Destroyed") < found.index("<summary>Rules that may be weaker")
    assert "<code>schemas/parameters/greet.schema.json:20</code> properties.times.maximum" in found


def test_no_effect_is_its_first_line() -> None:
    assert to_markdown(Change("a", "b", "no effect.")).splitlines()[0].startswith("**no effect")


def test_a_comment_that_is_too_long_leaves_out_the_least_important_first_and_says_so() -> None:
    whole, found = to_markdown(LARGE, 10**9), to_markdown(LARGE)

    assert len(whole) > LIMIT >= len(found)
    assert "**Left out, since a comment may not be longer: files, fields" in found
    assert "Destroyed" in found and "greet-39" in found.replace("&#45;", "-")
    assert found.endswith(MARKER)


@pytest.mark.parametrize("limit", [300, 1000, 5000, 20000])
@pytest.mark.parametrize("change", [BUSY, HOSTILE, LARGE], ids=["busy", "hostile", "large"])
def test_it_is_never_longer_than_it_may_be(change: Change, limit: int) -> None:
    found = to_markdown(change, limit)

    assert len(found) <= limit
    assert found.endswith(MARKER)


def test_no_value_is_a_tag_or_a_comment() -> None:
    seen = Seen(without_graphs(to_markdown(HOSTILE, 10**9)))

    assert seen.tags == TAGS
    assert [f"<!--{each}-->" for each in seen.comments] == [MARKER]


def test_no_value_is_a_mention_a_link_or_an_emoji() -> None:
    shown = html.unescape(without_graphs(to_markdown(HOSTILE, 10**9)))

    assert "everybody" in shown and "evil.example" in shown
    assert not re.search(r"@\w|#\d|://\w|www\.\w|GH-\d|:tada:", shown)


def test_no_value_is_markdown() -> None:
    """What is left once references, graph and our own marks are taken out holds no mark of Markdown's."""
    text = without_graphs(to_markdown(HOSTILE, 10**9))
    rest = re.sub(
        r"&#\d+;|</?(?:code|details|summary)>|^\| .* \|$|^- |^> |^#### |^\*\*|\*\*$", "", text, flags=re.MULTILINE
    )
    rest = rest.replace(MARKER, "")

    assert not re.search(r"[`*_~\[\]<>|$\\]", re.sub(r"\*\*|`graft diff`", "", rest))


def test_a_table_has_as_many_cells_in_each_row() -> None:
    rows = [line for line in without_graphs(to_markdown(HOSTILE, 10**9)).splitlines() if line.startswith("|")]

    assert {row.count("|") for row in rows} == {5, 6}


@pytest.mark.parametrize("text", ATTACKS)
def test_a_step_is_no_syntax_of_a_graph(text: str) -> None:
    graph = flowchart([Task(text, "added", "reruns", ""), Task("b", "", "reruns", "", (text,))])

    assert graph.count("```") == 2
    nodes = [line for line in graph.splitlines() if ":::" in line]
    assert len(nodes) == 2
    assert all(re.fullmatch(r'  n\d\["[A-Za-z0-9 _./-]+<br/>[a-z, ]+"\]:::c\d', line) for line in nodes)
    assert "click" not in graph.replace(nodes[0], "")


def test_what_no_reader_sees_is_written_out() -> None:
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", to_markdown(HOSTILE, 10**9))


def test_steps_that_fare_alike_are_shown_once_for_all_places() -> None:
    """Two engines make other pods of the same steps, and so two changes."""
    other = replace(PIPELINE, versions=(("prod/south", "greet-5", "greet-6"),), notes=("more pods",))
    staging = replace(PIPELINE, environment="staging", versions=(("staging/one", "greet-7", "greet-8"),), tasks=())
    found = to_markdown(Change("a", "b", "c", pipelines=(PIPELINE, other, staging)))

    assert found.count("```mermaid") == 1
    assert "<summary>Steps of greet on prod/east, prod/west, prod/south</summary>" in found


def test_few_values_of_one_environment_stand_on_top_and_many_are_folded() -> None:
    few = tuple(InputChange(f"a{at}", "1", "2", "environments/prod.yml:1", ("prod",)) for at in range(5))
    many = (*few, *(replace(each, path=f"b{each.path}") for each in few))

    assert to_markdown(Change("a", "b", "c", inputs=few)).splitlines()[2] == "#### In one environment"
    assert "<summary>Inputs (10)</summary>" in to_markdown(Change("a", "b", "c", inputs=many))
