"""Sequence training as a package: series, cleaning, windows, the network, measurement, plots and the steps."""
