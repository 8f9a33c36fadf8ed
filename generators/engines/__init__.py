"""What runs a pipeline: each engine takes the compiled IR and turns it into its own form."""
