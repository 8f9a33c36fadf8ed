"""Edits of a YAML file of the inventory that change the lines of one value and no other character."""

from __future__ import annotations

from generators.inventory.edit.change import appended, renamed, with_value, without_value

__all__ = ["appended", "renamed", "with_value", "without_value"]
