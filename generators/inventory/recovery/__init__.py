"""Goes on after a mistake as if it had been fixed, so that one pass finds every other one too."""
