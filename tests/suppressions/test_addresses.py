"""What an address of a waiver means."""

from __future__ import annotations

import time

import pytest

from infraguard.suppressions.waivers import covers, covers_whole


@pytest.mark.parametrize(
    ("address", "name", "meant"),
    [
        ("aws_db_instance.main", "aws_db_instance.main", True),
        ("aws_db_instance.main", "aws_db_instance.main[0]", True),
        ("aws_db_instance.main", 'aws_db_instance.main["a"]', True),
        ('aws_db_instance.main["a"]', 'aws_db_instance.main["b"]', False),
        ("aws_db_instance.main", "aws_db_instance.main_replica", False),
        ("aws_db_instance.main", "module.db.aws_db_instance.main", False),
        ("*.aws_db_instance.main", "module.db.aws_db_instance.main", True),
        ("module.db", "module.db.aws_db_instance.this", True),
        ("module.db", 'module.db["a"].aws_db_instance.this[0]', True),
        ("module.db", "module.db_other.aws_db_instance.this", False),
        ("module.db.module.inner", "module.db.module.inner.aws_x.y", True),
        ("module.db", "module.db", True),
        ("aws_*.main", "aws_db_instance.main", True),
        ("arn:aws:rds:*:*:db:legacy", "arn:aws:rds:eu-west-1:1:db:legacy", True),
        ("arn:aws:rds:*:*:db:legacy", "arn:aws:rds:eu-west-1:1:db:legacy-2", False),
        (".github/workflows/*", ".github/workflows/test.yml#test", True),
    ],
)
def test_an_address_means_itself_its_instances_and_all_of_a_module(address: str, name: str, *, meant: bool) -> None:
    assert covers(address, name) is meant


def test_a_unit_is_meant_as_a_whole() -> None:
    assert covers_whole("terraform/*", "terraform/production")
    assert not covers_whole("terraform", "terraform/production")


def test_many_stars_take_no_time() -> None:
    started = time.process_time()
    assert not covers("*a" * 40 + "b", "a" * 4000)
    assert time.process_time() - started < 2
