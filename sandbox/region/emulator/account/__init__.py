"""The account's own services: budgets, AWS's managed policies, and the search by tag."""
