"""How many, in words."""


def amount(number: int, noun: str) -> str:
    """`1 row`, `1,200 rows`: a noun whose plural takes an s."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"
