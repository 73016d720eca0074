# How things may be written: names, numbers, comments, line ends.

/* block
   comment */
locals { one = 1 } // trailing
locals {
  a-b = "dash" # hash
  ünï = "unicode"
  obj = {
    a               = 1, b : 2
    "c d"           = 3,
    (local.a-b)     = 4
    "${local.a-b}2" = 5
    0               = 6
    1.5             = 7
    true            = 8
    null            = 9
    for-x           = 10
    if              = 11
  }
  call = max(1, 2, [3, 4]...)
  call2 = max(
    1,
    2,
  )
  paren = (
    1 +
    2
    * 3
  )
  cond = (true
    ? "y"
  : "n")
  lst = [
    1, 2,
    3, # c
    /* x */ 4,
  ]
  leg   = [[{ z = 5 }]]
  leg2  = local.leg.0[0].z
  leg3  = local.leg[0].0["z"]
  core  = core::upper("q")
  esc   = "a\\b\"c\td\u00e9\U0001F600$${x}%%{y}"
  nest  = "${"${"x"}"}-${ { a = "q" }.a}-${[1, 2][1]}"
  neg   = -local.one
  nn    = --1
  nb    = !!true
  big   = 9007199254740993
  exp   = 1.5e3
  lead  = 007
  ff    = [for i in [1, 2, 3] : i if i != 2]
  fo    = { for i, v in ["a", "b"] : "${v}" => i... if true }
  fn    = [for o in [{ a = { b = 1 } }] : o.a.b][0]
  idx   = { "a.b" = 1 }["a.b"]
  strk  = { a = { "b-c" = 2 } }.a.b-c
  t1    = <<A
%{if true~}
x
%{else}
y
%{endif~}
z
A
  t2    = <<-A
    %{for i in [1, 2]}${i}
    %{endfor}
    A
  t3    = "%{for k, v in { a = 1 } }${k}${v}%{endfor}"
  t4    = "x%{if false}y%{endif}z"
  t5    = "${~1~}  2"
  cmp   = [1 < 2, "a" == "a", 1 != 2, !(1 >= 2), 5 % 3, 2 * 3 + 4 / 2 - 1]
  prec  = true || false && false
  prec2 = 1 + 2 == 3 && 2 * 2 == 4
  prec3 = -2 * 3
  prec4 = !true == false
  condn = false ? 1 : true ? 2 : 3
  nullc = null == null ? "n" : "m"
  sp    = { x = [1, 2] }.x[*]
  ent   = keys({ b = 1, a = 2 })
  sl    = slice(["a", "b", "c"], 1, 3)
  tn    = [for x in ["10", "9"] : tonumber(x)]
  md    = { a = 1, }
}
resource "terraform_data" "r" {
  input = [local.a-b, local.ünï, local.obj, local.call, local.call2, local.paren, local.cond, local.lst, local.leg2, local.leg3, local.core, local.esc, local.nest, local.neg, local.nn, local.nb, local.big, local.exp, local.lead, local.ff, local.fo, local.fn, local.idx, local.strk, local.t1, local.t2, local.t3, local.t4, local.t5, local.cmp, local.prec, local.prec2, local.prec3, local.prec4, local.condn, local.nullc, local.sp, local.ent, local.sl, local.tn, local.md]
}
resource "terraform_data" "unquoted" { input = 1 }
resource "terraform_data" "single" { input = [1] }
resource "terraform_data" "multi" {
  input = {
    "a" : 1
    b = 2
  }

  lifecycle { create_before_destroy = true }
}
