"""Invented names of places, and ordinary names put together at random for people."""

BOROUGH = "Tessenby and Wendlow"
COUNCIL = f"{BOROUGH} Borough Council (invented)"
AUTHORITY_CODE = "X07999999"
"""No council's code starts with an X; it is also how the demo knows a folder of its own."""

PARTNER = "Tessenby Leisure Trust"

WARDS = (
    "Quarry Fold",
    "Pellgate",
    "Tanner's Rise",
    "Tessenby Spinney",
    "Tessenby Market",
    "Fennick Cross",
    "St Ebba's",
    "Wendlow Mill",
    "Oxlode",
    "Wendlow Heath",
)
"""From west to east."""

STREET_STEMS = (
    "Abelard", "Adder", "Barley Mow", "Bellwether", "Bittern", "Bramling", "Brindle",
    "Candlemaker", "Chaffinch", "Cobbler's", "Cooper's", "Corncrake", "Curlew", "Damson",
    "Dovecote", "Drover's", "Elderflower", "Fallow", "Ferrier's", "Fuller's", "Gosling",
    "Hackney Horse", "Harebell", "Hawthorn", "Heron", "Hopton", "Juniper", "Kestrel",
    "Kiln", "Lapwing", "Linnet", "Madder", "Maltster's", "Medlar", "Nettle", "Old Pound",
    "Orchard", "Osier", "Pepperpot", "Pintail", "Quince", "Ragged Robin", "Rowan",
    "Saddler's", "Sexton's", "Shearling", "Skylark", "Sorrel", "Spindle", "Teasel",
    "Thimble", "Tinker's", "Turnstile", "Vetch", "Wagtail", "Wainwright", "Weaver's",
    "Whinchat", "Withy", "Yarrow",
)  # fmt: skip

STREET_KINDS = (
    "Street", "Road", "Avenue", "Lane", "Close", "Drive", "Crescent", "Way", "Grove", "Walk",
)  # fmt: skip

FORENAMES = (
    "Aisha", "Alan", "Amina", "Andrew", "Angela", "Anita", "Anthony", "Arjun", "Barbara",
    "Brian", "Carol", "Catherine", "Christine", "Claire", "Colin", "Daniel", "David",
    "Deborah", "Derek", "Diane", "Dorothy", "Edward", "Eileen", "Elizabeth", "Emma",
    "Farah", "Gareth", "George", "Gillian", "Grace", "Harpreet", "Hannah", "Helen", "Ian",
    "Imran", "Jacqueline", "James", "Janet", "Jasmine", "Jean", "Joan", "John", "Joyce",
    "Karen", "Kathleen", "Keith", "Kevin", "Kieran", "Lesley", "Linda", "Lucy", "Malcolm",
    "Manjit", "Margaret", "Marek", "Maria", "Martin", "Mary", "Meera", "Michael", "Mohammed",
    "Neil", "Nicola", "Nisha", "Olivia", "Pamela", "Patricia", "Paul", "Peter", "Priya",
    "Rachel", "Rajesh", "Rebecca", "Richard", "Robert", "Ruth", "Samuel", "Sandra", "Sean",
    "Sharon", "Sheila", "Simon", "Sophie", "Stephen", "Sunita", "Susan", "Thomas", "Tracey",
    "Valerie", "Victoria", "Wendy", "William", "Yusuf", "Zoe",
)  # fmt: skip

SURNAMES = (
    "Abbott", "Ahmed", "Allen", "Andrews", "Armitage", "Bains", "Barker", "Barnett", "Bell",
    "Bennett", "Bhatt", "Booth", "Bradley", "Brennan", "Brooks", "Butler", "Carter",
    "Chambers", "Chauhan", "Clarke", "Coleman", "Cooper", "Cross", "Dawson", "Desai", "Dixon",
    "Doyle", "Edwards", "Ellis", "Farrell", "Fisher", "Fletcher", "Foster", "Gibson", "Gill",
    "Goddard", "Graham", "Griffiths", "Hall", "Harvey", "Hewitt", "Holmes", "Hughes", "Hunt",
    "Hussain", "Ingram", "Jackson", "Jenkins", "Johal", "Kaur", "Kelly", "Khan", "Knight",
    "Kowalski", "Lawson", "Lloyd", "Lowe", "Malik", "Marsh", "Mason", "McCarthy", "Mistry",
    "Mitchell", "Moore", "Morgan", "Murphy", "Nash", "Nowak", "O'Brien", "O'Neill", "Osborne",
    "Owen", "Parmar", "Patel", "Pearson", "Phillips", "Powell", "Preston", "Quinn", "Rahman",
    "Reid", "Richards", "Robson", "Rowley", "Sandhu", "Saunders", "Shah", "Sharp", "Sidhu",
    "Simpson", "Singh", "Slater", "Spencer", "Stevens", "Sutton", "Thorpe", "Tomlinson",
    "Turner", "Vaughan", "Wallis", "Ward", "Watts", "Webb", "Whittle", "Wilkins", "Wood",
    "Yates",
)  # fmt: skip
