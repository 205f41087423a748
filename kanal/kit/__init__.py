"""Small tools without models: money, dates, text, phones, documents, errors."""
