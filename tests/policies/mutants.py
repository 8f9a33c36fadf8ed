"""Policies with one thing changed in an expression, which some example has to notice."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from generators.cel.tokens import Token, solid, tokens
from generators.checks.policies.documents import Expression, Policy

FLIPPED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
SWAPPED = {"all": "exists", "exists": "all", "true": "false", "false": "true"}
ENDS = {"&&": {"&&", "||", "?", ":", ","}, "||": {"||", "?", ":", ","}}
OPENING, CLOSING = frozenset("([{") | {"[?"}, frozenset(")]}")


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A changed policy; `name` says what was changed, and where."""

    name: str
    policy: Policy


def mutants(policy: Policy) -> Iterator[Mutant]:
    """Every mutant of a policy's conditions, variables and validations; messages decide nothing."""
    for field in ("conditions", "variables"):
        for place, expression in enumerate(getattr(policy, field)):
            for what, text in changed(expression.text):
                parts = list(getattr(policy, field))
                parts[place] = dataclasses.replace(expression, text=text)
                yield _mutant(policy, expression, what, **{field: tuple(parts)})
    for place, validation in enumerate(policy.validations):
        for what, text in changed(validation.expression.text):
            expression = dataclasses.replace(validation.expression, text=text)
            parts = list(policy.validations)
            parts[place] = dataclasses.replace(validation, expression=expression)
            yield _mutant(policy, validation.expression, what, validations=tuple(parts))


def changed(text: str) -> Iterator[tuple[str, str]]:
    """What was changed, and the expression after it."""
    found = tokens(text)
    places = list(solid(found))
    for number, place in enumerate(places):
        token, after = found[place], found[places[number + 1]].text if number + 1 < len(places) else ""
        before = found[places[number - 1]].text if number else ""
        if token.kind == "operator" and token.text in FLIPPED:
            yield _with(found, place, FLIPPED[token.text])
        elif token.text in SWAPPED and (after == "(") == (token.text in ("all", "exists")):
            yield _with(found, place, SWAPPED[token.text])
        elif token.text == "!":
            yield _with(found, place, "")
        elif token.kind == "number" and token.text.isdigit():
            yield _with(found, place, str(int(token.text) + 1))
        elif token.kind == "text" and after != ":" and not _is_only_said(found, places, number):
            yield _with(found, place, token.text[0] + "mutant " + token.text[1:])
        elif token.text == "has" and after == "(" and before != ".":
            yield _without(found, place, _closing(found, places, number + 1), "true")
        elif token.text in ENDS:
            yield _without(found, place, _end(found, places, number, token.text))
            yield _without(found, _start(found, places, number, token.text), place)


def _is_only_said(found: list[Token], places: list[int], number: int) -> bool:
    """Whether a text is what parts of a message are joined with, or nothing at all, which no verdict goes by."""
    joined = [found[place].text for place in places[max(number - 2, 0) : number]] == ["join", "("]
    return joined or len(found[places[number]].text) == len("''")


def _mutant(policy: Policy, expression: Expression, what: str, **parts: object) -> Mutant:
    return Mutant(f"{policy.name}: {expression.path}: {what}", dataclasses.replace(policy, **parts))  # type: ignore[arg-type]


def _with(found: list[Token], place: int, text: str) -> tuple[str, str]:
    parts = [token.text for token in found]
    parts[place] = text
    return f"{found[place].text} -> {text or 'nothing'} at {_offset(found, place)}", "".join(parts)


def _without(found: list[Token], first: int, last: int, instead: str = "") -> tuple[str, str]:
    """The expression without the tokens from `first` to `last`, both of them included."""
    gone = "".join(token.text for token in found[first : last + 1])
    parts = [token.text for token in found]
    shown = " ".join(gone.split())
    said = f"without {shown[:60]}{'...' if len(shown) > 60 else ''} at {_offset(found, first)}"
    return said, "".join([*parts[:first], instead, *parts[last + 1 :]])


def _offset(found: list[Token], place: int) -> int:
    return sum(len(token.text) for token in found[:place])


def _closing(found: list[Token], places: list[int], number: int) -> int:
    """The token that closes the bracket at a place."""
    depth = 0
    for place in places[number:]:
        depth += (found[place].text in OPENING) - (found[place].text in CLOSING)
        if depth == 0:
            return place
    return places[-1]


def _end(found: list[Token], places: list[int], number: int, operator: str) -> int:
    """The last token of what stands right of an operator."""
    depth, last = 0, places[number]
    for place in places[number + 1 :]:
        text = found[place].text
        if depth == 0 and (text in ENDS[operator] or text in CLOSING):
            break
        depth += (text in OPENING) - (text in CLOSING)
        last = place
    return last


def _start(found: list[Token], places: list[int], number: int, operator: str) -> int:
    """The first token of what stands left of an operator."""
    depth, first = 0, places[number]
    for place in reversed(places[:number]):
        text = found[place].text
        if depth == 0 and (text in ENDS[operator] or text in OPENING):
            break
        depth += (text in CLOSING) - (text in OPENING)
        first = place
    return first
