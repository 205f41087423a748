"""Comments on records of any type: models and actions; the pages stand in web, the endpoints in api."""
