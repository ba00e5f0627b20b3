"""The research register: what is asked of customers, by whom, when, and what answered it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.customers.requests import keeper
from projects.customers.selectors import may_keep
from projects.errors import Conflict
from projects.insights.forms import AnswerForm, PlanForm, ResearchForm
from projects.insights.models import ResearchRequest
from projects.insights.selectors import asked_around, may_answer, research
from projects.insights.services import answer_research, ask_research, plan_research
from projects.people.requests import signed_in

PAGE = 50


@require_safe
@login_required
def questions(request: HttpRequest) -> HttpResponse:
    """What is open first."""
    done = ExpressionWrapper(Q(answered_by__isnull=False), BooleanField())
    listed = research().alias(done=done).order_by("done", "-pk")
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    return render(request, "projects/research/research.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """A new question; what may answer it already is shown before and after it is sent."""
    user = signed_in(request)
    form = ResearchForm(request.POST or None, initial={"question": request.GET.get("question", "")})
    if request.method == "POST" and form.is_valid():
        made = ask_research(actor=user, asked=form.instance)
        messages.success(request, "The question is in the register.")
        return redirect(made)
    typed = str(form["question"].value() or "")
    shown = {"form": form, "known": may_answer(typed)}
    status = 422 if form.errors else 200
    return render(request, "projects/research/ask.html", shown, status=status)


@require_safe
@login_required
def known(request: HttpRequest) -> HttpResponse:
    """Insights that may answer what is being typed, as a part of a page."""
    shown = {"known": may_answer(request.GET.get("question", ""))}
    return render(request, "projects/research/_known.html", shown)


@require_safe
@login_required
def question(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(research(), pk=pk)
    return _shown(request, asked, PlanForm(), AnswerForm())


@require_POST
@login_required
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    user, asked = keeper(request), get_object_or_404(research(), pk=pk)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _shown(request, asked, form, AnswerForm())
    try:
        plan_research(actor=user, asked=asked, **form.cleaned_data)
    except ValidationError as error:
        for name, texts in error.message_dict.items():
            form.add_error(name, texts)
        return _shown(request, asked, form, AnswerForm())
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It is planned.")
    return redirect(asked)


@require_POST
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    user, asked = keeper(request), get_object_or_404(research(), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _shown(request, asked, PlanForm(), form)
    try:
        answer_research(actor=user, asked=asked, **form.cleaned_data)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The question is answered.")
    return redirect(asked)


def _shown(
    request: HttpRequest, asked: ResearchRequest, plan: PlanForm, answer: AnswerForm
) -> HttpResponse:
    may = may_keep(signed_in(request)) and asked.answered_by is None
    shown: dict[str, Any] = {
        "asked": asked,
        "plan": plan if may else None,
        "answer": answer if may else None,
        "known": may_answer(asked.question) if asked.answered_by is None else [],
        "around": asked_around(asked, asked.planned_for or timezone.localdate()),
    }
    status = 422 if plan.errors or answer.errors else 200
    return render(request, "projects/research/request.html", shown, status=status)
