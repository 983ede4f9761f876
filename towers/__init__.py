"""The two towers: trained with TensorFlow Recommenders, served by LiteRT without TensorFlow."""
