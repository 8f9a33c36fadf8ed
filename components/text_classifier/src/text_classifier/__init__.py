"""A convolutional text classifier as a package: texts, embeddings, network, search, measurement, and the steps."""
