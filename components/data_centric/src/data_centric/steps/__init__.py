"""The steps of the pipeline, from files to files: one module for each heavy package, so that no step imports another's.

    fetching   DVC             recording, preparing   TensorFlow           releasing   MLflow, Matplotlib
    checking   cleanvision     learning, judging      TensorFlow, MLflow
    profiling  MLflow, Matplotlib

A step prints its progress, fails on what cannot be right, and returns what it really used.
"""
