"""Late departures from New York. Plain code: nothing here knows of reprocc."""
