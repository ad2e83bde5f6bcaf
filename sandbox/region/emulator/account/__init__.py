"""What belongs to the account as a whole: budgets, AWS's managed policies, and the search by tag."""
