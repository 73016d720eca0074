"""What an address means."""

from __future__ import annotations

import time

import pytest

from infraguard.suppressions.waivers import covers


@pytest.mark.parametrize(
    ("pattern", "name", "means"),
    [
        ("aws_db_instance.this", "aws_db_instance.this", True),
        ("aws_db_instance.this", 'aws_db_instance.this["a"]', True),
        ("aws_db_instance.this", "aws_db_instance.this[?]", True),
        ("aws_db_instance.this", "aws_db_instance.this2", False),
        ("aws_db_instance.this", "module.db.aws_db_instance.this", False),
        ('aws_db_instance.this["a"]', 'aws_db_instance.this["b"]', False),
        ("module.db", "module.db.aws_db_instance.this", True),
        ("module.db", 'module.db["a"].module.inner.aws_db_instance.this[0]', True),
        ("module.db", "module.db", True),
        ("module.db", "module.db2.aws_db_instance.this", False),
        ('module.db["a"]', 'module.db["b"].aws_db_instance.this', False),
        ('module.db["a"]', 'module.db["a"].aws_db_instance.this', True),
        ("module.a.module.b", "module.a.module.b.x.y", True),
        ("module.a.module.b", "module.b.x.y", False),
        ("module.*.aws_db_instance.this", "module.db.aws_db_instance.this", True),
        ("*.aws_db_instance.this", "module.a.module.b.aws_db_instance.this[0]", True),
        ("module.db.*", "module.db.aws_db_instance.this", True),
        ("module.db-*", "module.db-eu.aws_db_instance.this", True),
        ("arn:aws:rds:*:*:db:billing", "arn:aws:rds:eu-west-1:123456789012:db:billing", True),
        ("arn:aws:rds:*:*:db:billing", "arn:aws:rds:eu-west-1:123456789012:db:billing-2", False),
        ("Dockerfile", "Dockerfile.dev", False),
        (".github/workflows/test.yml#*", ".github/workflows/test.yml#test", True),
        ("a.b", "axb", False),
    ],
)
def test_what_an_address_means(pattern: str, name: str, means: bool) -> None:
    assert covers(pattern, name) is means


def test_many_stars_take_no_time() -> None:
    start = time.process_time()
    assert not covers("*a" * 60, "a" * 5_000 + "b")
    assert time.process_time() - start < 1
