"""Write the compact list of a provider's resource types and their attributes from `terraform providers schema -json`.

terraform providers schema -json | python scripts/provider_schema.py VERSION
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/infraguard/terraform/provider_schema/aws.json"
SOURCE = "https://registry.terraform.io/providers/hashicorp/aws"


def main() -> None:
    """Read the schema from standard input."""
    (provider,) = json.load(sys.stdin)["provider_schemas"].values()
    types = {
        kind: " ".join(sorted({*resource["block"].get("attributes", {}), *resource["block"].get("block_types", {})}))
        for kind, resource in sorted(provider["resource_schemas"].items())
    }
    head = {"provider": "hashicorp/aws", "version": sys.argv[1], "source": SOURCE}
    TARGET.write_text(json.dumps(head | {"types": types}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
