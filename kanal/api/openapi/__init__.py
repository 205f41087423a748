"""The OpenAPI document of the API: schemas of the record types, shared components, and operation descriptions."""
