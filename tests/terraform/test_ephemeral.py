"""Ephemeral resources, since Terraform 1.10: declared, with values that are never known, and no evidence."""

from __future__ import annotations

import pytest

from infraguard.model.values import Unknown
from tests.terraform.evaluating import evidence, resources

PASSWORD = """
ephemeral "aws_secretsmanager_random_password" "x" {
  password_length = 32
}
"""
DATABASE = """
resource "aws_db_instance" "main" {
  password_wo         = %s
  password_wo_version = 1
}
"""
ADDRESS = "ephemeral.aws_secretsmanager_random_password.x"


@pytest.mark.parametrize("name", ["random_password", "password_length"])
def test_what_it_gives_is_set_and_not_known(name: str) -> None:
    database = resources(PASSWORD + DATABASE % f"{ADDRESS}.{name}")["aws_db_instance.main"]
    value = database.attributes["password_wo"]
    assert isinstance(value, Unknown)
    assert (value.reason, value.is_set) == (f"{ADDRESS}.{name} is only known when Terraform runs", True)
    assert database.references["password_wo"] == (ADDRESS,)


def test_it_is_no_resource_of_the_evidence() -> None:
    assert list(resources(PASSWORD + DATABASE % '"a"')) == ["aws_db_instance.main"]


def test_one_of_several_is_named_by_its_index() -> None:
    several = PASSWORD.replace("{", "{\n  count = 2", 1)
    database = resources(several + DATABASE % f"{ADDRESS}[1].random_password")["aws_db_instance.main"]
    assert database.references["password_wo"] == (f"{ADDRESS}[1]",)


def test_one_that_nobody_declares_is_named() -> None:
    database = evidence(DATABASE % f"{ADDRESS}.random_password").resources[0]
    assert database.attributes["password_wo"].reason == f"{ADDRESS} is not declared"


def test_json_has_them_too() -> None:
    files = {
        "main.tf.json": '{"ephemeral": {"aws_secretsmanager_random_password": {"x": {"password_length": 32}}}}',
        "db.tf": DATABASE % f"{ADDRESS}.random_password",
    }
    assert resources(files)["aws_db_instance.main"].references["password_wo"] == (ADDRESS,)
