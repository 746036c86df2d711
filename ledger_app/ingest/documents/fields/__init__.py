"""What single fields say: a deadline, a list of units, a status, a publicity period."""
