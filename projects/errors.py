"""What can go wrong in a service besides Django's ``ValidationError`` and ``PermissionDenied``."""


class StaleVersion(Exception):
    """Somebody else saved in between; nothing was changed."""

    def __init__(self, what: str = "This") -> None:
        super().__init__(
            f"{what} was changed by someone else since you opened it. "
            "Nothing was saved. Load it again and repeat your change."
        )

    def by_field(self) -> dict[str, list[str]]:
        """Sentences by field, where it is known which ones were changed twice."""
        return {}


class Conflict(Exception):
    """The object is not in a state that allows this; the message says what is."""
