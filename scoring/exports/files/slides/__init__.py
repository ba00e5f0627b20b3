"""PPTX: what a board looks at together, with charts that the reader's program draws and edits."""

from scoring.exports.files.slides.deck import write_slides

__all__ = ["write_slides"]
