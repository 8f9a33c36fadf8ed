"""The pages of a repository: from what it says to the text of each file, which depends on nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from generators.diff.model import Change
from generators.diff.values import together
from generators.fleet.fleet import Fleet
from generators.model import Place
from generators.pages import matrix, pipeline, policies
from generators.pages.links import Links
from generators.pages.outcomes import Outcomes
from generators.pages.values import table, values

STYLE = "style.css"


@dataclass(frozen=True)
class Site:
    """What the pages are made of: the fleet, where its lines are to be seen, what was seen of it, and an instant.

    `now` is what next times are reckoned from, None for no such times; `change` is what the checkout does, None where
    it is compared with nothing.
    """

    fleet: Fleet
    links: Links = field(default_factory=Links)
    outcomes: Outcomes = field(default_factory=Outcomes)
    now: datetime | None = None
    change: Change | None = None

    @cached_property
    def rows(self) -> list[matrix.Row]:
        """What runs where."""
        return list(matrix.rows(self.fleet, self.outcomes, self.now))

    def files(self) -> dict[str, str]:
        """Path to text."""
        style, _, _ = self._environment.loader.get_source(self._environment, STYLE)
        return {STYLE: style, **dict(self._pages())}

    def _pages(self) -> Iterator[tuple[str, str]]:
        yield "index.html", self._index()
        environments = self.fleet.environments
        yield "environments.html", self._text("environments.html", "environments", fleet=list(environments.values()))
        for name, environment in environments.items():
            found = table({name: values(self.fleet.files.merged(name), (), ("pipelines", "clusters"))})
            inside = {"environment": environment, "table": found, "up": "../"}
            yield f"environments/{name}.html", self._text("environment.html", "environments", **inside)
        for name in self._names:
            found = pipeline.page(self.fleet, name, [row for row in self.rows if row.pipeline == name])
            yield f"pipelines/{name}.html", self._text("pipeline.html", "fleet", page=found, up="../")
        if self.change:
            yield "changes.html", self._text("changes.html", "changes")
        rules = policies.rules(self.fleet.repository)
        yield "policies.html", self._text("policies.html", "policies", rules=rules)
        for rule in rules:
            yield f"policies/{rule.name}.html", self._text("policy.html", "policies", rule=rule, up="../")

    @property
    def _names(self) -> list[str]:
        return sorted({row.pipeline for row in self.rows})

    def _index(self) -> str:
        environments = list(self.fleet.environments)
        grid: dict[tuple[str, str], list[matrix.Row]] = {
            (name, each): [] for name in self._names for each in environments
        }
        for row in self.rows:
            grid[row.pipeline, row.environment].append(row)
        inside = {"names": self._names, "environments": environments, "grid": grid, "rows": self.rows}
        return self._text("index.html", "fleet", **inside)

    def _text(self, template: str, here: str, **more: Any) -> str:
        common: Mapping[str, Any] = {
            "here": here,
            "up": "",
            "links": self.links,
            "change": self.change,
            "together": together,
            "place": lambda file: Place(file, 0),
            "commit": self.links.commit,
            "now": f"{self.now:%Y-%m-%d %H:%M %Z}" if self.now else "",
            "asked": self.outcomes.asked,
            "taken": f"{self.outcomes.taken:%Y-%m-%d %H:%M %Z}" if self.outcomes.taken else "",
        }
        return self._environment.get_template(template).render({**common, **more})

    @cached_property
    def _environment(self) -> Any:
        from jinja2 import Environment, PackageLoader, StrictUndefined

        made = Environment(
            loader=PackageLoader("generators.pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        made.filters |= {"anchor": anchor, "ending": ending, "placed": placed}
        return made


def anchor(path: str) -> str:
    """A step's path as the name of a place in a page: what is not a letter or a digit is its number in hexadecimal."""
    return re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found[0]):x}_", path)


def ending(version: str) -> str:
    """The hash that a version's name ends in."""
    return version.rpartition("-")[2]


def placed(origin: str) -> Place:
    """The place that `file:line` names."""
    file, _, line = origin.rpartition(":")
    return Place(file, int(line)) if line.isdigit() else Place(origin, 0)
