"""English, as pages write it."""
