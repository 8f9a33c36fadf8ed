"""What a cluster needs around its pipelines."""
