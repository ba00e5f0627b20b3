"""What stops a greenlight, where the framework in force says so."""

from dataclasses import dataclass

from projects.proposals.models.proposals import Proposal
from scoring.forecast.cautions import never_earned_back
from scoring.forecast.sums import only, stated_of
from scoring.framework.models import Gate
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.snapshot import load_part


@dataclass(frozen=True, slots=True)
class Unmet:
    """A gate that is not met, and in a sentence what is missing."""

    gate: Gate
    sentence: str


def unmet_gates(proposal: Proposal, run: RankingRun) -> list[Unmet]:
    """Promises count as they stand now; the rest as the run's sealed text says."""
    found, gates = [], run.framework_version.gates
    promise = proposal.promise
    if Gate.PROMISE in gates and promise is not None and promise.agreed_at is None:
        sentence = f"{promise.deliverer} has not agreed to deliver the promise “{promise}”"
        found.append(Unmet(Gate.PROMISE, sentence))
    if Gate.KEEPABLE in gates:
        stated = stated_of(only(load_part(run, proposal.pk), proposal.pk))
        for name in never_earned_back(stated)[0]:
            sentence = f"{name}: the customers won never bring back what winning them costs"
            found.append(Unmet(Gate.KEEPABLE, sentence))
    return found
