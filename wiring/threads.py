"""How many threads the server's arithmetic takes."""

import numpy as np  # noqa: F401  (so that its algebra library is there to be told)
from threadpoolctl import threadpool_limits


def calculate_alone() -> None:
    """Have each thread of the server do its linear algebra by itself, in the whole process.

    The matrices of one page are small, and pages run side by side: to wake threads for a product of 54 by 54
    takes 14 ms where both cores are busy, the product alone less than a tenth of one.
    """
    threadpool_limits(1, "blas")
