from django.urls import path

from projects.people.views import invitations, passwords, preferences

urlpatterns = [
    path("sign-in/", passwords.SignIn.as_view(), name="sign-in"),
    path("sign-out/", passwords.SignOut.as_view(), name="sign-out"),
    path("password/", passwords.ChangePassword.as_view(), name="password"),
    path("password/forgotten/", passwords.AskForLink.as_view(), name="password-forgotten"),
    path(
        "password/<slug:uidb64>/<slug:token>/",
        passwords.SetPassword.as_view(),
        name="password-link",
    ),
    path("preferences/", preferences.preferences, name="preferences"),
    path("people/invite/", invitations.invite, name="person-invite"),
    path("people/<int:pk>/invite/", invitations.again, name="person-invite-again"),
    path("join/", invitations.join_page, name="join"),
    path("join/<str:sealed>/", invitations.join_link, name="join-link"),
]
