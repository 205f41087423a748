"""Sales activities: calls, meetings, emails and notes on CRM records."""
