"""Expressions made by chance from a seed, over Terraform's operators, functions and loops; some of them are errors.

Arguments are of the kinds that are asked for, since an error in a branch that is not taken still has a type in
Terraform, and decides with it what the other branch becomes. We know no such types.

And values by chance for a type, often as another type that can be converted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from infraguard.terraform.evaluation.types import Type

LOCALS = 'locals {\n  texts = ["x", "y"]\n  numbers = [3, 1, 2]\n  sizes = { small = 1, large = 3 }\n}\n'
#: A database whose arguments are of other types than the schema has, and what refers to them, by kind.
DATABASE = """provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

resource "aws_db_instance" "d" {
  identifier                      = "d"
  domain_ou                       = 5
  engine                          = "postgres"
  engine_version                  = 16
  instance_class                  = "db.t3.micro"
  allocated_storage               = "20"
  port                            = "5432"
  multi_az                        = "true"
  publicly_accessible             = "0"
  enabled_cloudwatch_logs_exports = ["upgrade", "postgresql", "upgrade"]
  domain_dns_ips                  = ["10.0.0.2", "10.0.0.1"]
  tags                            = { Count = 3, Public = true }

  restore_to_point_in_time {
    use_latest_restorable_time   = "true"
    source_db_instance_identifier = 7
  }
}
"""
TYPED = {
    "number": ["aws_db_instance.d.allocated_storage", "aws_db_instance.d.port", "var.number"],
    "string": [
        "aws_db_instance.d.domain_ou",
        "aws_db_instance.d.engine_version",
        "aws_db_instance.d.tags.Public",
        "aws_db_instance.d.domain_dns_ips[0]",
        "aws_db_instance.d.restore_to_point_in_time[0].source_db_instance_identifier",
    ],
    "bool": [
        "aws_db_instance.d.multi_az",
        "aws_db_instance.d.publicly_accessible",
        "aws_db_instance.d.restore_to_point_in_time[0].use_latest_restorable_time",
        "(aws_db_instance.d.multi_az == true)",
        '(aws_db_instance.d.port == "5432")',
        "(aws_db_instance.d.domain_ou == 5)",
        "var.on",
    ],
    "list": ["aws_db_instance.d.domain_dns_ips", "values(aws_db_instance.d.tags)", "tolist(var.set)"],
    "map": ["{ a = aws_db_instance.d.allocated_storage }", "var.map"],
    "set": ["aws_db_instance.d.enabled_cloudwatch_logs_exports", "var.set"],
}
VARIABLES = """variable "number" {
  type    = number
  default = "2.50"
}
variable "on" {
  type    = bool
  default = "1"
}
variable "set" {
  type    = set(string)
  default = [2, "a", true, "a", 1]
}
variable "map" {
  type    = map(number)
  default = { b = "7", a = 1 }
}
"""
#: Operators and calls inside each other.
DEPTH = 4
_LITERALS = {
    "number": ["0", "1", "-1", "2", "3", "10", "0.5", "2.50", "-7", "1e3", "100", "local.sizes.large"],
    "string": ['""', '"a"', '"b"', '"Hello World"', '"a,b,c"', '"5"', '" x "', '"é"', '"a/b.txt"', "local.texts[1]"],
    "whole": ["0", "1", "2", "10", "36"],
    "bool": ["true", "false", "(1 < 2)", '("a" == "b")'],
    "list": ["[]", '["a", "b"]', '["b", "a", "b"]', '["", "a,b", "é"]', "local.texts", "tolist(local.texts)"],
    "numbers": ["[1, 2, 3]", "[0.5]", "local.numbers", "[10, 9, 10]", "tolist(local.numbers)"],
    "map": ["{}", "{ a = 1 }", "{ a = 1, b = 2 }", "{ b = 3, a = 0.5 }", "local.sizes", "tomap(local.sizes)"],
    "set": ['toset(["b", "a"])', "toset([])", 'toset(["x", "é", "a"])', "toset(local.texts)"],
}  # fmt: skip
#: By the kind of the result, functions and the kinds of their arguments; one in capitals may be repeated.
_FUNCTIONS = {
    "number": {
        "abs": "number", "ceil": "number", "floor": "number", "max": "NUMBER", "min": "NUMBER",
        "length": "any", "sum": "numbers", "index": "list string", "element": "numbers whole", "tonumber": "number",
        "parseint": "string whole", "lookup": "map string number", "signum": "number", "one": "numbers",
    },
    "string": {
        "upper": "string", "lower": "string", "title": "string", "trimspace": "string", "strrev": "string",
        "chomp": "string", "trim": "string string", "trimprefix": "string string", "trimsuffix": "string string",
        "join": "string list", "replace": "string string string", "substr": "string number number",
        "indent": "number string", "format": "string STRING", "jsonencode": "any", "base64encode": "string",
        "md5": "string", "sha256": "string", "urlencode": "string", "basename": "string", "dirname": "string",
        "coalesce": "STRING", "tostring": "string", "yamlencode": "any", "element": "list whole",
    },
    "bool": {
        "contains": "list string", "startswith": "string string", "endswith": "string string",
        "strcontains": "string string", "can": "any", "alltrue": "bools", "anytrue": "bools",
    },
    "list": {
        "split": "string string", "concat": "LIST", "distinct": "list", "reverse": "list", "sort": "list",
        "compact": "list", "slice": "list number number", "keys": "map", "tolist": "set", "coalescelist": "LIST",
        "matchkeys": "list list list", "flatten": "list", "regexall": "string string", "formatlist": "string list",
    },
    "numbers": {"range": "NUMBER", "values": "map", "concat": "NUMBERS", "reverse": "numbers", "distinct": "numbers"},
    "map": {"merge": "MAP", "zipmap": "list numbers", "tomap": "map"},
    "set": {"toset": "list", "setunion": "SET", "setintersection": "SET", "setsubtract": "set set"},
}  # fmt: skip


class Expressions:
    """A source of expressions. The same seed gives the same ones. `names` are taken, by kind, as often as literals."""

    def __init__(self, seed: int, names: Mapping[str, Sequence[str]] | None = None) -> None:
        self._random = Random(seed)
        self._pick = self._random.choice
        self._names = names or {}

    def next(self) -> str:
        """One expression."""
        return self._of("any", DEPTH)

    def condition(self) -> str:
        """An expression that gives a bool, if anything."""
        return self._of("bool", DEPTH)

    def _of(self, kind: str, depth: int) -> str:
        kind = kind.lower()
        if kind == "bools":
            return f"[{self._of('bool', depth - 1)}, {self._of('bool', depth - 1)}]"
        if kind == "any":
            kind = self._pick(list(_FUNCTIONS))
        if kind == "whole" or depth <= 0 or self._random.random() < 0.2:
            return self._pick(
                self._names[kind] if kind in self._names and self._pick([True, False]) else _LITERALS[kind]
            )
        return self._pick([self._call, self._call, self._branches, self._special, self._inside])(kind, depth - 1)

    def _call(self, kind: str, depth: int) -> str:
        name, kinds = self._pick(list(_FUNCTIONS[kind].items()))
        arguments: list[str] = []
        for each in kinds.split():
            arguments.extend(self._of(each, depth) for _ in range(self._random.randint(1, 3) if each.isupper() else 1))
        return f"{name}({', '.join(arguments)})"

    def _branches(self, kind: str, depth: int) -> str:
        return f"({self._of('bool', depth)} ? {self._of(kind, depth)} : {self._of(kind, depth)})"

    def _inside(self, kind: str, depth: int) -> str:
        one, other = self._of(kind, depth), self._of("any", depth)
        return self._pick(
            [
                f"[{one}, {other}][0]",
                f"{{ a = {one}, b = {other} }}.a",
                f"try({one}, {self._of(kind, depth)})",
                f"({one})",
            ]
        )

    def _special(self, kind: str, depth: int) -> str:
        """An operator, a template or a loop that gives the kind."""
        a, b, name = self._of("number", depth), self._of("number", depth), self._of("string", depth)
        loop = self._of(self._pick(["list", "set", "map", "numbers"]), depth)
        condition = self._pick(["", "", " if v != null", " if k != v", f" if {self._of('bool', 0)}"])
        match kind:
            case "number":
                return f"({a} {self._pick(['+', '-'])} {b})"
            case "string":
                return f'"${{{name}}}-${{{a}}}"'
            case "bool":
                return self._pick(
                    [f"({a} {self._pick(['<', '<=', '>', '>=', '==', '!='])} {b})", f"!({self._of('bool', depth)})"]
                )
            case "list":
                return f'[for k, v in {loop} : "${{k}}:${{v}}"{condition}]'
            case "numbers":
                return f"[for v in {self._of('numbers', depth)} : v + {a}]"
            case "map":
                return f"{{for k, v in {self._of('map', depth)} : upper(k) => v + {a}}}"
        return f'toset([for k, v in {loop} : "k${{k}}"{condition}])'


class Typed:
    """A source of values that a type takes. The same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def next(self, wanted: Type) -> str:
        """An expression for a value of the type."""
        if wanted.kind in _CONVERTIBLE:
            return self._random.choice(_CONVERTIBLE[wanted.kind])
        if wanted.kind == "object":
            fields = "".join(f"{name} = {self.next(field.type)}\n" for name, field in wanted.fields.items())
            return "{\n" + fields + "}"
        assert wanted.items is not None
        # The order of a set of objects is Terraform's own.
        most = 1 if wanted.kind == "set" and wanted.items.kind == "object" else 3
        items = [self.next(wanted.items) for _ in range(self._random.randint(0, most))]
        if wanted.kind == "map":
            return "{\n" + "".join(f"k{index} = {item}\n" for index, item in enumerate(items)) + "}"
        return f"[{', '.join(items)}]"


_CONVERTIBLE = {
    "string": ['"a"', '""', '"5"', "5", "-0.50", "true", "1e3", '"é"', "null"],
    "number": ["3", '"3"', '"2.50"', "0.5", '"1e3"', '"-7"', '"+5"', '".5"', '"5."', "null"],
    "bool": ["true", '"true"', '"1"', "false", '"false"', '"0"', "null"],
    "any": ["1", '"1"', "true", "null"],
}


def constraint(wanted: Type) -> str:
    """A type as a variable declares it."""
    if wanted.kind == "object":
        return "object({\n" + "".join(f"{name} = {constraint(f.type)}\n" for name, f in wanted.fields.items()) + "})"
    return f"{wanted.kind}({constraint(wanted.items)})" if wanted.items else wanted.kind
