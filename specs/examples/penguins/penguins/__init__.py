"""Tell a penguin's species from its measurements. Plain code: nothing here knows of reprocc."""
