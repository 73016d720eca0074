given = ["from", "a", "file"]
