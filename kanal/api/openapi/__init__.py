"""The OpenAPI document of the API: schemas of the record types, shared components, and what each operation says."""
