def test_nobody_can_be_reached(people):
    assert people["email"].str.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.(com|org|net)").all()
    # Ofcom's numbers for drama.
    assert people["phone"].str.fullmatch(r"(07700 900|01632 960)\d{3}").all()
    assert people["account"].str.fullmatch(r"7\d{7}").all()


def test_national_insurance_numbers_have_the_form_of_true_ones(people):
    assert people["ni_number"].str.fullmatch(r"[A-Z]{2}( \d{2}){3} [A-D]").all()


def test_people_live_where_their_street_is(people, ground):
    ward = ground.streets.set_index("street")["ward"]
    assert (ward.loc[people["street"]].to_numpy() == people["ward"].to_numpy()).all()
    assert people["ward"].nunique() == 10
