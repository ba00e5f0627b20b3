"""XLSX: the backlog, what it is made of, charts that Excel draws, the method and the run."""

from scoring.exports.files.xlsx.book import write_xlsx

__all__ = ["write_xlsx"]
