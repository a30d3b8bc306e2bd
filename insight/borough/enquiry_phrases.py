"""What residents write to the council-tax and planning mailboxes.

Topics share much of their vocabulary on purpose: a refund is mentioned by people who move, a
direct debit by people who are behind, an application number by people who object to it.
"""

MOVING = {
    "moving": [
        "{we-are} moving {from-to} on {date} and need to {change} the council tax.",
        "We {moved} into {address} {when} and have not had a bill yet.",
        "My tenant {moved} out of {address} {when}, please take them off the bill.",
        "I have {bought} {address} and complete on {date}, what do you need from me?",
        "Can you close my account as {i-have} left {place} {when}. {new-address}",
        "Just to tell you of a change of address. {new-address}",
        "{we-are} moving out of the borough soon, who do we pay for the last few weeks?",
        "My mother has gone into a care home and {address} is empty since {date}.",
        "My flatmate left on {date} and I am on my own now, please change the names.",
    ],
    "from-to": ["house", "from one side of the borough to the other", "to {address}", "home"],
    "moved": ["moved", "have moved", "finally moved"],
    "bought": ["bought", "just exchanged contracts on", "rented"],
    "change": ["transfer", "change", "sort out", "update"],
    "place": ["my flat", "my old address", "the house", "{address}"],
    "new-address": ["New address is {address}, {postcode}.", "I will be at {address}.", ""],
}  # fmt: skip

PAYING = {
    "paying": [
        "I would like to {dd-verb} a direct debit for {what-bill}.",
        "Can I change the date my payment comes out to the {nth} of the month?",
        "Please could I spread the bill over {n-months} months instead of ten?",
        "My bank details have changed and {payment} will bounce.",
        "{payment} was taken twice {when}, £{pounds} each time.",
        "You have cancelled my direct debit and I do not know why.",
        "Is there a way to pay {what-bill} by {pay-way}? {online-trouble}",
        "I tried to pay £{pounds} on the website and {online-trouble}",
        "Instalments on the new bill do not match what I agreed on the phone {when}.",
    ],
    "dd-verb": ["set up", "start", "amend", "move to"],
    "what-bill": ["my council tax", "the bill", "this year's council tax"],
    "n-months": ["12", "twelve", "eleven"],
    "payment": ["My payment", "The instalment", "The direct debit"],
    "pay-way": ["standing order", "card over the phone", "cash at the post office", "cheque"],
    "online-trouble": [
        "the page says session expired.", "it will not take my card.",
        "I do not have the internet.",
        "it keeps saying account not found.", "The automated line cut me off.",
    ],
}  # fmt: skip

DISCOUNTS = {
    "discounts": [
        "I {live-alone} since {date}, do I get {money-off}?",
        "My son has turned 18 but is {student}, does {money-off} stop?",
        "Everybody at {address} is {student}. {certificate}",
        "You have taken off my single person discount and I still {live-alone}.",
        "My husband has dementia, is there {money-off} for severe mental impairment?",
        "Do carers get {money-off}? I look after my mother full time.",
        "The property is {empty} and being renovated, can I have an exemption?",
        "We put in a downstairs wet room, I was told about a disabled band reduction.",
        "I am an apprentice on low pay, is my council tax disregarded?",
    ],
    "live-alone": ["live alone", "have lived on my own", "am the only adult here"],
    "money-off": ["25% off", "a discount", "a reduction", "money off the bill"],
    "student": ["at university", "a full-time student", "still at college", "doing A levels"],
    "certificate": ["Student certificate attached.", "What proof do you need?", ""],
    "empty": ["empty", "unoccupied", "unfurnished"],
}  # fmt: skip

SUPPORT = {
    "support": [
        "I have {lost-job} and cannot pay, how do I {claim} council tax support?",
        "I {claim-past} for council tax support {when} and have heard nothing.",
        "My wages have gone {up-down}, do I need to tell you for my council tax reduction?",
        "I am on universal credit and was told I can {claim} help with council tax.",
        "Your letter says send {evidence} for my claim, where do I send it?",
        "My claim was turned down and I want it looked at again.",
        "I get pension credit, should I be paying the full amount?",
        "{we-are} struggling with the cost of living, is there hardship help for council tax?",
        "Somebody has moved in with me, does that change my council tax support? NI number {ni}.",
        "Here are my payslips for the claim. National Insurance {ni}. {certificate-claim}",
    ],
    "lost-job": ["lost my job", "been made redundant", "been signed off sick", "gone part time"],
    "claim": ["claim", "apply for", "get"],
    "claim-past": ["applied", "put in a form", "sent a claim"],
    "up-down": ["up", "down", "up a little"],
    "evidence": ["bank statements", "payslips", "my tenancy agreement", "proof of rent"],
    "certificate-claim": ["Please tell me you have them.", "My NI number is on each page.", ""],
}  # fmt: skip

ARREARS = {
    "arrears": [
        "I have had a {red-letter} but I am {up-to-date}.",
        "I got a {red-letter} for £{pounds} and cannot pay it all at once, can we {agree}?",
        "Bailiffs left a card at {address}, I did not know I owed anything.",
        "The {red-letter} has costs of £{pounds} on it that I do not accept.",
        "I missed {missed} because I was in hospital, please stop the court action.",
        "Please can you {agree}? I can afford £{pounds} a week.",
        "You say I am in arrears from an address I left years ago.",
        "I paid on {date} and still got a {red-letter}. Receipt attached.",
        "My wages have an attachment of earnings, how much is still left to pay?",
    ],
    "red-letter": ["reminder", "final notice", "summons", "court letter", "second reminder"],
    "up-to-date": ["up to date", "paid up", "not behind with anything"],
    "agree": ["agree a payment plan", "come to an arrangement", "give me more time"],
    "missed": ["one payment", "a couple of instalments", "last month"],
}  # fmt: skip

REFUNDS = {
    "refunds": [
        "I think I have {overpaid} and would like {it-back}.",
        "We left {address} {when} and our account is £{pounds} in credit, please {repay}.",
        "I was told {it-back} would take ten days, that was {when}.",
        "My father died {when}, the executors would like {it-back} on his council tax.",
        "The band was lowered by the valuation office, when do I get {it-back}?",
        "You sent a cheque in my old name, can you {repay} to my bank?",
        "Credit of £{pounds} on the closing bill. How do I get {it-back}?",
        "{overpaid-2} so there should be something to come back.",
    ],
    "overpaid": ["overpaid", "paid too much", "paid twice"],
    "overpaid-2": ["I paid the whole year and moved", "Two of us paid by mistake"],
    "it-back": ["a refund", "the money back", "the credit", "my refund"],
    "repay": ["pay it back", "refund it", "send it"],
}  # fmt: skip

PROGRESS = {
    "progress": [
        "Is there any {news} on application {case}? It {was-in} {when}.",
        "{case}: still waiting. {nobody}",
        "My architect says the decision on {case} was due on {date} and we have had nothing.",
        "Who is the case officer for {case}? {nobody}",
        "The builder is booked for {date} and we still have no decision on our {build}.",
        "Chasing again about {case}, this is the {nth} time of asking.",
        "When will my application for a {build} be decided?",
        "The website says {case} is pending consideration, what does that mean?",
        "Please tell me if {case} has been made valid, the fee was paid {when}.",
        "You asked for an extension of time on {case}. We agreed. {nobody}",
    ],
    "news": ["news", "update", "progress", "movement"],
    "was-in": ["was put in", "went in", "was submitted", "was registered"],
    "nobody": [
        "Nobody rings back.", "I have left three messages.", "No reply to my last two emails.",
        "Could somebody please let us know.",
    ],
    "build": ["rear extension", "loft conversion", "porch", "garage", "dropped kerb", "dormer"],
}  # fmt: skip

PERMISSION = {
    "permission": [
        "Do I need {permission-word} for a {build}?",
        "{we-are} thinking of {building} at {address}, is that {allowed}?",
        "Is a {small-build} of {n-metres} metres {allowed}?",
        "Can I {tree-verb} the tree in my garden or is it protected?",
        "Is my house in the conservation area? I want to {building}.",
        "How do I apply for a {build} and what are the fees?",
        "I want to run a {trade} from home, do I need {permission-word}?",
        "Would you accept a {build} here? We would like advice before we {apply-word}.",
        "The agent says {permission-word} for the {small-build} was never given, is that so?",
    ],
    "permission-word": ["planning permission", "planning", "permission", "consent"],
    "allowed": ["permitted development", "allowed", "alright without planning"],
    "small-build": ["shed", "fence", "summer house", "wall", "conservatory", "garden room"],
    "building": [
        "knocking through", "building a {small-build}", "changing the windows",
        "paving the front garden", "adding a {build}", "putting up solar panels",
    ],
    "n-metres": ["1.8", "2", "2.5", "3", "four"],
    "tree-verb": ["cut down", "lop", "prune"],
    "trade": ["nail salon", "dog grooming business", "childminding business", "garage"],
    "apply-word": ["apply", "pay for drawings", "go ahead"],
}  # fmt: skip

OBJECTING = {
    "objecting": [
        "I wish to {object} to application {case} at {street}. It would {harm}.",
        "Regarding the plans for {street}: {harm-2}",
        "How do I comment on {case}? {comment-trouble}",
        "We support the plans in {case}, the site has been {state-of-site} for years.",
        "I have only just seen the notice on {street}, is it too late to comment?",
        "My objection to {case} is not on the website, I sent it {when}.",
        "Will {case} go to committee and can I speak?",
        "Neighbours were not told about {case}. It would {harm}.",
        "Please add this to the file for {case}: {harm-2}",
    ],
    "object": ["object", "object strongly", "register my objection"],
    "harm": [
        "overlook our garden", "take all the light from our kitchen", "make parking even worse",
        "be far too tall for the street", "bring lorries past the school", "spoil the view",
    ],
    "harm-2": [
        "there is no room for more cars.", "the drains already back up every winter.",
        "a three storey block does not belong here.", "the trees should be kept.",
    ],
    "comment-trouble": ["The link does not work.", "Do I need to register first?", ""],
    "state-of-site": ["an eyesore", "derelict", "empty"],
}  # fmt: skip

BREACHES = {
    "breaches": [
        "My neighbour at {address} is building a {build} {without}.",
        "They have started work on {street} {without}.",
        "The new fence at {address} is well over two metres, is anybody checking?",
        "Somebody is living in the {small-build} behind {address}.",
        "The conditions on {case} are being ignored, they work until late at night.",
        "A {trade} is being run from the house next door, cars coming and going all day.",
        "They have cut down a protected tree on {street}.",
        "What is built at {address} is not what was approved in {case}.",
        "I reported a breach of planning on {street} {when} and nobody has been out.",
    ],
    "without": [
        "without permission", "with no planning that I can find",
        "and it is not what was approved",
    ],
}  # fmt: skip

UNSORTED = {
    "unsorted": [
        "Who do I speak to about {something-else}?",
        "Thank you for your help {when}, all sorted now.",
        "Please remove me from your mailing list.",
        "See attached.",
        "I rang {when} and was cut off, please ring me back.",
        "As discussed with your colleague.",
        "Is the office open on {date}?",
        "I would like a copy of everything you hold on me.",
    ],
    "something-else": [
        "a lost cat", "the fireworks on {street}", "hiring the town hall", "my blue badge",
        "a dead fox on {street}", "the library opening times", "wedding rooms", "a job interview",
    ],
}  # fmt: skip

LETTER = {
    "letter": ["{hello}{before}{body}{aside}{reference}{ask}{bye}"],
    "also": [
        "{first} Also, {second}", "{first}\nOne more thing. {second}",
        "{first} While I am writing: {second}", "{first}\n\n{second}",
    ],
    "hello": [
        "Hi,\n", "Hello,\n", "Good morning,\n", "Dear Sir or Madam,\n\n", "Dear all,\n\n",
        "Hi there\n", "", "", "To whom it may concern,\n\n", "Good afternoon\n",
    ],
    "before": [
        "", "", "", "", "I hope you can help. ", "I have tried to ring but could not get through. ",
        "I cannot find an answer on your website. ", "Not sure if this is the right address. ",
        "This is the second time of writing. ", "Sorry to bother you. ",
    ],
    "aside": [
        "", "", "", "", " I work shifts so email is best.", " I am 78 and find this very worrying.",
        " I have lived here for {n-years} years.", " We have two small children.",
        " {mention}", " I am disabled and cannot come in.",
    ],
    "mention": [
        "I already pay by direct debit.", "There is nothing owing on the account.",
        "I have not moved.", "The refund from last year did arrive, thank you.",
        "My neighbour had planning permission for hers.", "I do get single person discount.",
        "I was on benefits until last year.", "I did ask this before we bought the house.",
    ],
    "reference": [
        "", "", "", " My account number is {account}.", " Account {account}.", " Ref {account}",
        " My reference is {account} if that helps.",
    ],
    "ask": [
        "", " Please can you confirm.", " Could someone ring me on {phone}?",
        " Please reply to {email}.", " What do I need to do?", " Many thanks in advance.",
        " Please advise.", " Can somebody look into this?", " My mobile is {phone}.",
        " I look forward to hearing from you.",
    ],
    "bye": [
        "", "\n\nRegards\n{name}", "\n\nKind regards,\n{name}\n{address}\n{postcode}",
        "\nThanks\n{forename}", "\n\nYours faithfully\n{name}\nTel: {phone}",
        "\n\nMany thanks,\n{name}", "\n{name}\n{address}, {postcode}", "\n\nSent from my phone",
        "\n\nThank you\n{name}\n{email}",
    ],
    "we-are": ["We are", "I am", "My partner and I are", "My parents are"],
    "i-have": ["I have", "we have", "my son has"],
    "when": [
        "last week", "on {date}", "three weeks ago", "at the end of last month", "in the summer",
        "two months ago", "yesterday", "a while ago",
    ],
    "nth": ["1st", "third", "15th", "second", "28th"],
    "n-years": ["4", "11", "23", "40", "over 30"],
    "pounds": ["48", "127.50", "163.20", "214", "86.75", "341", "1,204.16", "59.99"],
    "subject": [
        "Council enquiry", "Query", "Help please", "Re: your letter", "(no subject)", "Urgent",
        "Question", "Fwd: letter", "{address}", "Account {account}",
    ],
}  # fmt: skip

SHARED = (
    LETTER
    | MOVING | PAYING | DISCOUNTS | SUPPORT | ARREARS | REFUNDS
    | PROGRESS | PERMISSION | OBJECTING | BREACHES | UNSORTED
)  # fmt: skip
