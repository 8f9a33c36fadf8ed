"""CustomResourceDefinitions: as strict JSON Schemas, with the defaults and the rules that an API server goes by."""
