bom = "with bom"
