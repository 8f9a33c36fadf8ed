"""The steps of the pipeline, from files to files: one module for each heavy package.

    planning  none      preparing  none    checking  scikit-learn, MLflow    embedding  gensim    learning  TensorFlow
    searching  TensorFlow, Matplotlib    judging  both    releasing  MLflow    deploying  none

A step prints its progress, fails on what cannot be right, and returns what it really used.
"""
