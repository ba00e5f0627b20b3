"""What the registers of the administration have in common."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

M = TypeVar("M", bound=Model)
FROM_HOME = "from-home"  # in the address of a form that somebody opened from their tasks


class Register(admin.ModelAdmin[M]):
    """A list of rows to add to and change. Who came from the tasks at home goes back there."""

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        if FROM_HOME in request.GET:
            return redirect("home")
        return super().response_post_save_add(request, obj)
