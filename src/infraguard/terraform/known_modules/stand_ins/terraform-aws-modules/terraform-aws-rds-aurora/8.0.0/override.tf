# What version 8 has as a default that later ones changed; the rest is that of 9.0.0.

variable "backup_retention_period" {
  default = 7
}
