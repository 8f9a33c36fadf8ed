"""A rename in the code and in base/ takes nothing from a pinned environment without a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from generators.inventory.read import Repository
from generators.model import Finding
from generators.verbs import check

Edit = Callable[[Path, str, str], None]
PRAISE = (
    '        if-polite/praise: {env: {PRAISE: well done}, timeout: 5m, cache: false, resources: "${resources:small}"}\n'
)
BASE, CODE, PROD = "base/pipelines/greet.yml", "generators/pipelines/greet.py", "environments/prod.yml"


def _warned(tiny: Path) -> list[Finding]:
    found = check.check(Repository(tiny))
    assert all(each.rule in ("stale", "unused") or each.check == "policy" for each in found if each.failing), found
    return [finding for finding in found if finding.rule == "renamed"]


def _rename_step(tiny: Path, edit: Edit) -> None:
    edit(
        tiny / CODE,
        "        praise(text=collected.output)",
        "        praise(text=collected.output).set_display_name('laud')",
    )
    edit(tiny / BASE, "if-polite/praise:", "if-polite/laud:")


def _rename_parameter(tiny: Path, edit: Edit) -> None:
    edit(tiny / CODE, 'word: str = "Hello"', 'salutation: str = "Hello"')
    edit(tiny / CODE, "word=word", "word=salutation")
    edit(tiny / BASE, "word: Good morning", "salutation: Good morning")


def test_a_renamed_step_that_a_pinned_environment_loses_is_a_warning(tiny: Path, edit: Edit) -> None:
    _rename_step(tiny, edit)

    (finding,) = _warned(tiny)

    assert (finding.verdict, finding.place.file) == ("warning", PROD)
    assert "base/ sets resources, env, cache, timeout of if-polite/laud, which only the head has" in finding.message
    assert "was if-polite/praise renamed to if-polite/laud?" in finding.message
    assert finding.fix.startswith("set pipelines.greet.steps.if-polite/praise in the environment")


def test_a_renamed_parameter_that_a_pinned_environment_loses_is_a_warning(tiny: Path, edit: Edit) -> None:
    _rename_parameter(tiny, edit)

    (finding,) = _warned(tiny)

    assert "was word renamed to salutation?" in finding.message


def test_what_the_environment_sets_under_the_old_name_is_not_lost(tiny: Path, edit: Edit) -> None:
    _rename_step(tiny, edit)
    _rename_parameter(tiny, edit)
    edit(tiny / PROD, "{times: 2}", "{times: 2, word: Good morning}")
    edit(tiny / PROD, "people/greet: {accel", "if-polite/praise: {timeout: 5m}\n        people/greet: {accel")

    assert _warned(tiny) == []


def test_what_is_only_new_in_the_code_is_no_rename(tiny: Path, edit: Edit) -> None:
    edit(tiny / CODE, 'word: str = "Hello",', 'word: str = "Hello",\n    tone: str = "warm",')
    edit(tiny / BASE, "word: Good morning", "word: Good morning\n        tone: cold")

    assert _warned(tiny) == []


def test_what_is_only_gone_from_the_code_is_no_rename(tiny: Path, edit: Edit) -> None:
    edit(
        tiny / CODE,
        "        praise(text=collected.output)",
        "        collect(greetings=[word]).set_display_name('again')",
    )
    edit(tiny / BASE, PRAISE, "")

    assert _warned(tiny) == []
