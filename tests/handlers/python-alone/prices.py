def total(items):
    return sum(item["price"] * item["count"] for item in items)
