import argparse

import columns
from shared import names

if __name__ == "__main__":
    import numpy

    print(argparse, columns, names, numpy)
