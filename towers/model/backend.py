"""Imports TensorFlow with Keras 2; nothing else imports it.

TensorFlow Recommenders 0.7.7 is written for Keras 2. TensorFlow 2.16 and later have it as `tf_keras`, if
`TF_USE_LEGACY_KERAS` is set before the first import.
"""

import os
import warnings
from typing import Any

from towers.native_log import without_notices

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors and worse
# fail if AutoGraph cannot convert a function, instead of running it unchanged
os.environ.setdefault("AUTOGRAPH_STRICT_CONVERSION", "1")

with without_notices():
    import gast
    import tensorflow as tf
    import tensorflow_recommenders as tfrs
    import tf_keras

__all__ = ["tf", "tf_keras", "tfrs"]

_gast_to_ast = gast.gast_to_ast


def gast_to_ast(node: Any) -> Any:
    """`gast.gast_to_ast` without its DeprecationWarning.

    AutoGraph annotates nodes in an extra field, and gast passes all fields to the constructors of `ast`,
    which warn from Python 3.13 on. If warnings are errors, that stops AutoGraph. The field is not part of the
    source.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r".*'___pyct_anno'", DeprecationWarning)
        return _gast_to_ast(node)


gast.gast_to_ast = gast_to_ast
