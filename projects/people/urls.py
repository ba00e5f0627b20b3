from django.urls import path

from projects.people.views import passwords, people, preferences

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
    path("people/", people.people, name="people"),
    path("people/people.csv", people.people_file, name="people-file"),
    path("people/invite/", people.invite, name="person-invite"),
    path("people/<int:pk>/invite/", people.again, name="person-invite-again"),
    path("join/", people.join_page, name="join"),
    path("join/<str:sealed>/", people.join_link, name="join-link"),
]
