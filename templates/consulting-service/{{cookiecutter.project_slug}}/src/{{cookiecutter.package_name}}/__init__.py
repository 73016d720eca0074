"""The service: its web application stands in `app`."""
