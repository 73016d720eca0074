"""Clusters of Kubernetes make load balancers: where Terraform declares none, there may be some."""

from __future__ import annotations

import pytest

from infraguard.collectors.terraform import collect_terraform
from infraguard.readers.tree import MemoryTree

CLUSTER = 'resource "aws_eks_cluster" "main" {}\n'
MODULE = 'module "eks" {\n  source  = "cloudposse/eks-cluster/aws"\n  version = "4.0.0"\n}\n'


def scopes(**files: str) -> list[str]:
    found = collect_terraform(MemoryTree({f"{name}.tf": text for name, text in files.items()}))
    return [gap.scope for gap in found.gaps if "aws_lb" in gap.kinds]


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        (CLUSTER, "what Kubernetes makes in aws_eks_cluster"),
        (MODULE, "what Kubernetes makes in module.eks"),
    ],
)
def test_load_balancers_of_a_cluster_are_not_known(text: str, scope: str) -> None:
    assert scopes(main=text) == [scope]


def test_one_that_is_declared_is_what_serves() -> None:
    assert scopes(main=CLUSTER, lb='resource "aws_lb" "main" {}\n') == []


def test_without_a_cluster_there_is_no_doubt() -> None:
    assert scopes(main='resource "aws_ecs_cluster" "main" {}\n') == []
