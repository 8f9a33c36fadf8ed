"""Checks of what is rendered: each takes the fleet and its rendered objects, and returns findings."""
