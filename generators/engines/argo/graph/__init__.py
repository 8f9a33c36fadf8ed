"""The graph: DAGs, loops, conditions, and how values go from task to task."""
