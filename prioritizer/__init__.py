"""The shell around the product: settings, routes, processes. No business rule lives here."""

from prioritizer.celery import app as celery_app

__all__ = ["celery_app"]
