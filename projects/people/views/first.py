"""The first administrator of an empty installation comes in by an address that was printed."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projects.people.forms import FirstForm
from projects.people.services import become_first_administrator, is_first_address

FIRST = "first-address"  # where the session keeps the address, so that no page shows it


@require_safe
def first_link(request: HttpRequest, sealed: str) -> HttpResponse:
    request.session[FIRST] = sealed
    return redirect("first")


@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    sealed = request.session.get(FIRST, "")
    if not is_first_address(sealed):
        return render(request, "projects/people/first.html", {"form": None}, status=404)
    form = FirstForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = become_first_administrator(sealed=sealed, **form.cleaned_data)
        if person is not None:
            known = {"username": person.username}
            login = Login(user=person, redirect_url="/")
            answer: HttpResponse = perform_password_login(request, known, login)
            return answer
        return render(request, "projects/people/first.html", {"form": None}, status=404)
    status = 422 if form.errors else 200
    return render(request, "projects/people/first.html", {"form": form}, status=status)
