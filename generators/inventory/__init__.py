"""Reads the inventory, merges it as Kapitan does, and says where every value comes from."""
