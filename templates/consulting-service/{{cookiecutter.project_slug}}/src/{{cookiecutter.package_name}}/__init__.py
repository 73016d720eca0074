"""A consulting portal: time, rates, invoices and payments. The web application is `app.app`."""
