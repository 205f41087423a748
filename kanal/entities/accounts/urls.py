"""Additional URLs of accounts."""

from django.urls import path

from kanal.entities.accounts import pages

urlpatterns = [
    path("crm/accounts/new", pages.new_account, name="account-new"),
    path("crm/accounts/<int:pk>/edit", pages.edit_account, name="account-edit"),
    path("crm/accounts/favourites", pages.favourites, name="favourite-accounts"),
]
