a = "z.auto"
