"""The framework, its amendment and the votes on it."""

from functools import partial
from random import Random

from fuzz.ground import Good, Ground
from projects.models import (
    User,
)
from scoring.framework.selectors import spec_of
from scoring.framework.services.opinions import ask_for_weights, give_opinion


class Framework(Ground):
    """The framework, its amendment and the votes on it."""

    def good_framework_versions_retrieve(self, _user: User, _random: Random) -> Good:
        return Good(self.published.pk)

    def good_framework_versions_create(self, _user: User, _random: Random) -> Good:
        return Good(body={"spec": spec_of(self.published)}, before=self.discard)

    def good_framework_versions_update(self, _user: User, _random: Random) -> Good:
        body = {"spec": spec_of(self.amendment)}
        return Good(self.amendment.pk, self.amendment.version, body)

    def good_framework_versions_publish_create(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk, self.amendment.version)

    def good_framework_versions_ballot_create(self, _user: User, _random: Random) -> Good:
        body = {"text": self.amendment.version, "choice": "no", "reason": "Not yet."}
        path = f"framework-versions/{self.amendment.pk}/publish/"
        ask = partial(self.post, "curator", path, version=self.amendment.version)
        return Good(self.amendment.pk, body=body, before=ask)

    def good_framework_versions_weights_retrieve(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk)

    def good_framework_versions_weights_create(self, _user: User, _random: Random) -> Good:
        version, chair = self.amendment, User.objects.get(username="curator")
        with_criteria = [row for row in version.dimensions.all() if row.criteria.all()]
        ranks = {row.key: place for place, row in enumerate(with_criteria, start=1)}
        ask = partial(
            ask_for_weights, actor=chair, version=version, expected_version=version.version
        )
        body = {"group": "", "method": "rank", "answers": ranks}
        return Good(version.pk, body=body, before=ask)

    def good_framework_versions_weights_ask_create(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk, self.amendment.version)

    def good_framework_versions_weights_take_create(self, _user: User, random: Random) -> Good:
        """Taken over by the chair, who has given weights in the transaction of the request."""
        version, chair = self.amendment, User.objects.get(username="curator")

        def asked_and_given() -> None:
            number = version.version
            ask_for_weights(actor=chair, version=version, expected_version=number)
            given = self.good_framework_versions_weights_create(chair, random).body
            give_opinion(actor=chair, version=version, **given)

        return Good(version.pk, version.version, {"how": "each"}, asked_and_given)

    def good_framework_versions_comments_list(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk)

    def good_framework_versions_comments_create(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk, body={"text": "Too much at once."})

    def good_framework_versions_destroy(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk, self.amendment.version)

    def discard(self) -> None:
        path, match = f"/api/v1/framework-versions/{self.amendment.pk}/", self.amendment.version
        answer = self.clients["curator"].delete(path, headers={"If-Match": f'"{match}"'})
        assert answer.status_code == 204, answer.content
