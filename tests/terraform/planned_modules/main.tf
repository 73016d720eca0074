# Types of variables, files that override, modules called several times, and blocks that plan nothing.

terraform {
  required_version = ">= 1.0"
}
variable "a" {
  type    = string
  default = "from default"
}
variable "b" { default = "default" }
variable "obj" {
  type = object({
    n  = number
    o  = optional(string)
    d  = optional(number, 5)
    in = optional(object({ x = optional(bool, true), y = optional(list(string), ["q"]) }), {})
    l  = optional(list(object({ k = string, v = optional(number, 7) })), [])
    m  = optional(map(object({ z = optional(string, "zz") })), {})
    an = optional(any)
  })
  default = { n = "3", extra = "dropped", l = [{ k = 1 }, { k = "b", v = "8" }], m = { a = {}, b = { z = null } } }
}
variable "nn" {
  type     = string
  default  = "kept"
  nullable = false
}
variable "nul" {
  type    = string
  default = null
}
variable "tup" {
  type    = tuple([string, number, bool])
  default = [1, "2", "true"]
}
variable "anyl" {
  type    = list(any)
  default = [1, "a", true]
}
variable "anym" {
  type    = map(any)
  default = { a = 1, b = "x" }
}
variable "sens" {
  type      = string
  default   = "s"
  sensitive = true
}
variable "eph" {
  type      = string
  default   = "e"
  ephemeral = true
}
locals {
  over  = "main"
  ws    = terraform.workspace
  sens  = sensitive("x")
  list2 = [for x in var.obj.l : x.v]
}
moved {
  from = terraform_data.old
  to   = terraform_data.vars
}
removed {
  from = terraform_data.gone
  lifecycle { destroy = false }
}
check "c" {
  assert {
    condition     = var.a != ""
    error_message = "x"
  }
}
output "o" {
  value = var.a
  precondition {
    condition     = var.a != ""
    error_message = "x"
  }
}
resource "terraform_data" "vars" {
  input = { a = var.a, b = var.b, obj = var.obj, nn = var.nn, nul = var.nul, tup = var.tup, anyl = var.anyl, anym = var.anym }
  lifecycle {
    create_before_destroy = true
    precondition {
      condition     = var.a != ""
      error_message = "x"
    }
  }
}
resource "terraform_data" "ws" { input = [path.module, path.root, "${path.module}/x"] }
resource "terraform_data" "sens" { input = { a = "p-${var.sens}", b = local.sens, c = nonsensitive(var.sens), d = upper(var.sens) } }
resource "terraform_data" "locs" { input = [local.over, local.added, local.list2] }
module "m" {
  source    = "./m"
  for_each  = toset(["x", "y"])
  name      = each.key
  nn        = null
  n         = 8080
  providers = {}
}
module "n" {
  source = "./m"
  count  = 2
  name   = "n${count.index}"
  n      = "7"
}
module "z" {
  source = "./m"
  count  = 0
  name   = "z"
  n      = 1
}
resource "terraform_data" "mods" {
  input = {
    a = { for k, v in module.m : k => v.out }
    b = module.n[*].out.name
    c = module.m["x"].out.nn
    d = [for v in module.n : v.out.n]
    e = length(module.z)
    f = keys(module.m)
    g = try(module.n[5].out, "none")
    h = module.m["y"].deep
    i = one(module.z[*].out)
  }
}
resource "terraform_data" "fe_set" {
  for_each = toset([for x in ["b", "a", "b"] : upper(x)])
  input    = "${each.key}-${each.value}"
}
resource "terraform_data" "fe_map" {
  for_each = { for i, x in ["p", "q"] : x => { i = i } if i >= 0 }
  input    = each.value.i
}
resource "terraform_data" "fe_num" {
  for_each = { 1 = "a", 2 = "b" }
  input    = each.key
}
resource "terraform_data" "fe_res" {
  for_each = terraform_data.fe_map
  input    = each.value.input
}
resource "terraform_data" "fe_nonsens" {
  for_each = nonsensitive(toset([var.sens]))
  input    = each.key
}
resource "terraform_data" "fe_unkval" {
  for_each = { a = terraform_data.vars.id }
  input    = each.value
}
resource "terraform_data" "cnt_str" {
  count = "2"
  input = count.index
}
resource "terraform_data" "trig" {
  triggers_replace = [1, "a", { b = true }]
}
variable "lma" {
  type    = list(map(any))
  default = [{ a = 1 }, { b = "x", c = true }]
}
variable "loa" {
  type    = list(object({ n = string, v = any }))
  default = [{ n = "a", v = 1 }, { n = "b", v = "x" }]
}
variable "lla" {
  type    = list(list(any))
  default = [[1], ["x", 2]]
}
variable "moa" {
  type    = map(object({ v = optional(any), w = optional(any, 5) }))
  default = { a = { v = 1 }, b = { v = "x", w = 7 }, c = {} }
}
variable "sa" {
  type    = set(any)
  default = ["b", 1, "b"]
}
resource "terraform_data" "anys" { input = [var.lma, var.loa, var.lla, var.moa, var.sa, length(var.sa)] }
