refused = null
