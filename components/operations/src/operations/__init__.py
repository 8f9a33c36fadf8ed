"""Starts a pipeline's runs in a cluster, records what became of them, and cleans up: once for each environment."""
