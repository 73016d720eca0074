# What Terraform marks as sensitive: through variables, locals, loops, modules and their outputs.
variable "secret" {
  type      = string
  sensitive = true
}

variable "plain" {
  type    = string
  default = "p"
}

variable "secrets" {
  type      = map(string)
  default   = { a = "x", b = "y" }
  sensitive = true
}

variable "quoted" {
  default   = "q"
  sensitive = "true"
}

variable "not_sensitive" {
  default   = "n"
  sensitive = false
}

locals {
  secret   = var.secret
  text     = "${var.secret}-x"
  object   = { password = var.secret, user = var.plain, deep = { list = [var.secret, "b"] } }
  list     = [var.plain, var.secret]
  set      = toset([var.plain, var.secret])
  chosen   = var.plain == "p" ? var.secret : "none"
  left     = var.plain == "p" ? "none" : var.secret
  merged   = merge(local.object, { user = sensitive("u"), extra = 1 })
  open     = nonsensitive(var.secret)
  lengths  = { for key, value in { a = var.secret, b = "c" } : key => length(value) }
  keys     = { for key, value in var.secrets : key => value }
  upper    = [for each in local.list : upper(each)]
  filtered = [for each in local.list : each if each != "z"]
  document = jsonencode(local.object)
  again    = jsondecode(local.document)
  words    = split("-", local.text)
  joined   = join(",", ["a", "b"])
}

module "m" {
  source = "./m"
  given  = var.secret
  clean  = var.plain
  object = { name = "n", password = var.secret }
  items  = [var.secret, "b"]
}

module "many" {
  source   = "./m"
  for_each = { one = sensitive("x"), two = "y" }
  given    = each.value
  clean    = each.key
  object   = { name = each.value, password = "p" }
  items    = []
}

resource "terraform_data" "holder" {
  input            = { password = var.secret, user = var.plain }
  triggers_replace = [var.secret]
}

resource "terraform_data" "counted" {
  count = 2
  input = count.index == 0 ? "first" : var.secret
}

resource "terraform_data" "names" {
  input = {
    secret         = issensitive(var.secret)
    plain          = issensitive(var.plain)
    secrets        = issensitive(var.secrets)
    one_secret     = issensitive(var.secrets["a"])
    quoted         = issensitive(var.quoted)
    not_sensitive  = issensitive(var.not_sensitive)
    local          = issensitive(local.secret)
    text           = issensitive(local.text)
    object         = issensitive(local.object)
    password       = issensitive(local.object.password)
    user           = issensitive(local.object.user)
    deep           = issensitive(local.object.deep)
    deep_list      = issensitive(local.object.deep.list)
    deep_first     = issensitive(local.object.deep.list[0])
    deep_second    = issensitive(local.object["deep"]["list"][1])
    list           = issensitive(local.list)
    list_plain     = issensitive(local.list[0])
    list_secret    = issensitive(local.list[1])
    set            = issensitive(local.set)
    chosen         = issensitive(local.chosen)
    left           = issensitive(local.left)
    merged         = issensitive(local.merged)
    merged_user    = issensitive(local.merged.user)
    merged_extra   = issensitive(local.merged.extra)
    merged_deep    = issensitive(local.merged.deep.list[0])
    open           = issensitive(local.open)
    lengths        = issensitive(local.lengths)
    length_a       = issensitive(local.lengths.a)
    length_b       = issensitive(local.lengths["b"])
    keys           = issensitive(local.keys)
    upper          = issensitive(local.upper)
    upper_plain    = issensitive(local.upper[0])
    upper_secret   = issensitive(local.upper[1])
    filtered       = issensitive(local.filtered)
    document       = issensitive(local.document)
    again          = issensitive(local.again.user)
    words          = issensitive(local.words)
    joined         = issensitive(local.joined)
    splat          = issensitive(local.list[*])
    splat_secret   = issensitive(([{ a = var.secret }, { a = "b" }][*].a)[0])
    condition      = issensitive(local.text == "a" ? 1 : 2)
    tried          = issensitive(try(local.object.nope, var.plain))
    tried_secret   = issensitive(try(local.object.nope, var.secret))
    can            = issensitive(can(var.secret))
    path           = issensitive(path.module)
    by_index       = issensitive(["a", "b"][length(var.secret) > 0 ? 0 : 1])
    by_loop        = join(",", [for each in local.list : issensitive(each)])
    by_key         = join(",", [for key, each in local.object : issensitive(each)])
    nested_loop    = join(",", flatten([for each in [local.list] : [for inner in each : issensitive(inner)]]))
    template_loop  = "%{for each in local.list}${issensitive(each)} %{endfor}"
    of_the_keys    = issensitive(keys(local.object))
    of_the_values  = issensitive(values(local.object)[0])
    lookup         = issensitive(lookup(local.object, "user", "x"))
    lookup_secret  = issensitive(lookup(local.object, "nope", var.secret))
    either_way     = issensitive(var.plain) ? "kept" : "shown"
  }
}

resource "terraform_data" "modules" {
  input = {
    given            = issensitive(module.m.given)
    clean            = issensitive(module.m.clean)
    password         = issensitive(module.m.password)
    name             = issensitive(module.m.name)
    defaulted        = issensitive(module.m.defaulted)
    deep             = issensitive(module.m.deep)
    own              = issensitive(module.m.own)
    items            = issensitive(module.m.items)
    item             = issensitive(module.m.items[0])
    inside           = module.m.inside
    one              = issensitive(module.many["one"].given)
    two              = issensitive(module.many["two"].name)
    two_own          = issensitive(module.many["two"].own)
    one_name         = issensitive(module.many["one"].name)
    module           = issensitive(module.m)
    every            = join(",", [for key, each in module.many : issensitive(each.name)])
    resource         = issensitive(terraform_data.holder)
    attribute        = issensitive(terraform_data.holder.input)
    attribute_secret = issensitive(terraform_data.holder.input.password)
    attribute_plain  = issensitive(terraform_data.holder.input.user)
    triggers         = issensitive(terraform_data.holder.triggers_replace[0])
    first            = issensitive(terraform_data.counted[0].input)
    second           = issensitive(terraform_data.counted[1].input)
    splat            = issensitive(terraform_data.counted[*].input)
    known_later      = issensitive(terraform_data.holder.id)
    known_later_text = issensitive("${terraform_data.holder.id}-${var.secret}")
  }
}

resource "terraform_data" "each" {
  for_each = { one = sensitive("x"), two = "y" }
  input    = "${issensitive(each.key)} ${issensitive(each.value)}"
}
