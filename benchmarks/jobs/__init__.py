"""Measured jobs, each in a subprocess; only here may TensorFlow be imported.

A job is a module with `answer(request)`: a JSON-ready request in, a JSON-ready answer out.
"""
