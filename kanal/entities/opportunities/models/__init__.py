"""Models: pipelines with statuses, opportunities, business roles, notices."""

from kanal.entities.opportunities.models.notices import AttentionNotice
from kanal.entities.opportunities.models.opportunities import BusinessRole, Forecast, Opportunity
from kanal.entities.opportunities.models.pipelines import OpportunityStatus, Pipeline

__all__ = ["AttentionNotice", "BusinessRole", "Forecast", "Opportunity", "OpportunityStatus", "Pipeline"]
