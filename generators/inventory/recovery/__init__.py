"""Goes on after a mistake as if it had been put right, so that one pass finds every other one too."""
