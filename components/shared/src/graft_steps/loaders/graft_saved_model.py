"""Loads a TensorFlow SavedModel for MLflow; a copy of this file stands beside each such model, in `code/`."""

import numpy as np


def _load_pyfunc(path):
    """The model in the folder `path`; MLflow calls this."""
    return SavedModel(path)


class SavedModel:
    """Takes an array for the only input of `serving_default`, or a DataFrame or dict with a column for each input."""

    def __init__(self, path):
        import tensorflow as tf

        self._tf, self._model = tf, tf.saved_model.load(path)
        self._serve = self._model.signatures["serving_default"]
        self._inputs = self._serve.structured_input_signature[1]

    def predict(self, data, params=None):
        """The outputs by name; text as str."""
        given = (
            {name: data[name] for name in self._inputs} if hasattr(data, "keys") else {next(iter(self._inputs)): data}
        )
        tensors = {name: self._tensor(name, values) for name, values in given.items()}
        return {name: _readable(values.numpy()) for name, values in self._serve(**tensors).items()}

    def _tensor(self, name, values):
        array = np.asarray(values)
        kind = self._inputs[name].dtype
        return self._tf.constant(array.astype(str) if kind == self._tf.string else array.astype(kind.as_numpy_dtype))


def _readable(values):
    return np.char.decode(values.astype(bytes), "utf-8") if values.dtype == object else values
