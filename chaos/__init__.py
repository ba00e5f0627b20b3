"""The product under attack: what breaks, and what must hold meanwhile. Run with ``make chaos``."""
