"""Where the values of secrets come from on a laptop: the shell's variables, then a file that Git ignores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from generators.errors import GraftError

FILE = ".secrets.env"


def lookup(repository: Path, environ: Mapping[str, str]) -> Callable[[str], str | None]:
    """A function from the name of an environment variable to its value, None where neither place has it."""
    file = repository / FILE
    try:
        kept = parse(file.read_text("utf-8")) if file.is_file() else {}
    except UnicodeDecodeError as error:
        raise GraftError(f"{FILE} is not UTF-8: byte {error.start} cannot be read", "save it as UTF-8") from None
    return lambda variable: environ.get(variable, kept.get(variable))


def parse(text: str) -> dict[str, str]:
    """KEY=value lines; `#` starts a comment line, one pair of quotes around a value is taken off."""
    lines = [line.strip().removeprefix("export ") for line in text.splitlines()]
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return {key.strip(): _unquoted(value.strip()) for key, _, value in pairs}


def _unquoted(value: str) -> str:
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
