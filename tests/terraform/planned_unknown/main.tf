# What is known of expressions in which something is not.

variable "n" {
  type    = number
  default = 3
}
locals {
  unk  = terraform_data.b.id
  unkl = [terraform_data.b.id, "x"]
  unkm = { a = terraform_data.b.id, b = "k" }
  allu = terraform_data.b.output
}
resource "terraform_data" "b" { input = "i" }
resource "terraform_data" "u" {
  input = {
    a = local.unk == null
    b = local.unk != ""
    d = length(local.unkl)
    e = local.unkl[1]
    f = keys(local.unkm)
    g = values(local.unkm)[1]
    h = merge(local.unkm, { c = 1 })
    i = { for k, v in local.unkm : k => v }
    j = [for v in local.unkl : upper(v)]
    k = join("-", local.unkl)
    m = can(local.unk)
    n = coalesce(local.unk, "z")
    o = coalesce("z", local.unk)
    p = concat(local.unkl, ["y"])
    q = contains(local.unkl, "x")
    r = contains(local.unkl, "q")
    s = lookup(local.unkm, "b", "d")
    t = lookup(local.unkm, "zz", "d")
    u = element(local.unkl, 1)
    v = flatten([local.unkl, ["q"]])
    w = distinct(["a", local.unk])
    x = jsonencode(local.unkm)
    y = format("%s-%s", local.unk, "a")
    z = toset(local.unkl)
  }
}
resource "terraform_data" "v" {
  input = {
    a = local.allu
    e = !(local.unk == "x")
    f = "${local.unk}"
    g = "pre-${local.unk}"
    h = [for k, v in local.unkm : k if v != "zzz"]
    i = zipmap(["a", "b"], local.unkl)
    j = slice(local.unkl, 1, 2)
    k = reverse(local.unkl)
    l = tomap(local.unkm)
    m = tolist(local.unkl)
    n = one([local.unk])
    o = compact(["", local.unk])
    p = chunklist(local.unkl, 1)
    q = setproduct(["a"], local.unkl)
    r = length("${local.unk}")
    s = substr("abc", 0, var.n)
    t = tostring(local.unk)
    u = sort(["b", "a", local.unk])
    v = { (local.unk) = 1 }
    w = [1, 2, 3][length(local.unkl)]
    y = max(1, length(local.unkl))
  }
}
resource "terraform_data" "w" {
  input = {
    a = local.unkl[*]
    b = { for v in ["x"] : v => local.unk }
    c = [local.unk][*]
    d = "%{if local.unk == "x"}a%{else}b%{endif}"
    e = "%{for v in local.unkl}${v}%{endfor}"
    f = true ? local.unkl : ["z"]
    g = true ? { a = local.unk } : { a = "b" }
    h = local.unk == "x" ? [1] : [2]
    j = local.unk == "x" ? null : "a"
    k = alltrue([true, local.unk == "x"])
    l = anytrue([true, local.unk == "x"])
    m = sum([1, length(local.unkl)])
    n = replace("a", "a", local.unk)
    o = transpose({ a = ["x"] })
    q = coalescelist([], local.unkl)
    r = index(["x", local.unk], "x")
    s = range(length(local.unkl))
    t = base64encode(local.unk)
    u = split(",", local.unk)
    v = regexall("a", local.unk)
    w = cidrsubnet("10.0.0.0/8", 8, length(local.unkl))
    x = yamlencode({ a = local.unk })
    z = templatefile("t.tpl", { x = local.unk })
  }
}
module "m" {
  source = "./m"
  count  = length(local.unkl)
  x      = local.unkl[count.index]
}
resource "terraform_data" "mm" { input = [module.m[*].o, module.m[1].o, length(module.m)] }
