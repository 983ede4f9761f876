"""The two-tower model: trained with TensorFlow Recommenders, served by LiteRT without TensorFlow."""
