secret = "s"
