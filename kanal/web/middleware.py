"""What happens around every page."""


def signed_in_only(get_response):  # type: ignore[no-untyped-def]
    return get_response


def personal(get_response):  # type: ignore[no-untyped-def]
    return get_response
