"""The steps of the pipeline, from files to files: one module for each heavy package, so that no step imports another's.

    fetching   NumPy        learning   TensorFlow, MLflow        judging   Matplotlib        releasing   MLflow

A step prints its progress, fails on what cannot be right, and returns what it really used.
"""

from __future__ import annotations

RESULTS = "results.json"  # in the folder that training writes and measuring adds its plots to
