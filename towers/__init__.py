"""Two-tower model: trained with TensorFlow Recommenders, served by LiteRT."""
