"""Files as an attacker would hand them over: real ones, changed by a seed, and the shapes that readers fall over."""

# ruff: noqa: E501 (a token is one of many)
from __future__ import annotations

import random
from collections.abc import Callable

SIZE = 1 << 16  # characters of what is repeated without end

# What is repeated: each has cost some reader of YAML, JSON or text more than its size, or its life.
UNITS = (
    "- ", "[", "{a: ", '{"a":', "a:\n", "? ", "---\n", "--- {}\n", "...\n", "a: 1\n", "a: 1\r\n", "\ta: 1\n", "\t \t\n",
    "- *a\n", "- &a x\n", "- !t x\n", "<<: {a: 1}\n", "<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "# c\n", "#\n", ": a\n",
    "http://", "http://a@", "://u:p@", "${", "${a:b}", "{{", "{{a ", "{{=", "{{$.", "{{$.inputs.parameters['", "$(", "''",
    '\\"', "\\x00", "\\ud83d", "9", "1_0", "1:59", "0x", ".9", "e", "é", "😀", "token: ", "password=a ", "--hash=sha256:a ",
    "inputs.parameter_values['", "a_key=", "FROM a AS b\n", "RUN a \\\n", "a==1 ; (", "(", "- a\n", "- .nan\n",
)  # fmt: skip
# Repeated with another number each time.
NUMBERED = (
    "k#: v\n",
    "#: a\n",
    "a#: &n# x\n",
    "- [a#]\n",
    "a#==1\n",
    "FROM a# AS b#\n",
    "ARG A#=$A#\n",
    "token#: xA1b2C3d4e5#\n",
)
# What is put in the place of a value, or anywhere.
TOKENS = (
    "", "null", "~", "[]", "{}", "''", "0", "-1", "1e999", ".inf", ".nan", "9" * 400, "0x" + "f" * 40, "yes", "012", "1:30",
    "2024-01-01", "0000-00-00", "2001-12-14t21:59:43.10-05:00", "*a", "&a x", "&-a x", "*-a", "!!binary x", "!!int x", "<<: *a",
    "!!python/object/apply:os.system [x]", "\ufeff", "\0", '"\\ud800"', '"\\0"', "\x85", "\u2028", "\x1b[31m", "\r", "\t", "---",
    "...", "%YAML 1.1", "${a}", "${environment}", "{{a}}", "{{$.inputs}}", "$(a)", "../../etc/passwd", "/dev/zero", "x" * 5000,
    "ghp_" + "a1B2" * 9, "http://u:hunter22@h/?token=abcd1234", "[" * 300, "{a: " * 60, "? [a]\n: b", "a: b: c", "'", '"',
)  # fmt: skip


class Mutator:
    """Changes texts by a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def changed(self, text: str) -> bytes:
        """The text with one to four changes; now and then in another encoding, or with bytes that are none."""
        for _ in range(self.random.randint(1, 4)):
            text = self.random.choice(_CHANGES)(self, text)
        return self._encoded(text)

    def place(self, text: str) -> int:
        return self.random.randint(0, len(text))

    def slice(self, text: str, longest: int = 400) -> tuple[int, int]:
        start = self.place(text)
        return start, min(len(text), start + self.random.randint(0, longest))

    def line(self, lines: list[str]) -> int:
        return self.random.randrange(len(lines))

    def many(self) -> str:
        unit = self.random.choice(UNITS)
        return unit * (self.random.choice((3, 60, 250, SIZE // len(unit))))

    def _encoded(self, text: str) -> bytes:
        if self.random.random() < 0.9:
            return text.encode("utf-8", "surrogatepass")
        encoding = self.random.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "utf-8-sig", "bytes"))
        if encoding == "bytes":
            content = bytearray(text.encode("utf-8", "surrogatepass") or b"a")
            for _ in range(3):
                content[self.random.randrange(len(content))] = self.random.randrange(256)
            return bytes(content)
        return text.encode(encoding, "replace")


def _delete(m: Mutator, text: str) -> str:
    start, end = m.slice(text)
    return text[:start] + text[end:]


def _repeat(m: Mutator, text: str) -> str:
    start, end = m.slice(text)
    return text[:end] + text[start:end] * m.random.choice((1, 3, 200)) + text[end:]


def _cut(m: Mutator, text: str) -> str:
    return text[: m.place(text)]


def _insert(m: Mutator, text: str) -> str:
    at = m.place(text)
    return text[:at] + m.random.choice(TOKENS) + text[at:]


def _flood(m: Mutator, text: str) -> str:
    at = m.random.choice((0, m.place(text), len(text)))
    return text[:at] + m.many() + text[at:]


def _value(m: Mutator, text: str) -> str:
    """Another value for a key."""
    lines = text.split("\n")
    with_values = [number for number, line in enumerate(lines) if ": " in line]
    if not with_values:
        return _insert(m, text)
    number = m.random.choice(with_values)
    value = m.random.choice(TOKENS) if m.random.random() < 0.7 else m.many().replace("\n", " ")
    lines[number] = f"{lines[number].partition(': ')[0]}: {value}"
    return "\n".join(lines)


def _swap(m: Mutator, text: str) -> str:
    lines = text.split("\n")
    one, other = m.line(lines), m.line(lines)
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def _indent(m: Mutator, text: str) -> str:
    lines = text.split("\n")
    number = m.line(lines)
    lines[number] = m.random.choice(("  ", "\t", " ")) + lines[number] if m.random.random() < 0.5 else lines[number][2:]
    return "\n".join(lines)


def _twice(m: Mutator, text: str) -> str:
    lines = text.split("\n")
    number = m.line(lines)
    return "\n".join([*lines[:number], *[lines[number]] * m.random.choice((2, 300)), *lines[number + 1 :]])


def _ends(m: Mutator, text: str) -> str:
    return text.replace("\n", m.random.choice(("\r\n", "\r", "\n\n")))


_CHANGES: tuple[Callable[[Mutator, str], str], ...] = (
    _delete, _repeat, _cut, _insert, _flood, _value, _value, _swap, _indent, _twice, _ends,
)  # fmt: skip


def repeated(unit: str, size: int) -> str:
    """So many characters of a unit, each # in it the number of the time."""
    if unit not in NUMBERED:
        return unit * (size // len(unit))
    return "".join(unit.replace("#", str(number)) for number in range(size // (len(unit) + 4)))
