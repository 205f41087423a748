"""Models: pipelines with statuses, opportunities, business roles."""

from kanal.entities.opportunities.models.opportunities import BusinessRole, Forecast, Opportunity
from kanal.entities.opportunities.models.pipelines import OpportunityStatus, Pipeline

__all__ = ["BusinessRole", "Forecast", "Opportunity", "OpportunityStatus", "Pipeline"]
