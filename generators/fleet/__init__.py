"""What is deployed where: environments resolved to definitions, and the manifests of every cluster."""
