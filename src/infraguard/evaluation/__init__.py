"""Pure: three-valued conditions over resources and their relations, to findings and gates."""
