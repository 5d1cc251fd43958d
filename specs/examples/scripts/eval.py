"""Tell the cultivar of the rows set aside, and write how often that was right."""

import argparse
import json
import pickle

import pandas as pd


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input_path", required=True)
    parser.add_argument("--model_path", required=True)
    parser.add_argument("--metrics_path", required=True)
    args = parser.parse_args()

    wine = pd.read_csv(args.input_path)
    test = wine[wine["is_test"]]
    with open(args.model_path, "rb") as file:
        forest = pickle.load(file)
    told = forest.predict(test.drop(columns=["cultivar", "is_test"]).to_numpy())
    right = int((told == test["cultivar"]).sum())
    with open(args.metrics_path, "w") as file:
        json.dump({"right": right, "of": len(test), "accuracy": right / len(test)}, file)


if __name__ == "__main__":
    main()
