"""The verbs: what can be done with visits, people, bookings and notices."""
