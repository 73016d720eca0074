"""Values as YAML text, as `yamlencode` writes it: strings in double quotes, those of several lines in blocks."""

from __future__ import annotations

import math

from infraguard.model.values import Value
from infraguard.terraform.evaluation.conversion import to_text
from infraguard.terraform.evaluation.failures import Exhausted
from infraguard.terraform.evaluation.values import is_list


def yaml_text(value: Value) -> str:
    """One YAML document with sorted keys."""
    import yaml

    def node(item: Value) -> yaml.Node:
        if isinstance(item, dict):
            pairs = [(node(str(key)), node(item[key])) for key in sorted(item)]
            return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=not pairs)
        if is_list(item):
            return yaml.SequenceNode("tag:yaml.org,2002:seq", [node(each) for each in item], flow_style=not item)
        if isinstance(item, str):
            if item.endswith("\n\n") or item == "\n":
                raise Exhausted("a text that ends with empty lines is not written here as YAML")
            return yaml.ScalarNode("tag:yaml.org,2002:str", item, style="|" if "\n" in item else '"')
        kind = "null" if item is None else "bool" if isinstance(item, bool) else "int"
        kind = "float" if isinstance(item, float) else kind
        return yaml.ScalarNode(f"tag:yaml.org,2002:{kind}", "null" if item is None else to_text(item))

    return str(yaml.serialize(node(value), Dumper=yaml.SafeDumper, width=math.inf, allow_unicode=True))
