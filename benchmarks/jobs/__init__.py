"""What is measured, each in a process of its own; only here may TensorFlow be imported.

A job is a module with `answer(request)`: a JSON-ready request in, a JSON-ready answer out.
"""
