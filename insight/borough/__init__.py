"""A borough that does not exist, made from a seed: its ground, its people and a council's files.

The Borough of Tessenby and Wendlow is invented. So is every ward, street, postcode, person,
telephone number, application and figure in it: Royal Mail has assigned no TD91 and TD92, the
telephone numbers lie in the ranges that Ofcom keeps for drama, the e-mail domains are the
reserved example ones, and the ground it stands on is open moorland where nobody lives.

Everything here is a pure function of a `Plan` (last month, span and seed). ``pipelines.edge.demo``
writes the files.
"""
