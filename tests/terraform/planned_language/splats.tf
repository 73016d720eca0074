locals {
  deep = [{ a = [{ b = [{ c = 1 }, { c = 2 }] }, { b = [{ c = 3 }] }] }, { a = [] }]
}
resource "terraform_data" "deep" {
  input = {
    a = local.deep[*].a[*].b[*].c
    b = local.deep[*].a[*].b[0].c
    c = local.deep[*].a.*.b
    d = [local.deep[0]][*].a.*.b[0]
    e = local.deep.*.a[0]
    f = local.deep.*.a[0][*].b
    g = local.deep.*.a[*]
    h = [for x in local.deep : x.a[*].b[*].c]
    i = flatten(local.deep[*].a[*].b[*].c)
    j = local.deep[*].a[*][*]
    k = local.deep.*.a[0].*.b.0.c
  }
}
