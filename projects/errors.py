"""What can go wrong in a service besides Django's ``ValidationError`` and ``PermissionDenied``."""


class StaleVersion(Exception):
    """Somebody else saved in between; nothing was changed."""

    def __init__(self, what: str = "This") -> None:
        super().__init__(
            f"{what} was changed by someone else since you opened it. "
            "Nothing was saved. Load it again and repeat your change."
        )


class Conflict(Exception):
    """The object is not in a state that allows this; the message says what is."""
