"""Kapitan's door to graft, which is installed."""

from generators.kapitan import main

__all__ = ["main"]
