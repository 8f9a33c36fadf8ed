"""The verbs: one module each, which wires the layers below into what a person asked for."""
