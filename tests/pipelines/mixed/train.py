import argparse
import json
import os
import pickle
import random

import pyarrow.parquet as pq

parser = argparse.ArgumentParser()
parser.add_argument("table")
parser.add_argument("model")
parser.add_argument("--arguments")
options = parser.parse_args()
random.seed(int(os.environ["REPROCC_SEED"]))
with open("params.json") as file:
    bias = json.load(file)["bias"]
with open(options.arguments) as file:
    width = json.load(file)["width"]
values = pq.read_table(options.table)["n"].to_pylist()
with open(options.model, "wb") as file:
    model = {"options": vars(options), "mean": sum(values) / width + bias + random.random()}
    pickle.dump(model, file)
