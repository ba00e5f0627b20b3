"""Colours that a file shares with the screen, as ``tokens.css`` has them for light paper."""

DIMENSIONS = (
    "#2F4B9A",
    "#86C5E8",
    "#3B7D3F",
    "#D3BB4A",
    "#8A2D5C",
    "#B4B9C2",
    "#C25F70",
    "#5A5D64",
)
