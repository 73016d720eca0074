"""JSON of which parts are not known: what stands around them is kept, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.collectors.terraform import collect_terraform
from infraguard.evaluation.predicates.documents import NoDocument, document_at
from infraguard.model.evidence import Resource
from infraguard.model.values import ABSENT, Unknown
from infraguard.readers.tree import MemoryTree

IMAGE = 'variable "image" {}\n'


def declared(text: str) -> Resource:
    (resource,) = collect_terraform(MemoryTree({"main.tf": text})).resources
    return resource


def document(text: str, path: str = "document") -> Any:
    return document_at(declared(text), path)


def test_what_is_known_around_an_unknown_part_is_kept() -> None:
    found = document(IMAGE + 'resource "x" "a" { document = jsonencode([{ user = "1000", image = var.image }]) }')
    assert found[0]["user"] == "1000"
    assert isinstance(found[0]["image"], Unknown)
    assert found[0]["image"].depends_on == ("var.image",)


def test_it_is_kept_through_locals() -> None:
    text = 'locals { d = jsonencode({ user = "1000", image = var.image }) }\nresource "x" "a" { document = local.d }'
    assert document(IMAGE + text)["user"] == "1000"


@pytest.mark.parametrize("around", ["base64encode(%s)", '"x${%s}"', "upper(%s)", "sha1(%s)"])
def test_what_is_made_of_such_a_text_is_none(around: str) -> None:
    text = around % "jsonencode({ image = var.image })"
    with pytest.raises(NoDocument):
        document(IMAGE + f'resource "x" "a" {{ document = {text} }}')


def test_a_text_that_is_known_is_read_as_it_is() -> None:
    assert document('resource "x" "a" { document = jsonencode({ a = 1 }) }') == {"a": 1}
    assert document('resource "x" "a" { other = 1 }') is ABSENT


@pytest.mark.parametrize("value", ['"{"', "var.image"])
def test_what_is_no_document_says_why(value: str) -> None:
    with pytest.raises(NoDocument) as raised:
        document(IMAGE + f'resource "x" "a" {{ document = {value} }}')
    assert raised.value.why["reason"]
    assert raised.value.why["remedy"]


POLICY = """
variable "subject" {}
data "aws_iam_policy_document" "trust" {
  %s
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = %s
    }
  }
}
resource "x" "a" { document = data.aws_iam_policy_document.trust.json }
"""


def test_a_policy_document_is_known_without_asking_aws() -> None:
    (statement,) = document(POLICY % ("", '["repo:o/r:ref:refs/heads/main"]'))["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Action"] == ["sts:AssumeRoleWithWebIdentity"]
    assert list(statement["Principal"]) == ["Federated"]
    subjects = statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    assert subjects == ["repo:o/r:ref:refs/heads/main"]


def test_a_part_of_a_policy_document_may_be_unknown() -> None:
    (statement,) = document(POLICY % ("", "[var.subject]"))["Statement"]
    (subject,) = statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    assert isinstance(subject, Unknown)


def test_statements_that_are_taken_over_are_unknown_ones() -> None:
    _, other = document(POLICY % ("source_policy_documents = [var.subject]", '["x"]'))["Statement"]
    assert isinstance(other, Unknown)
