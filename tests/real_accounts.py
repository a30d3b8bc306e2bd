"""Accounts of real files as the tests compare them."""


def told(account):
    """Say the account, hold it to itself, and return its five numbers in the sentence's order."""
    numbers = (
        account.rows_read,
        account.accepted,
        account.quarantined,
        account.duplicates,
        account.filtered,
    )
    assert numbers[0] == sum(numbers[1:])
    said = account.sentence()
    print(said)  # noqa: T201 - the account is to be shown
    words = ("rows read", "accepted", "quarantined", "duplicates", "filtered")
    assert said.startswith(account.file)
    for number, word in zip(numbers, words, strict=True):
        assert f"{number} {word}" in said
    return numbers
