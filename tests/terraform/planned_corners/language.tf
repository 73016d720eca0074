# Corners of the language: defaults inside of defaults, loops, splats, heredocs and directives.

variable "people" {
  type = map(object({
    name = optional(string, "anon")
    roles = optional(list(object({
      id    = string
      level = optional(number, 3)
      tags  = optional(map(string), { a = "b" })
    })), [{ id = "default" }])
    nested = optional(object({
      a = optional(string, "A")
      b = optional(object({ c = optional(bool, true) }), {})
    }), {})
    set = optional(set(object({ x = optional(string, "X") })), [{}])
  }))
  default = {
    one   = {}
    two   = { name = "t", roles = [{ id = "r" }, { id = 5, level = "7", tags = null }] }
    three = { name = null, nested = { a = null, b = { c = "false" } }, set = [{ x = "y" }, {}] }
  }
}
locals {
  groups    = { for k, v in { a = 1, b = 2, c = 1 } : v => k... }
  groups2   = { for x in ["ab", "ac", "b"] : substr(x, 0, 1) => x... if x != "ac" }
  cond      = [for k, v in { a = 1, b = 2 } : "${k}${v}" if v > 1]
  setfor    = [for x in toset(["b", "a"]) : upper(x)]
  setmap    = { for x in toset(["b", "a"]) : x => length(x) }
  idx       = { for i, x in ["p", "q"] : i => x }
  nestedf   = { for k, v in var.people : k => [for r in v.roles : r.level] }
  nullspl   = null[*]
  onespl    = "a" [*]
  spl2      = [for p in values(var.people) : p.roles[*].id]
  spl3      = values(var.people)[*].roles[*].id
  spl4      = toset([{ a = 1 }, { a = 2 }])[*].a
  spl5      = [{ a = [{ b = 1 }, { b = 2 }] }, { a = [] }][*].a[*].b
  attrspl   = [{ a = [1, 2] }].*.a
  attrspl2  = [{ a = [1, 2] }, { a = [3] }].*.a.0
  attrspl3  = [{ a = [1, 2] }, { a = [3] }][*].a[0]
  h1        = <<-EOT
    first ${1 + 1}
      second
    ${"third"}
  EOT
  h2        = <<-EOT
    %{for x in ["a", "b"]~}
    - ${x}
    %{endfor~}
    end
  EOT
  h3        = <<EOT
%{if true}
yes
%{else}
no
%{endif}
EOT
  h4        = <<-EOT
  %{~for i, x in ["a", "b"]~}
  ${i}:${x},
  %{~endfor~}
  EOT
  h5        = <<-EOT
    a

      b
	tab
    EOT
  h6        = <<-EOT
    ${join("\n", ["x", "  y"])}
      z
    EOT
  h7        = "a %{if false}b%{else}c%{endif} d"
  h8        = "%%{ not } $${not} $$ %% $ %"
  h9        = <<EOT
"quoted" \n not escaped \" $${x} %%{y}
EOT
  h10       = <<-EOT
    %{if true~}
    kept
    %{~endif}
    tail
  EOT
  t1        = "a"
  t2        = "x ${~"a"~} y"
  t3        = "x ${~1~} y %{~if true~} z %{~endif~} w"
  trytest   = try(var.people.nope.x, var.people["one"].name, "no")
  cantest   = [can(var.people.nope), can(regex("a", "b")), can(tonumber("x")), can(null.a)]
  mergenull = merge(null, { a = 1 })
  obj       = { "a b" = 1, (upper("c")) = 2, d : 3 }
  objidx    = { a = 1 }["a"]
  cn        = null == null ? "eq" : "ne"
  cmp       = [1 == 1.0, "1" == 1, null == "", [] == [], {} == {}, "a" == "a"]
  neg       = -(-3)
  mod       = -7 % 3
  log       = !false && (true || false)
  prec      = 1 + 2 * 3 - 4 / 2 % 3
  tern      = true ? false ? 1 : 2 : 3
  unicode   = "é${"\u00e9"}\U0001F600"
  len       = [length("é"), length("e\u0301")]
  subs      = substr("héllo", 1, 3)
}
resource "terraform_data" "a" {
  input = { people = var.people }
}
resource "terraform_data" "b" {
  input = [local.groups, local.groups2, local.cond, local.setfor, local.setmap, local.idx, local.nestedf, local.nullspl, local.onespl, local.spl2, local.spl3, local.spl4, local.spl5, local.attrspl, local.attrspl2, local.attrspl3]
}
resource "terraform_data" "h" {
  input = [local.h1, local.h2, local.h3, local.h4, local.h5, local.h6, local.h7, local.h8, local.h9, local.h10, local.t1, local.t2, local.t3]
}
resource "terraform_data" "c" {
  input = [local.trytest, local.cantest, local.mergenull, local.obj, local.objidx, local.cn, local.cmp, local.neg, local.mod, local.log, local.prec, local.tern, local.unicode, local.len, local.subs]
}
