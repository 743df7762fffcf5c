"""Who the customers are and how they decide: rules, state, and the compiled day made of them.

Customers never look at the retailer's insides: they see today's offer and reach, which are arrays.
"""
