"""Transfer learning as a package: data, networks, training, statistics, pictures, gate and registry."""
