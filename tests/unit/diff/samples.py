"""Changes that hold something of everything, everything hostile, and more than a comment holds."""

from __future__ import annotations

from dataclasses import replace

from generators.diff.model import (
    Amount,
    Change,
    Cost,
    Destruction,
    InputChange,
    Line,
    ObjectChange,
    PipelineChange,
    RuleLine,
    Schedule,
    Task,
)

PIPELINE = PipelineChange(
    "greet",
    "prod",
    (("prod/east", "greet-1", "greet-2"), ("prod/west", "greet-3", "greet-4")),
    "updated",
    ("1c31eac182", "4dbb8e3ec3"),
    ("staging",),
    (
        Line("parameter", "", "times", "2", "3", "environments/prod.yml:32"),
        Line("variable", "collect", "TONE", None, '"cold"', "base/pipelines/greet.yml:12"),
    ),
    (
        Task("people/greet", "changed by what it depends on", "at the next tick", "times"),
        Task("collect", "directly changed", "served stale", "variable TONE", ("people/greet",)),
    ),
    Schedule("", "At 05:00", ("Sat 05:00", "Sun 05:00")),
    "Sat 05:00",
    (Amount("cpu at once", "2.1", "4.1", "8"), Amount("CPU-hours", "1", "2", "", True)),
    Cost("EUR", "12.40", "18.20"),
    notes=("steps name images that were never built",),
)
BUSY = Change(
    "main (0123456789)",
    "the checkout",
    "DESTROYS prod/east/PersistentVolumeClaim/data; prod: greet moves.",
    (Destruction("prod/east/PersistentVolumeClaim/data", "is deleted"),),
    (PIPELINE,),
    (
        ObjectChange("replaced", "PipelineVersion", "greet-2", ("prod/east",), "greet", "greet-1"),
        ObjectChange(
            "updated", "ResourceQuota", "pipelines", ("prod/east", "prod/west"), "platform",
            lines=(Line("field", "", "spec.hard.cpu", "32", "16"),),
        ),
        ObjectChange("left", "PipelineVersion", "old-1", ("prod/east",), "old", why="Argo CD leaves it in the cluster"),
    ),
    (
        InputChange("resources.small.cpu", "1", "2", "base/defaults.yml:6", ("prod", "staging")),
        InputChange("pipelines.greet.parameters.times", "2", "3", "environments/prod.yml:32", ("prod",)),
    ),
    ("base/defaults.yml", "environments/prod.yml"),
    ("a note",),
    costs=(Cost("EUR", "24.80", "36.40"),),
    rules=(
        RuleLine(True, "schemas/parameters/greet.schema.json:20", "properties.times.maximum: maximum was 3"),
        RuleLine(False, "generators/cli.py:1", "graft's own code changes"),
    ),
)  # fmt: skip
ATTACKS = (
    "</details><script>alert(1)</script>",
    "`` ``` ~~~ code",
    "a | b | c",
    "@everybody and @org/team, fixes #1, GH-2, org/repo#3",
    "[click](https://evil.example) ![](https://evil.example/x.png) <https://evil.example>",
    "https://evil.example/ www.evil.example",
    "**bold** _it_ ~~no~~ # title\n\n# heading\n- [ ] task\n> quote",
    "<!-- comment --> --> $x^2$ $$y$$ :tada:",
    'end"]:::c0\n  click n0 "https://evil.example"\n```\n# out',
    "\u202eright to left\u2066 \x1b[31mred\x00",
)


def _hostile(text: str) -> PipelineChange:
    line = Line(text, text, text, text, f"{text} again", text)
    task = Task(text, "directly changed", "reruns", text, (text,))
    return replace(
        PIPELINE, pipeline=text, environment=text, versions=((text, text, f"{text}2"),), definition=(text, f"{text}2"),
        runs_already=(text,), lines=(line,), tasks=(task,), schedule=Schedule(text, f"{text}2", (text,)), starts=text,
        notes=(text,),
    )  # fmt: skip


HOSTILE = Change(
    "a", "b", " ".join(ATTACKS),
    tuple(Destruction(text, text) for text in ATTACKS),
    tuple(map(_hostile, ATTACKS)),
    tuple(
        ObjectChange("updated", text, text, (text,), text, text, (Line("field", "", text, text, "x"),), text)
        for text in ATTACKS
    ),
    tuple(InputChange(text, text, "x", f"base/{text}", (text,)) for text in ATTACKS),
    ATTACKS,
    ATTACKS,
    rules=tuple(RuleLine(at % 2 == 0, f"{text}:1", text) for at, text in enumerate(ATTACKS)),
)  # fmt: skip
LARGE = replace(
    BUSY,
    pipelines=tuple(replace(PIPELINE, pipeline=f"greet-{at}") for at in range(40)),
    objects=tuple(replace(BUSY.objects[1], name=f"quota-{at}") for at in range(900)),
    files=tuple(f"generators/pipelines/p{at}.py" for at in range(300)),
)
