"""The steps of the pipeline, from files to files: one module for each heavy package, so that no step imports another's.

    planning, combining   NumPy        training   scikit-learn        projecting   MLflow
    previewing            Matplotlib   releasing  MLflow

Sampling and scoring are command lines of their own, `sample` and `score`. A step prints its progress, fails on what
cannot be right, and returns what it really used.
"""
