"""What people write when they report something in the street."""

REPORTS = {
    "Dog fouling": ["{fouling}", "{fouling} {more}", "{fouling} {more} {plea}"],
    "Litter": ["{litter}", "{litter} {more}", "{litter} {plea}"],
    "Fly-tipping": ["{tipping}", "{tipping} {more}", "{tipping} {plea}"],
    "Pothole": ["{pothole}", "{pothole} {plea}"],
    "Street light out": ["{light}", "{light} {more}"],
    "fouling": [
        "Dog mess {where} again.",
        "There is dog mess all along the {surface} {where}, {amount}.",
        "Somebody lets a {size} dog foul {where} {when} and walks on.",
        "Dog poo bags hung on the {thing} {where}.",
        "Three piles of dog fouling {where}, right {near}.",
        "My {child} trod in dog dirt {where} {when}.",
    ],
    "litter": [
        "Cans and takeaway boxes {where}.",
        "The bin {where} is overflowing and rubbish is blowing about.",
        "Broken glass on the {surface} {where}, {near}.",
        "Crisp packets and {amount} in the {thing} {where}.",
    ],
    "tipping": [
        "A {item} has been dumped {where}.",
        "{number} bags of rubble left {where} {when}.",
        "Somebody has tipped a {item} and black sacks {near}.",
        "Fly-tipping {where}: {item}, paint tins and cardboard.",
    ],
    "pothole": ["Deep pothole {where}, {near}.", "The road surface is breaking up {where}."],
    "light": [
        "The street light {where} has been out since {day}.",
        "Lamp {where} flickers all night.",
    ],
    "where": [
        "on {street}", "at the end of {street}", "by the cut-through off {street}",
        "on the verge in {street}", "outside number {number} {street}", "along {street}",
    ],
    "near": [
        "by the school gate", "next to the bus shelter", "by the play area", "near the shops",
        "opposite the surgery", "where the path narrows", "by the garages",
    ],
    "surface": ["pavement", "path", "footway", "grass", "cycle path"],
    "thing": ["hedge", "railings", "fence", "bushes", "tree"],
    "amount": ["about ten of them", "far too much to step over", "more every day", "a lot of it"],
    "size": ["large", "small", "brown", "black and white"],
    "child": ["daughter", "son", "toddler", "grandson", "neighbour"],
    "item": ["sofa", "mattress", "fridge", "washing machine", "wardrobe", "pushchair"],
    "number": ["2", "3", "4", "5", "7", "11", "16", "22", "38", "51"],
    "day": ["Monday", "Friday", "the weekend", "last week", "Tuesday night"],
    "when": [
        "every morning", "early in the morning", "after dark", "on the school run",
        "at about 7am", "most evenings",
    ],
    "more": [
        "It is the {nth} time I have reported this.", "It has been there since {day}.",
        "It is {near}.", "Children walk here every day.", "It happens {when}.",
    ],
    "nth": ["second", "third", "fourth"],
    "plea": [
        "Please can somebody come out.", "Could we have a bin or a sign here?",
        "A patrol {when} would catch them.", "Please clear it before somebody gets hurt.",
        "I have a photo if you need it.",
    ],
    "title": [
        "{category} on {street}", "{category}, {street}", "{category} again",
        "{street}", "{category} {near}",
    ],
}  # fmt: skip
