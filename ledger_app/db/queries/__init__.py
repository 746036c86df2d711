"""Read models in SQL, one module a subject."""
