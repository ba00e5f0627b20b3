"""One's notifications."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from projects.notices.services import mark_all_read
from projects.people.requests import signed_in


@require_safe
@login_required
def notifications(request: HttpRequest) -> HttpResponse:
    listed = signed_in(request).notifications.all()
    page = Paginator(listed, 30).get_page(request.GET.get("page"))
    return render(request, "projects/notices/notifications.html", {"page_obj": page})


@require_POST
@login_required
def notifications_read(request: HttpRequest) -> HttpResponse:
    mark_all_read(user=signed_in(request))
    return redirect("notifications")
