"""What `graft new` stands on: the files of a new component or pipeline, and its entries in the environments."""
