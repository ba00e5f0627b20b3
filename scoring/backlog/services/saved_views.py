"""Keeping a filter of the backlog under a name."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from projects.audit.services import record
from projects.people.models import User
from scoring.backlog.models import SavedView

MOST = 20
TAKEN = "You have a view of this name already. Choose another name."


def save_view(*, actor: User, name: str, query: str) -> SavedView:
    """Keep ``query``, a query string such as ``status=submitted&sort=-roi``."""
    view = SavedView(owner=actor, name=name.strip(), query=query)
    if not query:
        raise ValidationError({"query": "Filter or sort the backlog first, then keep the view."})
    view.full_clean(validate_constraints=False)
    if SavedView.objects.filter(owner=actor).count() >= MOST:
        raise ValidationError({"name": f"{MOST} views are the most. Remove one first."})
    try:
        with transaction.atomic():
            view.save(force_insert=True)
            record(actor=actor, action="view.save", subject=f"saved_view:{view.pk}")
    except IntegrityError:
        raise ValidationError({"name": TAKEN}) from None
    return view


def remove_view(*, actor: User, view: SavedView) -> None:
    with transaction.atomic():
        record(actor=actor, action="view.remove", subject=f"saved_view:{view.pk}")
        view.delete()
