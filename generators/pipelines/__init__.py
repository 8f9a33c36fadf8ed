"""The pipelines: one module each, KFP DSL only (no file access, no environment variables, no clock)."""
