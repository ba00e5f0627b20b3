from django.urls import path

from projects.people import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("password/forgotten/", views.AskForLink.as_view(), name="password-forgotten"),
    path("password/<slug:uidb64>/<slug:token>/", views.SetPassword.as_view(), name="password-link"),
]
