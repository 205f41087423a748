"""The menus around every page."""


def context(request):  # type: ignore[no-untyped-def]
    return {}
