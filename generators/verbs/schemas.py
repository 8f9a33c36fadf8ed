"""`make schemas`: write the schemas of files as written, for editors and for `graft check`, from the merged one."""

from __future__ import annotations

import json
from pathlib import Path

from generators.checks import written
from generators.inventory.read import Repository
from generators.output.write import write_file_atomically
from generators.verbs.fleet import CLASS_SCHEMA, MERGED_SCHEMA, NODE_SCHEMA


def derived(repository: Repository) -> dict[str, str]:
    """File to text of every schema that is derived."""
    merged = json.loads(repository.text(MERGED_SCHEMA))
    schemas = {NODE_SCHEMA: written.node_schema(merged), CLASS_SCHEMA: written.class_schema(merged)}
    return {file: json.dumps(schema, indent=2) + "\n" for file, schema in schemas.items()}


if __name__ == "__main__":
    here = Repository.find(Path.cwd())
    for file, text in derived(here).items():
        write_file_atomically(here.root / file, text)
