"""What would fail on a cluster is refused at its line, and what runs there is accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from generators.fleet.cache import Cache
from generators.ir.compile import compile_heads
from generators.model import Finding
from tests.unit.ir.compile.modules import HEAD, repository_of

UNFIT = {
    "a loop without a name": (
        "def p(items: List[dict] = []):\n    with dsl.ParallelFor(items) as item:\n        say(text=item.name)",
        "the group 'for-loop-1' has no name of its own",
    ),
    "a condition without a name": (
        "def p(word: str = 'a'):\n    with dsl.If(word == 'a'):\n        say(text=word)",
        "the group 'condition-1' has no name of its own",
    ),
    "a repeated component": (
        "def p(word: str = 'a'):\n    say(text=word)\n    say(text=word)",
        "'say-2' is numbered by position; name it with .set_display_name",
    ),
    "two steps of one path": (
        "def p(word: str = 'a'):\n    say(text=word)\n    say(text=word).set_display_name('say')",
        "2 tasks have the path 'say'",
    ),
    "a loop over an untyped parameter": (
        "def p(items: list = []):\n    with dsl.ParallelFor(items, name='all') as item:\n        say(text=item)",
        "annotate the list, for example List[dict]",
    ),
    "a loop over an untyped output": (
        "def p():\n    with dsl.ParallelFor(names().output, name='all') as item:\n        say(text=item)",
        "annotate the list, for example List[dict]",
    ),
    "a condition with a quote in its constant": (
        "def p(word: str = 'a'):\n    with dsl.If(word == \"it's\", name='quoted'):\n        say(text=word)",
        "is not valid CEL",
    ),
    "an error of its own": ("def p():\n    raise RuntimeError('no such thing')", "RuntimeError: no such thing"),
    "a file": ("def p(word: str = 'a'):\n    say(text=word if True else open('x').read())", "may not call open()"),
    "the time of day": ("def p():\n    import time\n    say(text=str(time.time()))", "may not import time"),
    "a second pipeline that nothing runs": (
        "def p(word: str = 'a'):\n    say(text=word)\n\n@dsl.pipeline(name='beside')\ndef beside():\n    names()",
        "also defines the pipeline beside, which nothing runs; move it to generators/pipelines/beside.py",
    ),
    "another pipeline's name": ("def other():\n    names()", "in this module; it defines: other"),
}

UNFIT["what a merge left"] = ("def p():\n<<<<<<< HEAD\n    names()", "conflict markers stand here")

LINES = {  # the line of what is wrong, counted from the pipeline's own
    "a loop without a name": 2,
    "a condition without a name": 2,
    "a repeated component": 3,
    "two steps of one path": 3,
    "a condition with a quote in its constant": 2,
    "a second pipeline that nothing runs": 4,
    "what a merge left": 2,
}

LOOP = """def p(items: List[{item}] = []):
    with dsl.ParallelFor(items, name='all') as item:
        say(text={text})
"""
FIT = {
    "a typed loop": LOOP.format(item="dict", text="item.name"),
    "a loop over text": LOOP.format(item="str", text="item"),
    "a repeated component with a name": "def p():\n    say(text='a')\n    say(text='b').set_display_name('say-again')",
    "branches": "def p(word: str = 'a'):\n    with dsl.If(word == 'a', name='is-a'):\n        say(text=word)\n"
    "    with dsl.Else(name='is-not'):\n        say(text=word).set_display_name('say-else')",
}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """Each small pipeline's findings; all are compiled in one process, which costs kfp's import once."""
    bodies = {f"unfit{n}": body for n, (body, _) in enumerate(UNFIT.values())}
    bodies |= {f"fit{n}": body for n, body in enumerate(FIT.values())}
    repository = repository_of(tmp_path_factory.mktemp("small"), bodies)
    _, findings = compile_heads(repository, list(bodies), Cache(repository.root / "cache"))
    return {name: findings.get(name, []) for name in bodies}


@pytest.mark.parametrize("what", UNFIT)
def test_what_would_fail_on_a_cluster_is_refused_at_its_line(compiled: dict[str, list[Finding]], what: str) -> None:
    name = f"unfit{list(UNFIT).index(what)}"

    (finding,) = compiled[name]

    assert finding.place.file == f"generators/pipelines/{name}.py"
    assert UNFIT[what][1] in finding.message


@pytest.mark.parametrize("what", LINES)
def test_what_is_unfit_is_refused_at_the_line_that_makes_it(compiled: dict[str, list[Finding]], what: str) -> None:
    (finding,) = compiled[f"unfit{list(UNFIT).index(what)}"]

    assert finding.place.line == HEAD.count("\n") + 1 + LINES[what]


def test_a_pipeline_in_a_pipeline_may_stand_beside_it(tmp_path: Path) -> None:
    repository = repository_of(tmp_path, {"p": "def p():\n    inner(word='a')"})
    module = tmp_path / "generators/pipelines/p.py"
    inner = "@dsl.pipeline(name='inner')\ndef inner(word: str):\n    say(text=word)\n\n"
    module.write_text(module.read_text().replace('@dsl.pipeline(name="p")', inner + '@dsl.pipeline(name="p")'))

    definitions, findings = compile_heads(repository, ["p"], Cache(tmp_path / "cache"))

    assert (list(definitions), findings) == (["p"], {})


def test_everything_that_is_unfit_is_found_at_once_each_at_its_line(tmp_path: Path) -> None:
    body = UNFIT["a loop without a name"][0] + "\n    say(text='b')\n    say(text='c')"

    _, findings = compile_heads(repository_of(tmp_path, {"p": body}), ["p"], Cache(tmp_path / "cache"))

    assert sorted(finding.place.line - HEAD.count("\n") - 1 for finding in findings["p"]) == [2, 4, 5]


@pytest.mark.parametrize("what", FIT)
def test_what_kfp_would_run_is_accepted(compiled: dict[str, list[Finding]], what: str) -> None:
    assert compiled[f"fit{list(FIT).index(what)}"] == []
