"""Being written."""

from django.http import HttpResponse


def crm_settings(request):
    return HttpResponse("soon")


def entries(user):
    return []
