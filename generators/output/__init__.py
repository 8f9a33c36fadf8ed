"""What leaves graft: YAML text, trees of files, reports of findings."""
