"""The gates that a generated project is held to."""

from __future__ import annotations

from infraguard.scaffold.template import find_template

#: Gates that the template is generated to pass.
TEMPLATE_GATES = find_template("consulting-service").gates
