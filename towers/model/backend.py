"""The only import of TensorFlow, with Keras 2 for TensorFlow Recommenders.

TensorFlow Recommenders 0.7.7 is written for Keras 2. TensorFlow 2.16 and later have it as `tf_keras`, if
`TF_USE_LEGACY_KERAS` is set before the first import.
"""

import os

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf
import tensorflow_recommenders as tfrs
import tf_keras

__all__ = ["tf", "tf_keras", "tfrs"]
