locals {
  names = ["x", "y"]
  d1    = "%{for n in local.names~}\n  ${n}\n%{endfor~}\n"
  d2    = "%{if true}yes%{else}no%{endif}"
  d3    = "a %{~if false~} b %{~else~} c %{~endif~} d"
  d4    = "%{for i, n in local.names}${i}=${n},%{endfor}"
  d5    = "  ${~"x"~}  y"
  d6    = "$${not} %%{not} $5 %5 $$ %% \u00e9 \t\"\\"
  d7    = "nested ${"deep ${1 + 1}"}"
  d8    = true
  d9    = local.names
  da    = "x${null == null ? "n" : "m"}"
  db    = "%{if false}x%{endif}"
  h1    = <<EOT
  keep
	tab
EOT
  h2    = <<-EOT
      six
    four

        eight
  EOT
  h3    = <<-EOT
    a
      %{for n in local.names~}
      ${n}
      %{endfor~}
    b
  EOT
  h4    = <<-EOT
    ${local.names[0]}
      x ${~"t"~}
    y
  EOT
  h5    = <<EOT
a \n "q" $${x} %%{y}
EOT
  h6    = <<-EOT
	tab
	  two
	EOT
  h7    = <<-EOT
    %{if true~}
    yes
    %{else~}
    no
    %{endif~}
    end
  EOT
  h8    = <<-EOT
  EOT
  h9    = <<-EOT

    a

  EOT
  ha = [<<-A
    one
  A
    , <<-B
    two
  B
  ]
  hb = upper(<<-EOT
    x
     y
  EOT
  )
}
resource "terraform_data" "tpl" {
  input = [local.d1, local.d2, local.d3, local.d4, local.d5, local.d6, local.d7, local.d8, local.d9, local.da, local.db]
}
resource "terraform_data" "here" {
  input = [local.h1, local.h2, local.h3, local.h4, local.h5, local.h6, local.h7, local.h8, local.h9, local.ha, local.hb]
}
