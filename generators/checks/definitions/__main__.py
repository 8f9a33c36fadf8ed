"""Writes `schemas/objects/<group>/<Kind>.schema.json` from a system's own CustomResourceDefinitions.

    python -m generators.checks.definitions FOLDER [KIND...]

takes each definition below FOLDER, or those of the kinds that are named; the version is the one that is stored.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from generators.checks.definitions.compact import compact
from generators.checks.definitions.folder import definitions, files, schemas, text_of
from generators.checks.forms import Schema

SCHEMAS = "schemas/objects"


def written(schema: Schema) -> str:
    """The schema as a file, with a line for each of its definitions."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **compact(schema)}
    parts = whole.pop("$defs", {})
    lines = [f'"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in whole.items()]
    inner = ",\n".join(f'  "{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in parts.items())
    return "{\n" + ",\n".join([*lines, *([f'"$defs": {{\n{inner}\n}}'] if parts else [])]) + "\n}\n"


def write(folder: Path, into: Path, kinds: list[str]) -> list[Path]:
    """The files that were written, one for each kind."""
    made = {}
    for definition in (each for file in files(folder) for each in definitions(file, text_of(file))):
        for api_version, kind, schema in schemas(definition):
            path = into / SCHEMAS / api_version.rpartition("/")[0] / f"{kind}.schema.json"
            if path not in made and (not kinds or kind in kinds):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(written(schema))
                made[path] = api_version
    return list(made)


if __name__ == "__main__":
    for path in write(Path(sys.argv[1]), Path.cwd(), sys.argv[2:]):
        print(path.relative_to(Path.cwd()))
