"""Broken and hostile input from files and through the API. Run with ``make fuzz``."""
