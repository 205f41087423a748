"""The tables of the core, and the abstract models of record types."""

from kanal.core.models.access import (
    Assignment,
    FieldRule,
    FieldVisibility,
    Grant,
    ProjectPath,
    Role,
    RoleRule,
    SupervisorPath,
)
from kanal.core.models.aliases import RecordAlias
from kanal.core.models.audit import AuditEntry
from kanal.core.models.choices import Category, Choice, keep_key
from kanal.core.models.currencies import Currency, ExchangeRate
from kanal.core.models.customfields import CustomField
from kanal.core.models.epoch import Epoch
from kanal.core.models.history import Change
from kanal.core.models.jobs import Progress, Selection
from kanal.core.models.outbox import DeliveryPosition
from kanal.core.models.records import OwnedRecord, Record
from kanal.core.models.savedfilters import SavedFilter
from kanal.core.models.series import Series
from kanal.core.models.settings import Setting
from kanal.core.models.subtotals import Subtotal
from kanal.core.models.tokens import ApiToken
from kanal.core.models.visits import Visit

__all__ = [
    "ApiToken",
    "Assignment",
    "AuditEntry",
    "Category",
    "Change",
    "Choice",
    "Currency",
    "CustomField",
    "DeliveryPosition",
    "Epoch",
    "ExchangeRate",
    "FieldRule",
    "FieldVisibility",
    "Grant",
    "OwnedRecord",
    "Progress",
    "ProjectPath",
    "Record",
    "RecordAlias",
    "Role",
    "RoleRule",
    "SavedFilter",
    "Selection",
    "Series",
    "Setting",
    "Subtotal",
    "SupervisorPath",
    "Visit",
    "keep_key",
]
