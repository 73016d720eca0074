locals {
  added = "${local.over}-x"
}
