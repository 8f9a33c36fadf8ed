"""The intermediate representation: compiled pipelines, what overlays them, and the values they carry."""
