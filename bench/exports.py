"""Exports of a long list beside bare writers, in a process and a database of their own."""

from bench.application import on_databases


def main() -> None:
    print("\nExports: 100,000 rows")
    on_databases("bench.lists")
