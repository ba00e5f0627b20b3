from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from projects.people.models import Team, User
from projects.people.requests import confirmed, signed_in
from projects.people.services import record_change
from projects.registers import Register

# Rights follow from team, seat and flags; a group would be a second way that nothing shows.
admin.site.unregister(Group)
# What belongs to an account is shown and changed on the pages of accounts.
for kept in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(kept)


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ("username", "first_name", "last_name", "team", "is_leader", "is_active")
    list_filter = ("is_active", "is_leader", "is_service", "team__function")
    list_select_related = ("team",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "team")}),
        ("Rights", {"fields": ("is_active", "is_leader", "is_superuser", "is_service")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "usable_password", "password1", "password2"),
            },
        ),
    )
    filter_horizontal = ()

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            confirmed(request)
        return super().changeform_view(request, *args, **kwargs)

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            confirmed(request)
        return super().user_change_password(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            record_change(
                actor=signed_in(request),
                person=obj,
                fields=set(form.changed_data) & {field.name for field in obj._meta.fields},  # noqa: SLF001
                created=not change,
            )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # People are switched off, never deleted: their signatures and scores stay.
        return False


@admin.register(Team)
class TeamAdmin(Register[Team]):
    list_display = ("name", "function")
    list_filter = ("function",)
    search_fields = ("name",)
