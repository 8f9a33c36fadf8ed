"""Checks of what is rendered: `registry` finds them, each takes rendered objects or the fleet, and returns findings."""
