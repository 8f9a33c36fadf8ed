"""The forms that a compiled pipeline comes in, and what stands where in each; what is in none of them is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from generators.ir.documents import Node
from generators.ir.validate.descriptors import PIPELINE, PLATFORM, fields
from generators.ir.validate.problem import name_of
from generators.model import Finding, Place
from generators.suggestions import did_you_mean

RUN = "PipelineJob.RuntimeConfig"
EXPECTED = "give what kfp's compiler writes, a PipelineJob, or a PipelineVersion"
# What holds the two specs: a definition or a PipelineJob; KFP's Kubernetes manifest, and what is in its spec.
_HELD = {"pipelineSpec": PIPELINE, "platformSpec": PLATFORM}
_JOB = {"name", "displayName", "labels", "runtimeConfig", "sources"}
_OBJECT = {"apiVersion", "kind", "metadata", "spec", "status"}
_VERSION = {"codeSourceURL", "description", "displayName", "pipelineName", "tags", "versionName"}


@dataclass(frozen=True)
class Part:
    """A message of KFP's in a document: its name, where it stands, and the line at which it begins."""

    message: str
    node: Node
    line: int


@dataclass
class Reading:
    """The parts of the documents of one file, and what is in its documents beside them."""

    file: str
    parts: list[Part] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, roots: Iterable[Node], file: str) -> Reading:
        """What the documents of `file` hold."""
        reading = cls(file)
        for root in roots:
            reading.take(root)
        return reading

    @property
    def unreadable(self) -> bool:
        """Whether it is not known which pipeline is meant."""
        return any(finding.rule == "document" for finding in self.findings)

    def take(self, root: Node) -> None:
        """One document, whatever it is."""
        value = root.value
        if not isinstance(value, dict) or not value:
            self.refuse("document", root.line, "", "this document is empty, or is not a mapping", EXPECTED)
        elif "kind" in value and "spec" in value:
            self._object(value)
        elif value.keys() & _HELD.keys():
            self._holder(value, _JOB, "")
        elif "platforms" in value:
            self._platform(root, root.line)
        elif value.keys() & (fields(PIPELINE).keys() - {"deprecated"}):
            self.parts.append(Part(PIPELINE, root, root.line))
        else:
            self.refuse("document", root.line, "", "this document is no compiled pipeline", EXPECTED)

    def refuse(
        self, rule: str, line: int, path: str, message: str, fix: str, found: str = "", allowed: str = ""
    ) -> None:
        """Add a finding at a line of the file."""
        place = Place(self.file, line)
        self.findings.append(Finding("invalid", "read", rule, place, path, message, found, allowed, fix))

    def several(self, message: str) -> list[Part]:
        """The parts that are of a message."""
        return [part for part in self.parts if part.message == message]

    def _object(self, value: dict[str, tuple[int, Node]]) -> None:
        """An object of Kubernetes; that of a Pipeline names its versions, and holds nothing."""
        line, kind = value["kind"]
        if kind.value not in ("Pipeline", "PipelineVersion"):
            self.refuse("document", line, "kind", "this object holds no pipeline", EXPECTED, name_of(kind.value))
            return
        self._unknown(value, _OBJECT, "")
        spec = value["spec"][1].value
        if kind.value == "PipelineVersion" and isinstance(spec, dict):
            self._holder(spec, _VERSION, "spec.")

    def _holder(self, value: dict[str, tuple[int, Node]], others: set[str], above: str) -> None:
        self._unknown(value, {*_HELD, *others}, above)
        for key, (line, node) in value.items():
            message = RUN if key == "runtimeConfig" else _HELD.get(key)
            if message == PLATFORM and node.value not in (None, {}):  # a definition without one has an empty one
                self._platform(node, line)
            elif message and message != PLATFORM and node.value is not None:
                self.parts.append(Part(message, node, line))

    def _platform(self, node: Node, line: int) -> None:
        platforms = node.value.get("platforms") if isinstance(node.value, dict) else None
        if platforms and not platforms[1].value:
            self.refuse(
                "document", platforms[0], "platforms", "this PlatformSpec has no platform", "add one, or remove it"
            )
        self.parts.append(Part(PLATFORM, node, line))

    def _unknown(self, value: dict[str, tuple[int, Node]], known: set[str], above: str) -> None:
        for key, (line, node) in value.items():
            if key not in known and node.value is not None:
                word = name_of(key)
                allowed, fix = ", ".join(sorted(known)), did_you_mean(word, known) or "remove it: nothing reads it"
                self.refuse("unknown-field", line, f"{above}{word}", "unknown field", fix, word, allowed)
