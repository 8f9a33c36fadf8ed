"""Manifests and compiled pipelines that a person hands over, from any repository or none."""
