"""A task with an executor: the template of its pod's program, of a claim, or of an importer."""
