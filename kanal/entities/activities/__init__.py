"""Sales activities: calls, meetings, e-mails and notes on records of the CRM."""
