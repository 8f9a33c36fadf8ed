"""Transfer learning as a package: data, networks, training, statistics, plots, gate and registry."""
