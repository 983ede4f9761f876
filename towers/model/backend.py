"""The one place where TensorFlow is imported: training code only, with the Keras it needs.

TensorFlow Recommenders 0.7.7 is written for Keras 2, which TensorFlow 2.16 and later only hand out as
`tf_keras`, and only when asked before the first import.
"""

import os

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf
import tensorflow_recommenders as tfrs
import tf_keras

__all__ = ["tf", "tf_keras", "tfrs"]
