"""The two towers as a TensorFlow model."""
