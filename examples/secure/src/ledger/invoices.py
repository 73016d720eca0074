"""What a client owes."""


def total(hours: float, rate: float, discount: float = 0.0) -> float:
    """The amount of one invoice."""
    amount = hours * rate
    if discount:
        amount -= amount * discount
    return round(amount, 2)


def reminder(name: str, days_late: int) -> str:
    """The letter to a client who is late."""
    if days_late > 30:
        return f"Dear {name}, this is our last reminder."
    if days_late > 14:
        return f"Dear {name}, this is our second reminder."
    return f"Dear {name}, please remember our invoice."
