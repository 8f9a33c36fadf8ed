"""Data-centric learning: the network is fixed; what is versioned, checked, measured and improved is the data."""
