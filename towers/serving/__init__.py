"""A trained model on disk and in use, without TensorFlow."""
