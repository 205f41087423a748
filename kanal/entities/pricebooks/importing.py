"""Import profile of products."""

from kanal.features.importing.profiles import ImportProfile, register_profile

HEADS = """
code | Product Code|SKU|Article number|Product - Product code
name | Product Name|Product - Name
description | Product Description|Product - Description
"""

register_profile("products", ImportProfile(heads=HEADS, also_named_by=("code",)))
