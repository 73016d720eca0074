locals {
  ub = terraform_data.b.id == "x"
}
resource "terraform_data" "functions" {
  input = {
    a = alltrue([local.ub, false])
    b = alltrue([false, local.ub])
    c = alltrue([true, local.ub])
    d = anytrue([local.ub, true])
    e = anytrue([false, local.ub])
    f = index([local.unk, "x"], "x")
    g = index(["x", local.unk], "x")
    h = coalesce("z", local.unk)
    i = coalesce("", "q", local.unk)
    j = coalesce(local.unk, "q")
    k = coalesce(null, local.unk)
    l = sort(["b", local.unk])
    m = length(sort(["b", local.unk]))
    n = setproduct(["a"], [local.unk, "x"])
    o = setproduct(toset(["a"]), toset([local.unk, "x"]))
    p = length(setproduct(["a"], [local.unk, "x"]))
    r = setintersection(["x", local.unk], ["x"])
    s = setsubtract(["x", "y"], [local.unk])
    t = [for k, v in { a = local.unk, b = 1 } : k][1]
    u = distinct([local.unk, "a", "a"])
    v = length(distinct([local.unk, "a", "a"]))
    w = compact([local.unk, ""])
    x = flatten([[local.unk], [["b"]]])
    y = anytrue([true, local.ub])
    z = contains(["a", local.unk], local.unk)
  }
}
