"""What the brand says to customers, who makes it true, and which proposals need it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.customers.forms import HandOverForm, PromiseForm
from projects.customers.models import Promise
from projects.customers.requests import keeper
from projects.customers.selectors import may_keep
from projects.customers.services import agree_to_deliver, hand_over_promise, make_promise
from projects.people.requests import signed_in
from projects.proposals.selectors import visible_to


@require_safe
@login_required
def promises(request: HttpRequest) -> HttpResponse:
    shown = {
        "promises": Promise.objects.select_related("deliverer__team"),
        "may_keep": may_keep(signed_in(request)),
    }
    return render(request, "projects/promises/promises.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    user = keeper(request)
    form = PromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = make_promise(actor=user, promise=form.instance)
        messages.success(request, "The promise is put down.")
        return redirect("promise", pk=made.pk)
    status = 422 if form.errors else 200
    return render(request, "projects/promises/add.html", {"form": form}, status=status)


@require_safe
@login_required
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Promise.objects.select_related("deliverer__team"), pk=pk)
    user = signed_in(request)
    shown = {
        "promise": found,
        "proposals": visible_to(user).filter(promise=found).order_by("-pk"),
        "is_deliverer": user == found.deliverer,
        "form": HandOverForm() if may_keep(user) or user == found.deliverer else None,
    }
    return render(request, "projects/promises/promise.html", shown)


@require_POST
@login_required
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    agree_to_deliver(actor=signed_in(request), promise=get_object_or_404(Promise, pk=pk))
    messages.success(request, "You agreed to deliver this promise.")
    return redirect("promise", pk=pk)


@require_POST
@login_required
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = get_object_or_404(Promise, pk=pk), HandOverForm(request.POST)
    if form.is_valid():
        person = form.cleaned_data["deliverer"]
        hand_over_promise(actor=signed_in(request), promise=found, deliverer=person)
        messages.success(request, f"{person} is named.")
    else:
        messages.error(request, "Choose who delivers it.")
    return redirect("promise", pk=pk)
