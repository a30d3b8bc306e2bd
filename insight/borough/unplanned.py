"""What residents ask about that nobody planned for: no label, no page and no reason code has it."""

UNPLANNED_TITLE = "Winter heating voucher"
UNPLANNED_MONTHLY = 36

VOUCHER = {
    "unplanned": [
        "{i-got} the {voucher} leaflet, {how-get}?",
        "Where do I apply for the {voucher}? {not-found}",
        "{neighbour} has had a {voucher} and we have not. {how-get}?",
        "Is the {voucher} real or a scam? Somebody {scam} about it.",
        "My {voucher} will not scan at the {shop}, the till says it has expired.",
        "I am on a prepayment meter, does the {voucher} work for that?",
        "I heard on the radio that pensioners get a {voucher}. {how-get}?",
        "I have lost the letter with the code for the {voucher}, can you send another?",
        "We heat with oil and the {voucher} is only for gas and electric, {fair}",
    ],
    "i-got": ["I have had", "We got", "My mother was sent"],
    "voucher": [
        "heating voucher", "winter heating voucher", "warm home voucher", "£90 fuel voucher",
        "voucher for the heating",
    ],
    "how-get": ["how do we get it", "how do I claim", "what do I have to send", "who is it for"],
    "not-found": [
        "Nothing on your website about it.", "Nobody on the phone knew.", "The link is dead.",
    ],
    "neighbour": ["My neighbour", "My sister in the next street", "Everybody in our block"],
    "scam": ["rang me", "texted me a link", "came to the door"],
    "shop": ["post office", "corner shop", "garage", "supermarket"],
    "fair": ["how is that fair?", "what about us?", "is there another one?"],
}  # fmt: skip
