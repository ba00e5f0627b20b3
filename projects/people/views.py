"""Signing in and out, and one's notifications."""

from django.contrib.auth.views import LoginView, LogoutView


class SignIn(LoginView):
    http_method_names = ["get", "head", "post"]
    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    http_method_names = ["post"]
