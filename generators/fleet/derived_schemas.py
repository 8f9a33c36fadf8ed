"""`make schemas`: write the schemas of files as written, for editors and for `graft check`, from the merged one."""

from __future__ import annotations

import json
from pathlib import Path

from generators.engines.registry import FACTS
from generators.inventory import partial_schema
from generators.inventory.read import Repository
from generators.inventory.schemas import CLASS_SCHEMA, MERGED_SCHEMA, NODE_SCHEMA, with_engines
from generators.output.write import write_file_atomically


def derived(repository: Repository) -> dict[str, str]:
    """File to text of every schema that is derived."""
    merged = with_engines(json.loads(repository.text(MERGED_SCHEMA)), FACTS)
    schemas = {NODE_SCHEMA: partial_schema.node_schema(merged), CLASS_SCHEMA: partial_schema.class_schema(merged)}
    return {file: json.dumps(schema, indent=2) + "\n" for file, schema in schemas.items()}


if __name__ == "__main__":
    here = Repository.find(Path.cwd())
    for file, text in derived(here).items():
        write_file_atomically(here.root / file, text, here.root)
