"""The steps of the three pipelines, from files to files: one module for each heavy package.

    transferring  boto3    preparing  Matplotlib    learning  TensorFlow    judging  both    releasing  MLflow

A step prints its progress, fails on what cannot be right, and returns what it really used.
"""
