"""Comments on records of any type: models and actions. The pages are in web, the endpoints in api."""
