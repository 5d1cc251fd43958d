import json
import pickle
import sys

with open(sys.argv[1], "rb") as file:
    print(json.dumps({"score": round(pickle.load(file)["mean"], 3)}))
