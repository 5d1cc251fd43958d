"""The code of the pipeline: plain Python that knows nothing of reprocc."""
