# Corners: override files, validations across variables, templates with what is not known, null arguments.

terraform {
  required_providers {
    terraform = { source = "terraform.io/builtin/terraform" }
  }
}
variable "a" {
  type    = string
  default = "a"
  validation {
    condition     = var.b != var.a
    error_message = "not the same"
  }
}
variable "b" {
  default = "b"
}
variable "bom" {}
variable "n" {
  type     = number
  default  = 2
  nullable = false
}
locals {
  z = 0
  x = 1
  y = "from main"
}
module "m" {
  source = "./m"
  given  = "main"
  extra  = "kept"
}
module "each" {
  source   = "./m"
  for_each = { p = 1, q = 2 }
  given    = each.key
}
module "count" {
  source = "./m"
  count  = var.n
  given  = count.index
}
module "later" {
  source = "./m"
  given  = terraform_data.id.id
}
check "c" {
  assert {
    condition     = local.x > 0
    error_message = "x"
  }
}
resource "terraform_data" "imported" {
  for_each = toset(["z"])
}
resource "terraform_data" "id" {}
resource "terraform_data" "moved" {
  for_each = { p = "x" }
  input    = each.value
}
resource "terraform_data" "out" {
  input = {
    m       = module.m.given
    extra   = module.m.extra
    each    = { for k, v in module.each : k => v.given }
    spl     = module.count[*].given
    vals    = values(module.each)[*].given
    first   = module.count[0].given
    later   = module.later.given
    lcomp   = module.later.both
    y       = local.y
    z       = local.z
    b       = var.b
    bom     = var.bom
    tpl     = templatefile("${path.module}/t/a.tpl", { items = ["x", "y"], flag = true, m = { k = "v" } })
    tplu    = templatefile("t/a.tpl", { items = [terraform_data.id.id], flag = false, m = {} })
    tplj    = jsondecode(templatefile("t/j.tpl", { items = ["x", "y"] }))
    unk     = "%{for x in [terraform_data.id.id, "k"]}${x}%{endfor}"
    unk2    = [for x in ["a", terraform_data.id.id] : x == "a"]
    unk3    = try(terraform_data.id.id, "fallback")
    unk4    = can(terraform_data.id.id)
    unk5    = can(terraform_data.id.output.x)
    unk6    = coalesce(terraform_data.id.id, "x")
    unk7    = length([terraform_data.id.id])
    unk8    = { (terraform_data.id.id) = 1 }
    unk9    = terraform_data.id.id == null
    unk10   = [terraform_data.id.id, "x"][1]
    unk11   = merge({ a = terraform_data.id.id }, { b = 1 }).b
    unk13   = keys({ a = terraform_data.id.id })
    unk14   = contains(["a", terraform_data.id.id], "a")
    unk15   = concat([terraform_data.id.id], ["a"])
    unk16   = format("%s-%s", "a", terraform_data.id.id)
    unk17   = toset(["a", terraform_data.id.id])
    unk18   = flatten([["a"], [terraform_data.id.id]])
    unk20   = compact(["a", terraform_data.id.id])
    unk21   = lookup({ a = 1 }, terraform_data.id.id, 2)
    unk22   = one([terraform_data.id.id])
    unk23   = zipmap(["a"], [terraform_data.id.id])
    unk24   = element([terraform_data.id.id, "b"], 1)
    unk25   = slice(["a", terraform_data.id.id], 0, 1)
    unk26   = distinct(["a", terraform_data.id.id])
    unk27   = tolist(["a", terraform_data.id.id])[0]
    unk28   = jsonencode({ a = terraform_data.id.id })
    unk29   = sum([1, length(terraform_data.id.id)])
    unk30   = max(1, length(terraform_data.id.id))
    unk31   = terraform_data.id.input
    unk32   = terraform_data.id.output
    file    = file("t/x.txt")
    fset    = fileset("t", "*.tpl")
    fexists = fileexists("t/x.txt")
    dec     = provider::terraform::decode_tfvars("a = 1\nb = [\"x\"]\n")
  }
}

moved {
  from = module.old
  to   = module.m
}

moved {
  from = terraform_data.was["x"]
  to   = terraform_data.moved["p"]
}

removed {
  from = terraform_data.gone
  lifecycle {
    destroy = false
  }
}
