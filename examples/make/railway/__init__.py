"""The invented railway: one set of facts that every document agrees on."""
