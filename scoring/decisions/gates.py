"""What stops a greenlight, where the framework in force says so."""

from projects.proposals.models.proposals import Proposal
from scoring.forecast.cautions import never_earned_back
from scoring.forecast.sums import only, stated_of
from scoring.framework.models import Gate
from scoring.framework.selectors import unmet_answers
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.snapshot import load_part


def unmet_gates(proposal: Proposal, run: RankingRun) -> list[str]:
    """What is missing, a sentence each. Promises and answers count as they stand now; the rest as
    the run's sealed text says.
    """
    found, gates = [], run.framework_version.gates
    promise = proposal.promise
    if Gate.PROMISE in gates and promise is not None and promise.agreed_at is None:
        found.append(f"{promise.deliverer} has not agreed to deliver the promise “{promise}”")
    if Gate.KEEPABLE in gates:
        stated = stated_of(only(load_part(run, proposal.pk), proposal.pk))
        found += [
            f"{name}: the customers won never bring back what winning them costs"
            for name in never_earned_back(stated)[0]
        ]
    return found + unmet_answers(run.framework_version, proposal)
