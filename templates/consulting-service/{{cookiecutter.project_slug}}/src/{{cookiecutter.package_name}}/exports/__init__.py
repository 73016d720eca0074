"""Reports and invoices as files."""
