"""Tell handwritten digits apart. Plain code: nothing here knows of reprocc."""
