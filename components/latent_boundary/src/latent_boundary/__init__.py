"""Hyperplanes in a generator's latent space as a package: sampling, scoring, boundaries, edits, previews, gate."""
