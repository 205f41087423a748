"""The URLs of sign-in and sign-out, passwords, second factors and sessions, all from allauth."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path, re_path

from kanal.web.login.pages import Login

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", Login.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("login/closed/", account.signup, name="account_signup"),
    path("login/inactive/", account.account_inactive, name="account_inactive"),
    path("login/password/", account.password_reset, name="account_reset_password"),
    path("login/password/sent/", account.password_reset_done, name="account_reset_password_done"),
    path("login/password/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^login/password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("login/again/", account.reauthenticate, name="account_reauthenticate"),
    path("login/e-mail/", account.email, name="account_email"),
    path("login/e-mail/sent/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^login/e-mail/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("me/password/", account.password_change, name="account_change_password"),
    path("me/password/new/", account.password_set, name="account_set_password"),
    path("login/security/", include("allauth.mfa.urls")),
    path("me/sessions/", include("allauth.usersessions.urls")),
]
