"""The shell around the product: settings, routes, processes. No business rule lives here."""

import gc

from prioritizer.celery import app as celery_app

# The inputs of a large run are a million small objects without a cycle among them. With Python's
# own thresholds, looking for cycles takes longer than reading them.
gc.set_threshold(50_000, 20, 20)

__all__ = ["celery_app"]
