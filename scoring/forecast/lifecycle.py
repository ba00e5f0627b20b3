"""Which part of the life cycle each proposal's benefit comes from, read off a run's inputs."""

from typing import Any

import numpy as np

from projects.proposals.models.lines import MoneyLine
from scoring.analysis.lifecycle import stream_shares
from scoring.analysis.pert import pert_mean
from scoring.forecast import returns

STREAMS = tuple(kind for kind in MoneyLine.Kind if kind not in MoneyLine.COSTS)
NAMES = ("Acquisition", "Retention", "Enrichment", "Cost to serve")


def lifecycle_shares(snapshot: dict[str, Any]) -> dict[int, list[float]]:
    """Proposal -> share of each of ``STREAMS`` in its expected benefit, 0 to 1.

    Left out is a proposal without a benefit above 0.
    """
    proposals = snapshot["proposals"]
    lines = returns.money_lines(proposals, snapshot["framework"]["parameters"])
    present = pert_mean(lines.low, lines.likely, lines.high) * lines.factor
    kinds = [line["kind"] for item in proposals for line in item["money"]]
    place = {str(kind): number for number, kind in enumerate(STREAMS)}
    gain = ~lines.is_cost
    shares = stream_shares(
        present[gain],
        np.array([place[kind] for kind in kinds if kind in place], dtype=np.int64),
        lines.proposal[gain],
        len(proposals),
        len(STREAMS),
    )
    known = ~np.ma.getmaskarray(shares)[:, 0]
    return {
        item["id"]: np.ma.getdata(shares)[row].tolist()
        for row, item in enumerate(proposals)
        if known[row]
    }
