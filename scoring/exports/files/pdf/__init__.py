"""PDF: what a board reads and signs, with its numbers and its seal inside."""

from scoring.exports.files.pdf.document import write_pdf

__all__ = ["write_pdf"]
