"""Files of a proposal: put to it, given out, taken away."""

import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from projects.errors import Conflict
from projects.people.requests import signed_in
from projects.proposals.models.attachments import Attachment
from projects.proposals.selectors import files_among, may_write, visible_to
from projects.proposals.services import add_file, remove_file


@require_POST
@login_required
def add(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    proposal = get_object_or_404(visible_to(user), pk=pk)
    if not may_write(user, proposal):
        raise PermissionDenied("Only the owners and who writes along change a proposal.")
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, "Choose a file first.")
        return redirect("proposal", pk=pk)
    try:
        content = sent.read(Attachment.MOST_BYTES + 1)
        made = add_file(actor=user, proposal=proposal, name=sent.name or "", content=content)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{made}” belongs to the proposal now.")
    return redirect("proposal", pk=pk)


@require_safe
@login_required
def file(request: HttpRequest, pk: int) -> FileResponse:
    """Given out to be saved, never to be shown: whatever is in it runs nowhere."""
    found = get_object_or_404(files_among(signed_in(request)).defer(None), pk=pk)
    return FileResponse(
        io.BytesIO(bytes(found.content)),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )


@require_POST
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(files_among(user), pk=pk)
    try:
        remove_file(actor=user, file=found)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Removed: {found}.")
    return redirect("proposal", pk=found.proposal_id)
