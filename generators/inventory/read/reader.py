"""Reads a YAML file into a tree with places, and turns whatever is hostile or ambiguous in it into findings.

A pure function of (file name, content): nothing here touches the disk, and nothing is raised for what a file says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice

import yaml

from generators.inventory.read.builder import Builder, Stop
from generators.inventory.read.conflicts import CONFLICT, CONFLICT_FIX, conflict_line
from generators.inventory.read.tree import Node
from generators.model import Finding, Place

MAX_BYTES = 1 << 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_TABS = 6  # that are named
_TAB_INDENT = re.compile(r"^ *\t[ \t]*", re.MULTILINE)
# C0 and C1 controls, and the Unicode line breaks, which end a line for YAML 1.1 and are text for 1.2.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

_SYNTAX_FIXES = (
    ("mapping values are not allowed", "check the indentation, or quote a value that holds ': '"),
    ("cannot start any token", "quote the value: it begins with a character that YAML reserves"),
    ("could not find expected ':'", "write key: value"),
    ("unexpected end of stream", "close the quote"),
    ("expected ',' or '}'", "close the {, or put a comma between two entries; a # after a space begins a comment"),
    ("expected ',' or ']'", "close the [, or put a comma between two items; a # after a space begins a comment"),
    ("alphabetic or numeric character", "quote the value: * and & have a meaning of their own at its beginning"),
)


@dataclass(frozen=True)
class Document:
    """A file's content as a tree; `whole` is False where a part could not be read and so is missing in the tree."""

    file: str
    root: Node
    findings: tuple[Finding, ...] = ()
    whole: bool = True

    @property
    def mergeable(self) -> bool:
        """Whether reclass-rs may be given the file itself: it crashes on some of what is refused here."""
        return self.whole and all(finding.rule == "ambiguous-scalar" for finding in self.findings)


def read_document(file: str, content: bytes | str) -> Document:
    """The tree of one YAML file and everything that is wrong with how it is written."""
    text = _decode(file, content)
    if isinstance(text, Finding):
        return _unreadable(file, text)
    if conflict := _conflict(file, text):
        return _unreadable(file, conflict)
    try:
        return _parse(file, text)
    except yaml.YAMLError as error:
        if not _is_tab(error, text):
            return _unreadable(file, _syntax(file, text, error))
    return _read_on_without_tabs(file, text)


def _read_on_without_tabs(file: str, text: str) -> Document:
    """Finds the other problems of a file with tabs in the same pass, where some width of a tab makes it readable."""
    tabs = _tabs(file, text)
    for width in (2, 4, 8):
        spaced = _TAB_INDENT.sub(lambda indent, width=width: indent[0].expandtabs(width), text)
        document = _parse(file, spaced)
        if document.whole:
            return replace(document, findings=(tabs, *document.findings))
    return _unreadable(file, tabs)


def _parse(file: str, text: str) -> Document:
    builder, quoted = Builder(file), None
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
            quoted = event if _is_long_quote(event) else quoted
    except Stop:
        return _unreadable(file, *builder.findings)
    except yaml.YAMLError as error:
        if _is_tab(error, text):
            raise
        told = _conflict(file, text, broken=True) or _unclosed_quote(file, text, error, quoted)
        return _unreadable(file, *builder.findings, told or _syntax(file, text, error))
    root = builder.finish()
    return Document(file, root, tuple(builder.findings)) if root else _unreadable(file, *builder.findings)


def _unreadable(file: str, *findings: Finding) -> Document:
    return Document(file, Node({}, Place(file)), findings, whole=False)


def _decode(file: str, content: bytes | str) -> str | Finding:
    data = content.encode() if isinstance(content, str) else content
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES >> 20} MiB"
        return _finding("size", Place(file), message, f"{len(data)} bytes", "split it into several classes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x}"
        return _finding("encoding", Place(file, line), "the file is not UTF-8", found, "save it as UTF-8")
    control = _CONTROL.search(text)
    if control:
        place = _place_at(file, text, control.start())
        found = f"U+{ord(control[0]):04X}"
        return _finding(
            "control-character",
            place,
            "a control character stands in the file",
            found,
            "remove it, or write it as an escape in double quotes",
        )
    return text


def _place_at(file: str, text: str, offset: int) -> Place:
    return Place(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _is_tab(error: yaml.YAMLError, text: str) -> bool:
    problem, mark = getattr(error, "problem", None) or "", getattr(error, "problem_mark", None)
    if mark is None or not _TAB_INDENT.search(text):
        return False
    lines = text.split("\n")
    return "tab character" in problem or (mark.line < len(lines) and lines[mark.line][mark.column :].startswith("\t"))


def _tabs(file: str, text: str) -> Finding:
    some = islice(_TAB_INDENT.finditer(text), _MOST_TABS)
    tabs = [_place_at(file, text, indent.start() + indent[0].index("\t")) for indent in some]
    also = f" (also on line {', '.join(str(place.line) for place in tabs[1:])})" if tabs[1:] else ""
    message = f"YAML does not allow tabs for indentation; use spaces{also}"
    return _finding("tab", tabs[0], message, "a tab", "replace the tab by spaces")


def _conflict(file: str, text: str, broken: bool = False) -> Finding | None:
    line = conflict_line(text, broken)
    return line and _finding("conflict", Place(file, line), CONFLICT, text.split("\n")[line - 1], CONFLICT_FIX)


def _is_long_quote(event: yaml.Event) -> bool:
    """Whether an event is a text in quotes of more than one line, as one becomes whose end is missing."""
    quoted = isinstance(event, yaml.ScalarEvent) and event.style in ("'", '"')
    return quoted and event.start_mark.line < event.end_mark.line


def _unclosed_quote(file: str, text: str, error: yaml.YAMLError, quoted: yaml.Event | None) -> Finding | None:
    """A quote that ends where the file could not be read on, at a quote that was to open another text."""
    mark = getattr(error, "problem_mark", None)
    if quoted is None or mark is None or mark.line != quoted.end_mark.line:
        return None
    start = quoted.start_mark
    message = f"the text in quotes that begins here goes on until line {quoted.end_mark.line + 1}"
    lines = text.split("\n")
    line = lines[min(start.line, len(lines) - 1)].strip()  # for YAML a carriage return ends a line too
    return _finding("syntax", Place(file, start.line + 1, start.column + 1), message, line, "close the quote")


def _syntax(file: str, text: str, error: yaml.YAMLError) -> Finding:
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    mark = getattr(error, "problem_mark", None)
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    start = getattr(error, "context_mark", None)
    lines = text.rstrip().split("\n")
    if start and place.line > len(lines):  # what was opened is closed nowhere
        place = Place(file, start.line + 1, start.column + 1)
    context = f"{error.context} that began at line {start.line + 1}: " if start and start.line + 1 < place.line else ""
    line = lines[min(place.line, len(lines)) - 1]
    fix = next((fix for words, fix in _SYNTAX_FIXES if words in problem), "")
    opened = re.search(r"[\[{]", line)
    if opened and re.search(r"[^\"'\\]\$\{", line[opened.end() :]):
        fix = 'quote a reference inside [...] or {...}: "${a:b}"'
    return _finding("syntax", place, f"{context}{problem}", line.strip(), fix)


def _finding(rule: str, place: Place, message: str, found: str, fix: str) -> Finding:
    return Finding("invalid", "read", rule, place, "", message, found=found, fix=fix)
