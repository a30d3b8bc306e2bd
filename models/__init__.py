"""Tables of the performance store. ("models" means SQLModel tables, never classifiers.)"""
