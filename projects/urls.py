from django.urls import path

from projects.people import views as account
from projects.proposals.views import edit, proposals

urlpatterns = [
    path("sign-in/", account.SignIn.as_view(), name="sign-in"),
    path("sign-out/", account.SignOut.as_view(), name="sign-out"),
    path("notifications/", account.notifications, name="notifications"),
    path("notifications/read/", account.notifications_read, name="notifications-read"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/new/", edit.start, name="proposal-new"),
    path("proposals/<int:pk>/edit/<slug:step>/", edit.edit, name="proposal-edit"),
    path("proposals/<int:pk>/sign/", proposals.sign, name="proposal-sign"),
    path("proposals/<int:pk>/submit/", proposals.submit, name="proposal-submit"),
    path("proposals/<int:pk>/recall/", proposals.recall, name="proposal-recall"),
]
