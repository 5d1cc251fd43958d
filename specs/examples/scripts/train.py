"""Grow a random forest and pickle it."""

import argparse
import pickle

import pandas as pd
from sklearn.ensemble import RandomForestClassifier


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input_path", required=True)
    parser.add_argument("--model_path", required=True)
    parser.add_argument("--trees", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    wine = pd.read_csv(args.input_path)
    train = wine[~wine["is_test"]]
    forest = RandomForestClassifier(n_estimators=args.trees, random_state=args.seed)
    forest.fit(train.drop(columns=["cultivar", "is_test"]).to_numpy(), train["cultivar"].to_numpy())
    with open(args.model_path, "wb") as file:
        pickle.dump(forest, file)


if __name__ == "__main__":
    main()
