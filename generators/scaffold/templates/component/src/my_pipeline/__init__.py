"""My pipeline as a package: examples, the model, measurement and the steps. It knows nothing of KFP."""
