"""Measurements: ours, the bare kernel and the peers side by side. Run with ``python -m bench``."""
