# Operators, loops and splats, over the one resource type that Terraform has built in.

locals {
  nul  = null
  list = [1, 2, 3]
  objs = [{ a = 1, b = { c = [1, 2] } }, { a = 2, b = { c = [] } }]
  id   = terraform_data.base.id
  s    = toset(["b", "a"])
}
resource "terraform_data" "base" { input = "b" }
resource "terraform_data" "ops" {
  input = {
    a = 7 % 3, b = -7 % 3, c = 7 / 2, d = 0.1 + 0.2, e = "5" * "2", f = 1 == 1.0, g = "1" == 1, h = null == null
    i = !false && true || false, j = 1 < 2 == true, k = -(3), l = 2 + 3 * 4, m = (2 + 3) * 4, n = 10 - 3 - 2
    o = true ? 1 : "a", p = false ? [1] : ["a"], q = true ? null : 1, r = 1 != 2 ? "x" : "y"
    s = 1e3, t = 1.50, u = 100000000000000000000, v = 0.00000001, w = 5 > "3", x = "a" == "a" ? { k = 1 } : { k = "z" }
    y = 1 / 3, z = 1e-7 * 3
  }
}
resource "terraform_data" "fors" {
  input = {
    a = { for x in ["a1", "b1", "a2"] : substr(x, 0, 1) => x... }
    b = [for i, x in ["a", "b"] : "${i}${x}" if i > 0]
    c = { for k, v in { x = 1, y = 2 } : k => v if v > 1 }
    d = [for k, v in { y = 1, x = 2 } : k]
    e = [for x in local.s : upper(x)]
    f = { for i, x in local.list : i => x }
    g = { for x in [true, false, true] : x => 1... }
    h = [for x in [] : x]
    i = { for x in local.objs : x.a => x.b.c[*] }
    j = [for x in local.objs : [for y in x.b.c : y * 2]]
    k = [for i, x in local.s : i]
    l = { for k, v in { a = local.id } : k => v }
    m = [for x in [local.id, "b"] : x]
    n = [for o in local.objs : o if contains(o.b.c, 1)]
  }
}
resource "terraform_data" "splats" {
  input = {
    a = local.nul[*], b = "x" [*], c = local.objs[*].a
    e = local.objs.*.a, f = local.objs.*.b.c, g = local.nul[*].foo, h = [][*].x, i = local.objs[*]["a"]
    j = { a = 1 }[*].a, k = local.s[*], l = [[1, 2], [3]][*][0], m = local.objs[*].b[*].c
    n = [[{ a = 1 }], [{ a = 2 }]].*.0.a
  }
}
