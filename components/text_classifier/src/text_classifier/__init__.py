"""A convolutional text classifier as a package: texts, tokenizer, embeddings, network, search, measurement, the steps."""
