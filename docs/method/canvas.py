"""A canvas for the pictures of these pages: plain SVG that reads on light and on dark paper."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

WIDTH = 640

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2937 }
.small { font-size: 12px; fill: #4b5563 }
.axis, .grid { stroke: #9ca3af; fill: none }
.grid { stroke-dasharray: 3 4 }
.a { fill: #1d4ed8; stroke: #1d4ed8 }
.b { fill: #b45309; stroke: #b45309 }
.c { fill: #047857; stroke: #047857 }
.quiet { fill: #d1d5db; stroke: #d1d5db }
.line { fill: none; stroke-width: 2.5 }
.soft { opacity: .35 }
.open { fill: none; stroke-width: 2 }
text.on { fill: #ffffff; stroke: none }
text.a, text.b, text.c { stroke: none }
@media (prefers-color-scheme: dark) {
text { fill: #e5e7eb }
.small { fill: #b6bdc8 }
.axis, .grid { stroke: #7d8694 }
.a { fill: #8ab4ff; stroke: #8ab4ff }
.b { fill: #f3b36b; stroke: #f3b36b }
.c { fill: #5fd3a4; stroke: #5fd3a4 }
.quiet { fill: #4b5563; stroke: #4b5563 }
.line, .open { fill: none }
text.on { fill: #111827 }
}
"""


class Picture:
    """Shapes on a canvas of a fixed width; ``said`` is what a reader who cannot see it gets."""

    def __init__(self, said: str, height: int) -> None:
        self._said, self._height = said, height
        self._parts: list[str] = []

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> None:
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">'
            f"{escape(words)}</text>"
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str = "axis") -> None:
        self._parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'
        )

    def bar(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'class="{kind}"/>'
        )

    def dot(self, x: float, y: float, kind: str, size: float = 5.0) -> None:
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" class="{kind}"/>')

    def curve(self, points: list[tuple[float, float]], kind: str) -> None:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._parts.append(f'<polyline points="{path}" class="{kind}"/>')

    def svg(self) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self._height}" '
            f'width="{WIDTH}" height="{self._height}" role="img">\n<title>{escape(self._said)}'
            f"</title>\n<style>{STYLE}</style>\n" + "\n".join(self._parts) + "\n</svg>\n"
        )


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """A function from ``low .. high`` to places ``start .. end`` on the canvas."""
    return lambda value: start + (float(value) - low) / (high - low) * (end - start)


def ruler(
    drawn: Picture, at: Callable[[float], float], y: float, marks: list[float], unit: str = ""
) -> None:
    drawn.line(at(marks[0]), y - 12, at(marks[-1]), y - 12)
    for mark in marks:
        drawn.line(at(mark), y - 15, at(mark), y - 9)
        drawn.text(at(mark), y + 5, f"{mark:g}{unit}", "small", "middle")
