"""Template tags for contracts."""

from urllib.parse import urlencode

from django import template

from kanal.entities.pricebooks.models import ProductCategory

register = template.Library()


@register.simple_tag
def contract_lists() -> list[dict[str, str]]:
    """Return the list of each contract type, by product category (CON-2)."""
    rows = [row for row in ProductCategory.rows() if row.is_active]
    return [
        {
            "label": row.contract_type or row.label,
            "url": f"/crm/contracts/data/?{urlencode({'filter': f'type:any({row.key})'})}",
        }
        for row in rows
    ]
