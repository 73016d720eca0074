"""Hours and invoices."""
