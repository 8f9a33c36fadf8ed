"""The steps, from files to files. Each prints its progress, fails on what cannot be right, and returns what it used."""
