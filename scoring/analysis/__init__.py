"""Decision analysis for project portfolios: pure functions on arrays.

Nothing here knows about a web framework, a database or a file. Missing input is NaN, undefined
results are ``None`` (scalars) or masked (arrays), errors are ``ValueError`` naming the argument.
"""
