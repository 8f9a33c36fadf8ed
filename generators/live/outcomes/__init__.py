"""What became of the runs of a definition in an environment, as far as commit statuses or the clusters tell."""
